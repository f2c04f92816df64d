#!/usr/bin/env python3
"""Looks for the browser that the page tests drive; installs Debian's when it is missing and this is root."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main():
    """Return 0 in every case: without a browser the page tests say themselves that it is missing."""
    if any(shutil.which(name) for name in NAMES):
        return 0
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        print("The page tests need a browser: install `chromium` (Debian and Ubuntu: apt-get install chromium).",
              file=sys.stderr)
        return 0
    print("chromium for the page tests, about 300 MB, with apt-get", flush=True)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
             "env": dict(os.environ, DEBIAN_FRONTEND="noninteractive")}
    for command in (["apt-get", "update", "-qq"],
                    ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"]):
        if subprocess.call(command, **quiet) != 0:
            print("`{}` did not work: the page tests will say that there is no browser.".format(" ".join(command)),
                  file=sys.stderr)
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

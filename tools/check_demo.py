"""Checks `make demo`: it serves, its links sign in, portfolio and relation are shown, it stops; and the page it wrote is
there, whole, without script and with nothing from elsewhere.

    python tools/check_demo.py var/demo.html
"""

from __future__ import annotations

import http.cookiejar
import pathlib
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path


def faults(page: str) -> list[str]:
    """What is wrong with the page, one sentence each; nothing when it is as promised."""
    found = []
    if "</html>" not in page.lower():
        found.append("the page is cut off: it does not end in </html>")
    if re.search(r"<script\b", page, re.IGNORECASE):
        found.append("the page holds a script; it should work without")
    outside = re.findall(r"""(?:src|href)\s*=\s*["'](?:https?:)?//[^"']+""", page, re.IGNORECASE)
    if outside:
        found.append(f"the page points outside itself: {outside[0]}")
    if "berk.example" not in page:
        found.append("the page does not name berk.example, whose relations it should show")
    return found


ROLES = ("owner", "reader")
"""Whose sign-in links the demo prints."""


def served() -> list[str]:
    """What is wrong with the application as `make demo` serves it: started, signed in by each link, looked at, stopped."""
    process = subprocess.Popen([str(pathlib.Path(sys.executable).with_name("evenwicht")), "demo", "--serve"], stdout=subprocess.PIPE, text=True)
    found: list[str] = []
    try:
        links = []
        for line in process.stdout or ():
            print(line, end="", flush=True)
            match = re.match(rf"({'|'.join(ROLES)}): (http\S+)", line)
            links += [match[2]] if match else []
            if len(links) == len(ROLES):
                break
        if len(links) != len(ROLES):
            return ["the demo ended before it printed its sign-in links"]
        base = "/".join(links[0].split("/")[:3])
        urllib.request.urlopen(f"{base}/readyz", timeout=10).close()  # noqa: S310  our own address; anything but 200 raises
        for link in links:
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
            portfolio = browser.open(link, timeout=30).read().decode()
            if "12 relations" not in portfolio:
                found.append("the portfolio does not show its 12 relations")
            relation = browser.open(f"{base}/relations/berk.example/visser.example/", timeout=30).read().decode()
            if "Visser Logistiek" not in relation:
                found.append("the page of a relation does not name its two sides")
    except (OSError, urllib.error.URLError) as error:
        found.append(f"the application does not answer: {error}")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            found.append("the demo did not stop when it was asked to")
        if process.stdout:
            process.stdout.close()
    return found


def main(path: Path) -> int:
    """Print one sentence; returns the exit code."""
    wrong = served()
    for fault in wrong:
        print(f"make demo: {fault}.", file=sys.stderr)
    if not path.is_file():
        print(f"{path} is not there: `evenwicht demo` should have written it.", file=sys.stderr)
        return 1
    found = faults(path.read_text(encoding="utf-8"))
    for fault in found:
        print(f"{path}: {fault}.", file=sys.stderr)
    if not found and not wrong:
        print(f"{path}: whole, {path.stat().st_size // 1000:,} kB, no script, nothing from elsewhere.")
        print("served: ready, both links sign in, portfolio and relation shown, stopped.")
    return 1 if found or wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

#!/usr/bin/env python3
"""Resolves the locked versions again: names, versions and hashes, no addresses.

`requirements-spark.lock` is the same environment with pyspark; it takes the versions of `requirements.lock` except
for pandas, of which pyspark needs an older one. `requirements-peers.lock` is what the benchmarks run beside Evenwicht, in
an environment of its own, with the same versions of what both need.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
UV = TOP / ".uv" / "bin" / "uv"
RESOLVE = (
    str(UV), "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header", "--no-annotate",
    "--python-version", "3.11", "pyproject.toml",
)
OURS = ("--group", "dev", "--extra", "web")
UNUSED_BY_PEERS = ("accelerate", "datasets", "evaluate", "sentence-transformers", "torch", "transformers")
"""Gigabytes that convokit asks for and that its measure of talk time never loads."""


def main():
    """Write both locks; returns the exit code."""
    if not UV.exists():
        print("The locks are resolved with uv, which could not be installed here.", file=sys.stderr)
        return 1
    plain = TOP / "requirements.lock"
    # --upgrade on the plain lock only when asked for; the file as it stands is the preference
    subprocess.check_call([*RESOLVE, *OURS, *sys.argv[1:], "-o", plain.name], cwd=str(TOP))
    kept = [line.split(" \\")[0] for line in plain.read_text().splitlines()
            if re.match(r"^[A-Za-z0-9_.-]+==", line) and not line.startswith("pandas==")]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.write("\n".join(kept) + "\n")
        constraints.flush()
        subprocess.check_call(
            [*RESOLVE, *OURS, "--extra", "spark", "--constraint", constraints.name, "-o", "requirements-spark.lock"],
            cwd=str(TOP),
        )
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as left_out:
            left_out.writelines(f"{name} ; python_version < '3'\n" for name in UNUSED_BY_PEERS)
            left_out.flush()
            subprocess.check_call(
                [*RESOLVE, "--group", "peers", "--constraint", constraints.name, "--override", left_out.name,
                 "-o", "requirements-peers.lock"], cwd=str(TOP),
            )
    for lock in TOP.glob("requirements*.lock"):
        if re.search(r"https?://|--(extra-)?index-url|--find-links", lock.read_text()):
            print(f"{lock.name} holds an address; it may hold names, versions and hashes only.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Checks the page that `make demo` wrote: it is there, it is whole, it holds no script and nothing from elsewhere.

    python tools/check_demo.py var/demo.html
"""

from __future__ import annotations

import re
import sys
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


def main(path: Path) -> int:
    """Print one sentence; returns the exit code."""
    if not path.is_file():
        print(f"{path} is not there: `evenwicht demo` should have written it.", file=sys.stderr)
        return 1
    found = faults(path.read_text(encoding="utf-8"))
    for fault in found:
        print(f"{path}: {fault}.", file=sys.stderr)
    if not found:
        print(f"{path}: whole, {path.stat().st_size // 1000:,} kB, no script, nothing from elsewhere.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

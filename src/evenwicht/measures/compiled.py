"""The two ways in which kernels are compiled, and a guard against compiled copies that have gone stale.

Numba keeps compiled functions beside the source and looks only at the file of the function itself: after a change in
`filter.py` it would go on using what `smooth.py` had compiled of it. So the first import after a change in any file of
this folder that holds kernels forgets all compiled copies of the folder.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numba as nb

compiled = nb.njit(cache=True, nogil=True, error_model="numpy")
"""Plain float64 arithmetic, division by zero gives inf as in NumPy, no lock held."""

straight = nb.njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
"""The same, for loops that become vector instructions: a · b + c may be rounded once. NaN and order stay as written."""

inlined = nb.njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"}, forceinline=True)
"""The same, for what stands inside such a loop: a call would keep the loop from becoming vector instructions."""

_STAMP = "kernels.sha256"
_MARK = b"measures.compiled import"
"""A file with this line holds kernels."""


def forget_stale(folder: Path) -> bool:
    """Deletes the compiled copies in `folder/__pycache__` unless they belong to the sources; gives whether it did.

    A folder that cannot be written holds no copies either (Numba keeps them elsewhere then).
    """
    kept = folder / "__pycache__"
    sources = [text for text in (path.read_bytes() for path in sorted(folder.glob("*.py"))) if _MARK in text]
    stamp = hashlib.sha256(b"".join(sources)).hexdigest()
    try:
        kept.mkdir(exist_ok=True)
        known = kept / _STAMP
        if known.exists() and known.read_text() == stamp:
            return False
        for index in kept.glob("*.nbi"):
            index.unlink(missing_ok=True)
        known.write_text(stamp)
    except OSError:
        return False
    return True


forget_stale(Path(__file__).parent)

"""Evenwicht beside what one would use instead, each in one run with it.

The linear algebra under NumPy and SciPy reads its settings when it is loaded: one thread, so that processor time is what the
work took and not what threads spent waiting for each other; and for the processor that is there, not one it was told of.
"""

import os
import sys

if "numpy" not in sys.modules:
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

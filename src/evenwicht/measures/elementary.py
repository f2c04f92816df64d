"""exp and log written out in additions and multiplications, so that a loop over grid points runs in vector registers.

Both are float64 with an error of about one unit in the last place over the range the filter uses. `math.exp` in such a
loop is a call to the C library per number, five to eight times slower. Scalars in, scalars out.

Sources: argument reduction after W. J. Cody and W. Waite, "Software Manual for the Elementary Functions" (1980); the
coefficients of `log` are those of the minimax polynomial of FreeBSD's msun `e_log.c`.
"""

from __future__ import annotations

import numpy as np

from evenwicht.measures.compiled import inlined

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_ROUND = 6755399441055744.0
"""1.5 · 2^52: adding it leaves the nearest integer in the low bits of the mantissa, as two's complement."""

_ROOT2 = 1.4142135623730951

_L1 = 6.666666666666735130e-01
_L2 = 3.999999999940941908e-01
_L3 = 2.857142874366239149e-01
_L4 = 2.222219843214978396e-01
_L5 = 1.818357216161805012e-01
_L6 = 1.531383769920937332e-01
_L7 = 1.479819860511658591e-01


@inlined
def exp(x: float) -> float:
    """e^x for x <= 700; below -700 it is e^-700, which is as good as zero where it is used and never a denormal."""
    y = np.float64(max(x, -700.0))
    shifted = np.float64(y * _LOG2_E + _ROUND)
    whole = shifted - _ROUND
    r = (y - whole * _LN2_HIGH) - whole * _LN2_LOW
    # Taylor of order 12 on |r| <= ln2/2: the first term left out is 2e-16. Paired (Estrin), not nested: the processor
    # then works on several terms at once.
    r2 = r * r
    r4 = r2 * r2
    low = (0.5 + r * (1.0 / 6.0)) + (1.0 / 24.0 + r * (1.0 / 120.0)) * r2
    middle = (1.0 / 720.0 + r * (1.0 / 5040.0)) + (1.0 / 40320.0 + r * (1.0 / 362880.0)) * r2
    high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) + (1.0 / 479001600.0) * r2
    value = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)))
    # Multiplying by 2^whole = adding `whole` to the exponent, eleven bits from the top.
    scale = np.int64((np.int64(np.float64(shifted).view(np.int64)) << 52) + np.int64(0x3FF0000000000000))
    return value * np.int64(scale).view(np.float64)


@inlined
def log(x: float) -> float:
    """Natural logarithm of a normal x > 0."""
    bits = np.int64(np.float64(x).view(np.int64))
    # The exponent as a number, by the mantissa of 2^52; then the mantissa between 1 and 2.
    whole = np.int64(((bits >> 52) & np.int64(0x7FF)) | np.int64(0x4330000000000000)).view(np.float64) - (4503599627370496.0 + 1023.0)
    mantissa = np.int64((bits & np.int64(0x000FFFFFFFFFFFFF)) | np.int64(0x3FF0000000000000)).view(np.float64)
    far = mantissa > _ROOT2
    f = 0.5 * mantissa - 1.0 if far else mantissa - 1.0
    k = whole + 1.0 if far else whole
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    r = z * ((_L1 + z * _L2) + z2 * ((_L3 + z * _L4) + z2 * ((_L5 + z * _L6) + z2 * _L7)))
    half = 0.5 * f * f
    return k * _LN2_HIGH - ((half - (s * (half + r) + k * _LN2_LOW)) - f)

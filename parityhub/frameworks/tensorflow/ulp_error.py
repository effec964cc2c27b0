"""Errors in units in the last place."""

from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.protocol import Ulp
from parityhub.errors import UsageError

Values = npt.NDArray[Any]

DIGITS = {"float16": 11, "bfloat16": 8, "float32": 24, "float64": 53}
"""significant bits of each dtype"""
SMALLEST = {"float16": -14, "bfloat16": -126, "float32": -126, "float64": -1022}
"""exponent of the smallest normal number"""


def find_wide(dtype: str) -> type[np.floating[Any]]:
    """Return the dtype of references."""
    return np.longdouble if dtype == "float64" else np.float64


def compare_ulps(result: Values, exact: Values, dtype: str) -> Ulp:
    """Return the largest and RMS difference in ULP of the exact results, of normal ones alone.

    Infinite where a result is not finite and should be.
    """
    wide = exact.dtype.type
    _, exponents = np.frexp(exact)
    largest = 2 - SMALLEST[dtype]
    normal = (exponents > SMALLEST[dtype]) & (exponents < largest)
    normal &= (exact != 0) & np.isfinite(exact)
    unit = np.ldexp(wide(1), np.where(normal, exponents, 0) - DIGITS[dtype])
    with np.errstate(invalid="ignore"):
        ulps = np.abs(result.astype(wide) - exact) / unit
    measured = ulps[normal]
    if not measured.size:
        raise UsageError(f"no result is a normal {dtype}", hint="measure over another grid")
    measured = np.where(np.isnan(measured), np.inf, measured)
    return Ulp(max=float(measured.max()), rms=float(np.sqrt(np.mean(np.square(measured)))))

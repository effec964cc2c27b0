"""How far repeats of one computation lie apart."""

from collections.abc import Sequence

import numpy as np

from parityhub.frameworks.tensorflow.arrays import Array


def measure_spread(repeats: Sequence[Array]) -> float:
    """Return the largest |difference| of a repeat from the first; equal ones, NaN too, are 0.

    Infinite where a repeat is finite in a place and another is not.
    """
    first, spread = np.asarray(repeats[0]), 0.0
    for other in repeats[1:]:
        wide = np.complex128 if np.iscomplexobj(first) else np.float64
        a, b = first.astype(wide), other.astype(wide)
        with np.errstate(invalid="ignore", over="ignore"):
            apart = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.abs(a - b))
        apart = np.where(np.isnan(apart), np.inf, apart)
        spread = max(spread, float(apart.max(initial=0.0)))
    return spread

"""How many floats of their own dtype two numbers lie apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

THRESHOLDS = (0, 1, 2, 4, 16, 256, 65536)


@dataclass(frozen=True)
class UlpDistances:
    """Distances counted in floats: 0 between equal numbers (0 and -0 too), 1 to a neighbour."""

    max: int
    over: tuple[tuple[int, float], ...]
    """(distance, share of the elements that are further apart than that)"""


@dataclass(frozen=True)
class UlpCount:
    """Distances of a block."""

    elements: int
    max: int
    over: tuple[int, ...]
    """elements beyond each of THRESHOLDS"""


def count_ulps(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> UlpCount:
    """Count distances by threshold.

    Args:
        left: (elements,), bits of finite floats as signed integers (int16, int32 or int64).
        right: likewise.
    """
    distances = measure_ulps(left, right)
    largest = int(distances.max()) if distances.size else 0
    over = tuple(
        int(np.count_nonzero(distances > limit)) if limit < largest else 0 for limit in THRESHOLDS
    )
    return UlpCount(distances.size, largest, over)


def measure_ulps(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return distances in ULP, (elements,); of the integers' width, unsigned where signs differ."""
    signs = left ^ right
    if signs.size == 0 or signs.min() >= 0:
        return np.asarray(np.abs(np.subtract(left, right, out=signs), out=signs))
    sizes = np.iinfo(left.dtype).max
    unsigned = np.dtype(f"u{left.dtype.itemsize}")
    one, other = (left & sizes).view(unsigned), (right & sizes).view(unsigned)
    apart = np.maximum(one, other) - np.minimum(one, other)
    # From a number to one of the other sign the way leads over 0.
    return np.asarray(np.where(signs >= 0, apart, one + other))


def gather_ulps(counts: Sequence[UlpCount]) -> UlpDistances | None:
    """Gather the blocks' counts; None: they hold no element."""
    elements = sum(count.elements for count in counts)
    if elements == 0:
        return None
    totals = (sum(column) for column in zip(*(count.over for count in counts), strict=True))
    over = tuple((limit, total / elements) for limit, total in zip(THRESHOLDS, totals, strict=True))
    return UlpDistances(max(count.max for count in counts), over)

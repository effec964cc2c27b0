"""Percentiles of magnitudes from a histogram whose bins are spaced by the floats' own bits."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

STEPS = 32
"""bins from one power of 2 to the next"""
BIN_WIDTH = 1 / STEPS
"""How much wider than its lower edge a bin's upper edge is, at most; below 2.2e-308 more."""
SHIFT = 52 - STEPS.bit_length() + 1
"""bits of a float64 that tell places within a bin"""
BINS = 2047 * STEPS + 1
"""the last is that of infinity"""


@dataclass(frozen=True)
class Percentile:
    """The least magnitude that a share of all magnitudes do not exceed (nearest rank)."""

    share: float
    low: float
    """it is this or more"""
    high: float
    """and less than this, or infinite"""

    @property
    def value(self) -> float:
        """The middle of the bin: within half of BIN_WIDTH of the percentile, relative to it."""
        return self.low + (self.high - self.low) / 2 if self.low else 0.0


def count_magnitudes(magnitudes: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Count magnitudes by bin.

    Args:
        magnitudes: (elements,), contiguous, 0 or more, infinity included, no NaN.

    Returns:
        (BINS,).
    """
    # Sign, exponent and mantissa follow one another: magnitudes order as their bits do.
    return np.bincount(magnitudes.view(np.int64) >> SHIFT, minlength=BINS)


def find_percentiles(counts: npt.NDArray[np.int64], shares: Sequence[float]) -> list[Percentile]:
    """Return percentiles of what was counted; counts: (BINS,), at least one of them above 0."""
    below = np.cumsum(counts)
    edges = (np.arange(BINS + 1, dtype=np.int64) << SHIFT).view(np.float64)
    found = []
    for share in shares:
        rank = max(1, ceil(share * int(below[-1])))
        place = int(np.searchsorted(below, rank))
        high = float("inf") if place == BINS - 1 else float(edges[place + 1])
        found.append(Percentile(share, float(edges[place]), high))
    return found

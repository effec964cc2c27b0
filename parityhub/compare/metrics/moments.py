"""Means, variances and covariance of two arrays, streamed: cosine, correlation and slope."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from parityhub.compare.metrics.blocks import sum_products

FLAT = 64 * 2.0**-53
"""A standard deviation of at most so much of the mean is what float64's own rounding makes of a
constant."""
CANCELLED = 1000
"""Sums of squares about 0 that are so many times those about the mean are not subtracted from."""
SAFE_LOW, SAFE_HIGH = 1e-250, 1e250


@dataclass(frozen=True)
class Likeness:
    """How one array goes with its reference."""

    cosine: float | None
    """Re <left, right> / (|left| |right|); None: one of them is 0 throughout"""
    correlation: float | None
    """Pearson's, of complex numbers the real part; None: one of them is constant"""
    slope: float | None
    """of the least-squares line from reference to array, so that 2X against X gives 2; None: the
    reference is constant, or the slope is beyond float64"""


class Moments(NamedTuple):
    """Of real numbers: sums of products are about the means."""

    elements: int
    left_mean: float
    right_mean: float
    left: float
    right: float
    both: float


def take_moments(left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> Moments:
    """Take the moments of a block, (elements,) each; both may be written over."""
    if left.size == 0:
        return Moments(0, 0.0, 0.0, 0.0, 0.0, 0.0)
    size = left.size
    one, other = float(left.sum()) / size, float(right.sum()) / size
    powers = _multiply(left, right)
    spreads = powers[0] - size * one * one, powers[1] - size * other * other
    if all(CANCELLED * s > p for s, p in zip(spreads, powers[:2], strict=True)):
        return Moments(size, one, other, *spreads, powers[2] - size * one * other)
    # The means are so large that the differences lose too much.
    left -= one
    right -= other
    return Moments(size, one, other, *_multiply(left, right))


def _multiply(
    left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]
) -> tuple[float, float, float]:
    return sum_products(left, left), sum_products(right, right), sum_products(left, right)


def join_moments(parts: Sequence[Moments]) -> Moments:
    """Join the moments of blocks (Chan, Golub & LeVeque 1979, for pairs of sets)."""
    joined = parts[0]
    for part in parts[1:]:
        elements = joined.elements + part.elements
        if part.elements == 0 or joined.elements == 0:
            joined = part if joined.elements == 0 else joined
            continue
        left, right = part.left_mean - joined.left_mean, part.right_mean - joined.right_mean
        weight = joined.elements * part.elements / elements
        joined = Moments(
            elements,
            joined.left_mean + left * part.elements / elements,
            joined.right_mean + right * part.elements / elements,
            joined.left + part.left + left * left * weight,
            joined.right + part.right + right * right * weight,
            joined.both + part.both + left * right * weight,
        )
    return joined


def are_safe(planes: Sequence[Moments]) -> bool:
    """Whether no sum of squares overflowed, or came so low that squares may have vanished."""
    squares = [_add_squares(planes, side) for side in ("left", "right")]
    return all(SAFE_LOW < square < SAFE_HIGH for square in squares)


def measure_likeness(planes: Sequence[Moments], scales: tuple[float, float]) -> Likeness:
    """Return cosine, correlation and slope.

    Args:
        planes: the moments of real numbers, or of complex ones' real and imaginary parts.
        scales: what left and right had been multiplied by.
    """
    left, right = (_add_squares(planes, side) for side in ("left", "right"))
    product = sum(p.both + p.elements * p.left_mean * p.right_mean for p in planes)
    left_spread, right_spread = (_add_spreads(planes, side) for side in ("left", "right"))
    both = sum(plane.both for plane in planes)
    slope = both / right_spread * (scales[1] / scales[0]) if right_spread else None
    return Likeness(
        cosine=_clip(product / sqrt(left) / sqrt(right)) if left and right else None,
        correlation=_clip(both / sqrt(left_spread) / sqrt(right_spread))
        if left_spread and right_spread
        else None,
        slope=slope if slope is not None and isfinite(slope) else None,
    )


def _add_squares(planes: Sequence[Moments], side: str) -> float:
    """Return the sum of squares about 0."""
    means = [getattr(plane, f"{side}_mean") for plane in planes]
    pairs = zip(planes, means, strict=True)
    return float(sum(getattr(p, side) + p.elements * mean * mean for p, mean in pairs))


def _add_spreads(planes: Sequence[Moments], side: str) -> float:
    """Return the sum of squares about the means; 0 where it is no more than rounding."""
    spread = float(sum(getattr(plane, side) for plane in planes))
    noise = sum(plane.elements * (FLAT * getattr(plane, f"{side}_mean")) ** 2 for plane in planes)
    return spread if spread > noise else 0.0


def _clip(likeness: float) -> float:
    return max(-1.0, min(1.0, likeness))

"""Distances between arrays, and what an array's values span: in blocks, in float64."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

BLOCK = 1 << 16
"""elements that are held at a time"""


@dataclass(frozen=True)
class Distance:
    """How far two arrays of finite numbers are apart. inf: beyond float64."""

    max_abs: float
    rms: float
    mean: float


@dataclass(frozen=True)
class Span:
    """What an array's values span."""

    scale: float
    """largest |element| of those that are finite"""
    variation: float
    """half of what the finite elements span, from the least to the largest, the real or the
    imaginary parts; 0: constant"""
    nonfinite: int


def measure_distance(left: Array, right: Array) -> Distance:
    """Measure |left - right| over arrays of the same shape: largest, root mean square and mean.

    Args:
        left: numbers or booleans, finite, of any order in memory, mapped or not.
        right: the same.

    Raises:
        ValueError: the shapes differ, or there are no elements.
    """
    if left.shape != right.shape or not left.size:
        raise ValueError(f"no distance between shapes {left.shape} and {right.shape}")
    peak, power, total = 0.0, 0.0, 0.0
    with np.errstate(all="ignore"):
        for a, b in iterate_blocks(left, right):
            apart = np.abs(a - b)
            top = float(apart.max())
            if not top < inf:
                return Distance(inf, inf, inf)
            if top > peak:
                # Sums are kept relative to the largest so far: they neither overflow nor vanish.
                power, total = power * (peak / top) ** 2, total * (peak / top)
                peak = top
            if peak:
                apart /= peak
                power += float(np.square(apart).sum())
                total += float(apart.sum())
    return Distance(peak, peak * sqrt(power / left.size), peak * (total / left.size))


def measure_errors(
    tensorflow: Array, pytorch: Array, referees: tuple[Array, Array]
) -> tuple[float, float, float]:
    """Measure each side's largest distance from the referee, and how far that one's two runs are.

    The referee is the mean of the two float64 runs, so that neither framework is its own judge.

    Args:
        tensorflow: one side's output, finite.
        pytorch: the other's, of the same shape.
        referees: the float64 outputs of TensorFlow and PyTorch, of the same shape.

    Returns:
        the error of TensorFlow, that of PyTorch, and the largest difference of the referees.
    """
    worst = [0.0, 0.0, 0.0]
    with np.errstate(all="ignore"):
        for a, b, one, other in iterate_blocks(tensorflow, pytorch, *referees):
            referee = one + (other - one) / 2
            for place, apart in enumerate((a - referee, b - referee, one - other)):
                top = float(np.abs(apart).max())
                worst[place] = max(worst[place], top if top < inf else inf)
    return worst[0], worst[1], worst[2]


def measure_span(array: Array) -> Span:
    """Measure what an array's finite values span, and count the others."""
    lows, highs, scale, nonfinite = [inf, inf], [-inf, -inf], 0.0, 0
    with np.errstate(all="ignore"):
        for (block,) in iterate_blocks(array):
            finite = block[np.isfinite(block)]
            nonfinite += block.size - finite.size
            if not finite.size:
                continue
            scale = max(scale, float(np.abs(finite).max()))
            for part, values in enumerate((finite.real, finite.imag)):
                lows[part] = min(lows[part], float(values.min()))
                highs[part] = max(highs[part], float(values.max()))
    spans = [high / 2 - low / 2 for low, high in zip(lows, highs, strict=True) if high >= low]
    return Span(scale, max(spans, default=0.0), nonfinite)


def iterate_blocks(*arrays: Array) -> Iterator[tuple[Array, ...]]:
    """Walk arrays of the same shape together, in blocks of float64 or complex128, or wider.

    Holds no more than a block of each, whatever their order in memory.
    """
    if not arrays[0].size:
        return
    wide = [_widen(array.dtype) for array in arrays]
    with np.nditer(
        list(arrays),
        flags=["external_loop", "buffered"],
        op_flags=[["readonly"]] * len(arrays),
        op_dtypes=wide,
        casting="unsafe",
        buffersize=BLOCK,
    ) as walk:
        for blocks in walk:
            yield blocks if isinstance(blocks, tuple) else (blocks,)


def _widen(dtype: np.dtype[Any]) -> np.dtype[Any]:
    if dtype.kind in "iu" and dtype.itemsize == 8:
        # Float64 takes 2**60 and 2**60 + 1 for the same.
        return np.dtype(np.longdouble)
    return np.result_type(dtype, np.float64)

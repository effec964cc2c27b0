"""The first numbers of two arrays: how far they are apart, where most, and what is not finite."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parityhub.capture.blocks import SMALL
from parityhub.compare.metrics.blocks import (
    Index,
    Pair,
    map_blocks,
    pair_arrays,
    sum_products,
    sum_values,
)
from parityhub.compare.metrics.numbers import (
    load_numbers,
    measure_distance,
    measure_magnitude,
    name_dtype,
)

LOW, HIGH = 1e-13, 1e17
"""Between them float32 squares a largest error, and sums 1024 such, without loss."""


@dataclass(frozen=True)
class Element:
    """One element of both arrays."""

    index: Index
    left: float | int | complex
    right: float | int | complex
    error: float


@dataclass(frozen=True)
class Errors:
    """Errors over `count` elements, each a magnitude; infinite where beyond float64."""

    count: int
    max: float | None
    """None, and so the next: there is no element"""
    mean: float | None
    rms: float | None
    worst: Element | None
    """one with the largest error"""


@dataclass(frozen=True)
class Nonfinite:
    """Where elements are NaN or infinite. A complex number with a NaN in it is NaN."""

    nan_left: int
    nan_right: int
    infinite_left: int
    infinite_right: int
    both: int
    """places where neither is finite"""
    disagreeing: int
    """places where only one is finite, or one is NaN and one infinite, or the infinities differ"""
    first: Index | None
    """where the first lies, in the order of reading"""
    first_disagreeing: Index | None


@dataclass(frozen=True)
class Screening:
    """How an array differs from its reference, over the elements that are finite in both."""

    shape: tuple[int, ...]
    left_dtype: str
    right_dtype: str
    compared: int
    """elements that are finite in both"""
    unequal: int
    """of those compared, the ones that differ at all; 0 and -0 do not"""
    absolute: Errors
    """|left - right|"""
    relative: Errors
    """|left - right| / |right|, over the elements whose reference is not 0"""
    zero_reference: int
    """compared elements whose reference is 0: they have no relative error"""
    zero_reference_unequal: int
    """those of them where left is not 0"""
    overflows: int
    """compared elements whose absolute or relative error is beyond float64"""
    nonfinite: Nonfinite


class _Sums(NamedTuple):
    """Errors of a block, relative to their peak: so no square overflows or vanishes."""

    elements: int
    peak: float
    total: float
    squares: float


class _Counts(NamedTuple):
    compared: int = 0
    unequal: int = 0
    zero_reference: int = 0
    zero_reference_unequal: int = 0
    overflows: int = 0
    nan_left: int = 0
    nan_right: int = 0
    infinite_left: int = 0
    infinite_right: int = 0
    both: int = 0
    disagreeing: int = 0


class _Found(NamedTuple):
    """What a block holds."""

    start: int
    stop: int
    counts: _Counts
    absolute: _Sums
    relative: _Sums
    first: int | None = None
    first_disagreeing: int | None = None


def screen_arrays(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Screening:
    """Compare an array with its reference, in one reading and in constant memory.

    Errors are those of the numbers as stored: nothing is cast to a dtype that is narrower than
    float64, integers are subtracted as integers, complex numbers count by the magnitude of their
    difference. Blocks of float32 (float16, bfloat16) without anything not finite are reckoned in
    float32: the largest error is then within 2^-24 of itself, and mean and RMS are within 1e-4
    (proven; measured: 1e-6).

    Args:
        left: numeric, any shape; may be mapped from a file.
        right: the reference: of the same shape; its dtype may be another.

    Raises:
        EvidenceError: the shapes differ, or an array holds no numbers.
    """
    pair = pair_arrays(left, right)
    blocks = map_blocks(lambda start, stop: _screen_block(pair, start, stop), pair.size)
    counts = _Counts(*(sum(column) for column in zip(*(b.counts for b in blocks), strict=True)))
    first = next((b.first for b in blocks if b.first is not None), None)
    parted = next((b.first_disagreeing for b in blocks if b.first_disagreeing is not None), None)
    return Screening(
        shape=pair.shape,
        left_dtype=name_dtype(left.dtype),
        right_dtype=name_dtype(right.dtype),
        compared=counts.compared,
        unequal=counts.unequal,
        absolute=_gather(pair, blocks, relative=False),
        relative=_gather(pair, blocks, relative=True),
        zero_reference=counts.zero_reference,
        zero_reference_unequal=counts.zero_reference_unequal,
        overflows=counts.overflows,
        nonfinite=Nonfinite(
            nan_left=counts.nan_left,
            nan_right=counts.nan_right,
            infinite_left=counts.infinite_left,
            infinite_right=counts.infinite_right,
            both=counts.both,
            disagreeing=counts.disagreeing,
            first=None if first is None else pair.find_index(first),
            first_disagreeing=None if parted is None else pair.find_index(parted),
        ),
    )


def _screen_block(pair: Pair, start: int, stop: int) -> _Found:
    left, right = (load_numbers(block) for block in pair.read(start, stop))
    if left.dtype == right.dtype == np.float32:
        found = _screen_singles(left, right, start)
        if found is not None:
            return found
    return _screen_all(left, right, start)


def _screen_singles(
    left: npt.NDArray[np.float32], right: npt.NDArray[np.float32], start: int
) -> _Found | None:
    """Screen in float32; None: the block holds what float32 cannot reckon with."""
    error = left - right
    peak = float(np.abs(error, out=error).max())
    if not LOW < peak < HIGH and peak != 0:
        return None
    ratio, size, zeros, zeros_unequal = error / right, left.size, 0, 0
    ratio_peak = float(np.abs(ratio, out=ratio).max())
    if not isfinite(ratio_peak):
        zero = right == 0
        zeros, zeros_unequal = _count(zero), _count(error[zero])
        np.copyto(ratio, 0, where=zero)
        ratio_peak = float(ratio.max())
    if not LOW < ratio_peak < HIGH and ratio_peak != 0:
        return None
    return _Found(
        start,
        start + size,
        _Counts(size, _count(error > 0), zeros, zeros_unequal),
        _sum_singles(error, peak, size),
        _sum_singles(ratio, ratio_peak, size - zeros),
    )


def _sum_singles(errors: npt.NDArray[np.float32], peak: float, elements: int) -> _Sums:
    if peak == 0:
        return _Sums(elements, 0.0, 0.0, 0.0)
    total, squares = sum_values(errors), sum_products(errors, errors)
    return _Sums(elements, peak, total / peak, squares / peak**2)


def _screen_all(left: npt.NDArray[Any], right: npt.NDArray[Any], start: int) -> _Found:
    """Screen whatever the block holds, in float64."""
    finite = np.isfinite(left) & np.isfinite(right)
    counts, first, parted, stop = _Counts(), None, None, start + left.size
    if not finite.all():
        counts, first, parted = _place_nonfinite(left, right, finite, start)
        left, right = left[finite], right[finite]
    error, ratio, usable = _measure_errors(left, right)
    zeros = _count(~usable)
    ratio = ratio if zeros == 0 else ratio[usable]
    beyond = np.isinf(error)
    beyond[usable] |= np.isinf(ratio)
    counts = counts._replace(
        compared=left.size,
        unequal=_count(left != right),
        zero_reference=zeros,
        zero_reference_unequal=_count(left[~usable]) if zeros else 0,
        overflows=_count(beyond),
    )
    return _Found(start, stop, counts, _sum_errors(error), _sum_errors(ratio), first, parted)


def _count(marked: npt.NDArray[Any]) -> int:
    return int(np.count_nonzero(marked))


def _measure_errors(
    left: npt.NDArray[Any], right: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return the absolute errors, the relative ones, and where these have a meaning."""
    error, magnitude = measure_distance(left, right), measure_magnitude(right)
    ratio = error / magnitude
    far = np.isinf(magnitude)
    if far.any():
        # Of finite complex numbers at the edge of float64; a long double may lie beyond it.
        quarter = measure_magnitude(right[far] / 4)
        ratio[far] = np.where(np.isinf(quarter), inf, error[far] / 4 / quarter)
    return error, ratio, np.asarray(right != 0)


def _place_nonfinite(
    left: npt.NDArray[Any], right: npt.NDArray[Any], finite: npt.NDArray[np.bool_], start: int
) -> tuple[_Counts, int, int | None]:
    nans = np.isnan(left), np.isnan(right)
    infinite = ~np.isfinite(left) & ~nans[0], ~np.isfinite(right) & ~nans[1]
    alike = (nans[0] & nans[1]) | (infinite[0] & infinite[1] & (left == right))
    parted = ~finite & ~alike
    counts = _Counts(
        nan_left=_count(nans[0]),
        nan_right=_count(nans[1]),
        infinite_left=_count(infinite[0]),
        infinite_right=_count(infinite[1]),
        both=_count(~np.isfinite(left) & ~np.isfinite(right)),
        disagreeing=_count(parted),
    )
    first_parted = start + int(parted.argmax()) if counts.disagreeing else None
    return counts, start + int(finite.argmin()), first_parted


def _sum_errors(errors: npt.NDArray[np.float64]) -> _Sums:
    peak = float(errors.max()) if errors.size else 0.0
    if peak == 0:
        return _Sums(errors.size, 0.0, 0.0, 0.0)
    if peak == inf:
        return _Sums(errors.size, inf, inf, inf)
    errors = errors / peak
    return _Sums(errors.size, peak, sum_values(errors), sum_products(errors, errors))


def _gather(pair: Pair, blocks: Sequence[_Found], *, relative: bool) -> Errors:
    parts = [block.relative if relative else block.absolute for block in blocks]
    count = sum(part.elements for part in parts)
    if count == 0:
        return Errors(0, None, None, None, None)
    peak = max(part.peak for part in parts)
    at = next(n for n, part in enumerate(parts) if part.peak == peak and part.elements)
    with np.errstate(all="ignore"):
        worst = _find_worst(pair, blocks[at], relative)
    if peak == 0 or peak == inf:
        return Errors(count, peak, peak, peak, worst)
    total = sum(part.total * (part.peak / peak) for part in parts)
    squares = sum(part.squares * (part.peak / peak) ** 2 for part in parts)
    # Rounding must not put a mean above the largest.
    mean, rms = (
        worst.error * min(1.0, total / count),
        worst.error * min(1.0, squares / count) ** 0.5,
    )
    return Errors(count, worst.error, mean, rms, worst)


def _find_worst(pair: Pair, block: _Found, relative: bool) -> Element:
    """Return the element of the largest error in a block."""
    found = (
        _find_worst_within(pair, start, min(start + SMALL, block.stop), relative)
        for start in range(block.start, block.stop, SMALL)
    )
    return max(found, key=lambda element: element.error)


def _find_worst_within(pair: Pair, start: int, stop: int, relative: bool) -> Element:
    left, right = (load_numbers(part) for part in pair.read(start, stop))
    error, ratio, usable = _measure_errors(left, right)
    finite = np.isfinite(left) & np.isfinite(right)
    errors = np.where(finite & usable, ratio, -1) if relative else np.where(finite, error, -1)
    at = int(errors.argmax())
    place = pair.find_index(start + at)
    return Element(place, left[at].item(), right[at].item(), float(errors[at]))

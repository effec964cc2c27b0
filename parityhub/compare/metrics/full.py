"""The full set of numbers of two arrays: percentiles, ULPs, likeness, shares, subnormals."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import frexp, ldexp
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parityhub.compare.metrics.blocks import Pair, map_blocks, pair_arrays
from parityhub.compare.metrics.histogram import (
    BINS,
    Percentile,
    count_magnitudes,
    find_percentiles,
)
from parityhub.compare.metrics.moments import (
    Likeness,
    Moments,
    are_safe,
    join_moments,
    measure_likeness,
    take_moments,
)
from parityhub.compare.metrics.numbers import (
    find_mantissa,
    load_bits,
    measure_distance,
    measure_magnitude,
    name_dtype,
    widen_numbers,
)
from parityhub.compare.metrics.ulp import UlpCount, UlpDistances, count_ulps, gather_ulps

Block = npt.NDArray[Any]


@dataclass(frozen=True)
class Subnormals:
    """Elements (parts, of complex numbers) below the least normal number of their dtype, not 0."""

    left: int
    right: int
    flushed: int
    """places where one is subnormal and the other is 0"""


@dataclass(frozen=True)
class Tolerance:
    """`|left - right| <= atol + rtol * |right|`, and the elements that do not hold it."""

    atol: float
    rtol: float
    beyond: int
    share: float | None
    """of the elements compared; None: there are none"""


@dataclass(frozen=True)
class FullSet:
    """How an array differs from its reference, over the elements that are finite in both."""

    compared: int
    p50: Percentile | None
    """of |left - right|; None: nothing was compared"""
    p99: Percentile | None
    ulp: UlpDistances | None
    """None: the dtypes differ, or are no IEEE 754 or bfloat16 floats; or nothing was compared"""
    likeness: Likeness
    tolerance: Tolerance | None
    """None: none was given"""
    subnormals: Subnormals | None
    """None: as for ulp"""


class _Bits(NamedTuple):
    """What the bits of a block's floats tell."""

    ulp: UlpCount
    subnormal_left: int
    subnormal_right: int
    flushed: int


class _Measured(NamedTuple):
    """What a block holds."""

    elements: int
    beyond: int
    bits: _Bits | None
    planes: tuple[Moments, ...]


def measure_arrays(
    left: npt.NDArray[Any],
    right: npt.NDArray[Any],
    *,
    atol: float | None = None,
    rtol: float | None = None,
) -> FullSet:
    """Measure an array against its reference, in constant memory.

    It is read once, and twice more where squares of its numbers overflow or vanish in float64.

    Args:
        left: numeric, any shape; may be mapped from a file.
        right: the reference: of the same shape; its dtype may be another.
        atol: absolute tolerance; None: 0, if there is a relative one.
        rtol: tolerance relative to |right|; likewise.

    Raises:
        EvidenceError: the shapes differ, or an array holds no numbers.
    """
    pair = pair_arrays(left, right)
    mantissa = find_mantissa(left.dtype)
    if name_dtype(left.dtype) != name_dtype(right.dtype):
        mantissa = None
    tolerance = None if atol is None and rtol is None else (atol or 0.0, rtol or 0.0)
    totals, lock = np.zeros(BINS, dtype=np.int64), Lock()

    def measure(start: int, stop: int) -> _Measured:
        left, right, numbers, errors = _read_finite(pair, start, stop)
        counts = count_magnitudes(errors)
        with lock:
            np.add(totals, counts, out=totals)
        return _Measured(
            elements=left.size,
            beyond=_count_beyond(errors, numbers[1], tolerance) if tolerance else 0,
            bits=_measure_bits(left, right, mantissa) if mantissa else None,
            planes=_measure_planes(*numbers, (1.0, 1.0)),
        )

    blocks = map_blocks(measure, pair.size)
    compared = sum(block.elements for block in blocks)
    p50, p99 = find_percentiles(totals, (0.5, 0.99)) if compared else (None, None)
    bits = [block.bits for block in blocks if block.bits is not None]
    beyond = sum(block.beyond for block in blocks)
    return FullSet(
        compared=compared,
        p50=p50,
        p99=p99,
        ulp=gather_ulps([block.ulp for block in bits]),
        likeness=_find_likeness(pair, [block.planes for block in blocks]),
        tolerance=Tolerance(*tolerance, beyond, beyond / compared if compared else None)
        if tolerance
        else None,
        subnormals=_add_subnormals(bits) if compared else None,
    )


def _read_finite(
    pair: Pair, start: int, stop: int
) -> tuple[Block, Block, tuple[Block, Block], npt.NDArray[np.float64]]:
    """Return the elements of a block that are finite in both arrays, and their distances.

    Returns:
        left and right in their own dtypes, both widened, and |left - right|: (elements,) each.
    """
    left, right = pair.read(start, stop)
    numbers = widen_numbers(left), widen_numbers(right)
    errors = measure_distance(*numbers)
    if not np.isfinite(errors.max(initial=0)):
        finite = np.isfinite(numbers[0]) & np.isfinite(numbers[1])
        left, right = left[finite], right[finite]
        numbers, errors = (numbers[0][finite], numbers[1][finite]), errors[finite]
    return left, right, numbers, errors


def _count_beyond(
    errors: npt.NDArray[np.float64], reference: Block, tolerance: tuple[float, float]
) -> int:
    atol, rtol = tolerance
    if errors.max(initial=0) <= atol:
        return 0
    if rtol == 0:
        return int(np.count_nonzero(errors > atol))
    bounds = measure_magnitude(reference)
    bounds *= rtol
    bounds += atol
    return int(np.count_nonzero(errors > bounds))


def _measure_bits(left: Block, right: Block, mantissa: int) -> _Bits:
    one, other = load_bits(left, mantissa), load_bits(right, mantissa)
    least_normal = 1 << mantissa
    first, second = (_find_subnormal(bits, least_normal) for bits in (one, other))
    flushed = 0
    for subnormal, opposite in ((first, other), (second, one)):
        if subnormal is not None:
            flushed += int(np.count_nonzero((opposite[subnormal] << 1) == 0))
    left_count, right_count = (
        0 if s is None else int(np.count_nonzero(s)) for s in (first, second)
    )
    return _Bits(count_ulps(one, other), left_count, right_count, flushed)


def _find_subnormal(bits: Block, least_normal: int) -> npt.NDArray[np.bool_] | None:
    """Return where bits are those of a subnormal number; None: nowhere."""
    sizes = bits & np.iinfo(bits.dtype).max
    sizes -= 1
    # 0 has become the largest of unsigned integers.
    unsigned = sizes.view(f"u{sizes.dtype.itemsize}")
    return (
        unsigned < least_normal - 1 if unsigned.size and unsigned.min() < least_normal - 1 else None
    )


def _add_subnormals(blocks: Sequence[_Bits]) -> Subnormals | None:
    if not blocks:
        return None
    return Subnormals(
        left=sum(block.subnormal_left for block in blocks),
        right=sum(block.subnormal_right for block in blocks),
        flushed=sum(block.flushed for block in blocks),
    )


def _measure_planes(left: Block, right: Block, scales: tuple[float, float]) -> tuple[Moments, ...]:
    """Take the moments of real and of imaginary parts; real blocks are written over."""
    parts = ("real", "imag") if "c" in (left.dtype.kind, right.dtype.kind) else ("real",)
    planes = []
    for part in parts:
        one, other = (
            _scale_plane(getattr(block, part), scale)
            for block, scale in zip((left, right), scales, strict=True)
        )
        planes.append(take_moments(one, other))
    return tuple(planes)


def _scale_plane(plane: Block, scale: float) -> npt.NDArray[np.float64]:
    """Return a contiguous block of float64 that may be written over."""
    scaled = plane if scale == 1 else plane * scale
    return np.ascontiguousarray(scaled.astype(np.float64, copy=not scaled.flags.writeable))


def _find_likeness(pair: Pair, blocks: Sequence[tuple[Moments, ...]]) -> Likeness:
    if not blocks:
        return Likeness(None, None, None)
    planes = _join_planes(blocks)
    if are_safe(planes):
        return measure_likeness(planes, (1.0, 1.0))
    peaks = map_blocks(lambda start, stop: _find_peaks(pair, start, stop), pair.size)
    scales = (_find_scale(max(p[0] for p in peaks)), _find_scale(max(p[1] for p in peaks)))

    def measure(start: int, stop: int) -> tuple[Moments, ...]:
        return _measure_planes(*_read_finite(pair, start, stop)[2], scales)

    return measure_likeness(_join_planes(map_blocks(measure, pair.size)), scales)


def _join_planes(blocks: Sequence[tuple[Moments, ...]]) -> list[Moments]:
    return [join_moments(plane) for plane in zip(*blocks, strict=True)]


def _find_peaks(pair: Pair, start: int, stop: int) -> tuple[float, float]:
    """Return the largest magnitudes; of complex numbers, of their parts."""
    left, right = (
        max(float(np.abs(part.astype(np.float64)).max(initial=0)) for part in (b.real, b.imag))
        for b in _read_finite(pair, start, stop)[2]
    )
    return left, right


def _find_scale(peak: float) -> float:
    """Return the power of 2 that takes a peak to about 1, as far as float64 has it."""
    return ldexp(1.0, min(1000, -frexp(peak)[1])) if peak else 1.0

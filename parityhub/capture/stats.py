"""Statistics of patches: read once, block by block, summed in float64."""

from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt

from parityhub.capture.arrays import read_array
from parityhub.capture.blocks import choose_block, map_parts
from parityhub.errors import DataError

PIECE = 1024
"""Pixels whose squares are summed at once: so few that no BLAS starts threads of its own."""
ONES = np.ones((PIECE, 1))
"""what a piece is multiplied with to be summed"""
CANCELLED = 1000
"""Where a patch's squares about 0 are that many times those about its mean, their difference has
lost too much, and the latter are summed by themselves. So `std` and `var_zero_mean` are within
CANCELLED * PIECE unit roundoffs of float64, 1.2e-10, relative to themselves; measured against
extended precision: 7e-14."""


class Stats(TypedDict):
    """Statistics of an array; NaN or infinite where its elements are."""

    mean: float
    std: float
    min: float
    max: float
    var_zero_mean: float
    count: int
    nonfinite: int


class _Moments(NamedTuple):
    means: npt.NDArray[np.float64]
    """of each patch"""
    squares: npt.NDArray[np.float64]
    """sum of squares about the mean, of each patch"""


class _Part(NamedTuple):
    """Some pixels of some patches."""

    rows: slice
    """the patches"""
    columns: slice
    """the pixels"""
    values: _Moments
    sizes: _Moments
    """of the absolute values"""
    low: float
    high: float
    nonfinite: int


def compute_stats(x: object) -> Stats:
    """Compute statistics of patches, or of one image.

    Complex numbers count by their amplitude. `var_zero_mean` is the mean over all elements of
    (|x| - mean of |x| over that patch's height and width)²; `std` is of the whole population.

    Args:
        x: (..., height, width), any numeric dtype; each index of the leading axes is a patch
            (so NCHW, not NHWC).

    Raises:
        DataError: x is empty, not numeric, or has fewer than two axes.
    """
    patches = _split_patches(x)
    parts = map_parts(
        lambda place: _measure_part(patches, *place), _split_blocks(patches), size=patches.size
    )
    with np.errstate(all="ignore"):
        values = _join_moments([(part, part.values) for part in parts], len(patches))
        sizes = _join_moments([(part, part.sizes) for part in parts], len(patches))
        mean = values.means.mean()
        spread = values.squares.sum() + patches.shape[1] * np.square(values.means - mean).sum()
        return Stats(
            mean=float(mean),
            std=float(np.sqrt(spread / patches.size)),
            min=float(np.min([part.low for part in parts])),
            max=float(np.max([part.high for part in parts])),
            var_zero_mean=float(sizes.squares.sum() / patches.size),
            count=patches.size,
            nonfinite=sum(part.nonfinite for part in parts),
        )


def compute_patch_stats(x: object, limit: int) -> list[Stats]:
    """Compute the statistics of each of the first `limit` patches of (..., height, width).

    Bit for bit those of `compute_stats` for each; small patches are read together.
    """
    array = read_array(x)
    patches = _split_patches(array)[:limit]
    if patches.shape[1] > choose_block(patches.shape[1]):
        return [compute_stats(patch) for patch in array.reshape(-1, *array.shape[-2:])[:limit]]
    pixels = patches.shape[1]
    block = patches
    if block.dtype.kind == "c":
        block = np.abs(block.astype(np.complex128, copy=False))
    wide = block.astype(np.float64)
    finite = np.isfinite(wide).sum(axis=1)
    with np.errstate(all="ignore"):
        powers = _sum_squares(wide)
        values = _take_moments(wide, powers)
        sizes = _take_moments(np.abs(wide), powers)
        return [
            Stats(
                mean=float(values.means[row]),
                std=float(np.sqrt(values.squares[row] / pixels)),
                min=float(block[row].min()),
                max=float(block[row].max()),
                var_zero_mean=float(sizes.squares[row] / pixels),
                count=pixels,
                nonfinite=pixels - int(finite[row]),
            )
            for row in range(len(block))
        ]


def _split_patches(x: object) -> npt.NDArray[Any]:
    """Return x as (patches, pixels)."""
    array = read_array(x)
    if array.ndim < 2 or array.size == 0:
        raise DataError(
            f"no patches in an array of shape {array.shape}",
            hint="pass (..., height, width) with at least one element",
        )
    return array.reshape(-1, array.shape[-2] * array.shape[-1])


def _split_blocks(patches: npt.NDArray[Any]) -> list[tuple[slice, slice]]:
    """Return blocks of whole patches, or of the pixels of one, in order."""
    count, pixels = patches.shape
    block = choose_block(patches.size)
    together = max(1, block // pixels)
    return [
        (slice(row, min(row + together, count)), slice(start, min(start + block, pixels)))
        for row in range(0, count, together)
        for start in range(0, pixels, block)
    ]


def _measure_part(patches: npt.NDArray[Any], rows: slice, columns: slice) -> _Part:
    block = patches[rows, columns]
    if block.dtype.kind == "c":
        block = np.abs(block.astype(np.complex128, copy=False))
    low, high, nonfinite = float(block.min()), float(block.max()), 0
    if not (isfinite(low) and isfinite(high)):
        nonfinite = block.size - int(np.count_nonzero(np.isfinite(block)))
    wide = block.astype(np.float64)
    powers = _sum_squares(wide)
    values = _take_moments(wide, powers)
    sizes = values if low >= 0 else _take_moments(np.abs(wide, out=wide), powers)
    return _Part(rows, columns, values, sizes, low, high, nonfinite)


def _take_moments(block: npt.NDArray[np.float64], powers: npt.NDArray[np.float64]) -> _Moments:
    """Take the moments of each row of a block, given its sum of squares about 0."""
    pixels = block.shape[1]
    means = _sum_rows(block) / pixels
    squares = powers - pixels * means * means
    lost = np.flatnonzero(~(squares * CANCELLED > powers))
    if lost.size:
        squares[lost] = _sum_squares(block[lost] - means[lost, np.newaxis])
    return _Moments(means, squares)


def _sum_squares(block: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the sum of squares of each row."""
    pieces, rest = _split_rows(block)
    squares = np.matmul(pieces, pieces.swapaxes(2, 3)).sum(axis=(1, 2, 3))
    return np.asarray(squares + np.matmul(rest, rest.swapaxes(2, 3)).sum(axis=(1, 2, 3)))


def _sum_rows(block: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the sum of each row: a product with ones, twice as fast as numpy's own sum."""
    pieces, rest = _split_rows(block)
    sums = np.matmul(pieces, ONES).sum(axis=(1, 2, 3))
    return np.asarray(sums + np.matmul(rest, ONES[: rest.shape[3]]).sum(axis=(1, 2, 3)))


def _split_rows(
    block: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return each row in pieces, (rows, pieces, 1, PIECE), and what is left, (rows, 1, 1, rest)."""
    whole = block.shape[1] - block.shape[1] % PIECE
    pieces = block[:, :whole].reshape(len(block), -1, 1, PIECE)
    return pieces, block[:, np.newaxis, np.newaxis, whole:]


def _join_moments(parts: Sequence[tuple[_Part, _Moments]], count: int) -> _Moments:
    """Join the pixels of each patch (Chan, Golub & LeVeque 1979, for pairs of sets)."""
    means, squares = np.zeros(count), np.zeros(count)
    for part, moments in parts:
        before, now = part.columns.start, part.columns.stop - part.columns.start
        if not before:
            # Joined with nothing: a mean whose square overflows would leave NaN.
            means[part.rows], squares[part.rows] = moments
            continue
        share, apart = now / (before + now), moments.means - means[part.rows]
        squares[part.rows] += moments.squares + apart * apart * (before * share)
        means[part.rows] += apart * share
    return _Moments(means, squares)

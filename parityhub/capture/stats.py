"""Statistics of patches: streamed in blocks that fit a core's cache, summed in float64."""

from typing import Any, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt

from parityhub.capture.arrays import read_array
from parityhub.errors import DataError

BLOCK = 1 << 15
"""Elements a block; 256 KiB as float64, so a block and its temporaries stay in the L2 cache."""


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
    with np.errstate(all="ignore"):
        values = _measure(patches, amplitude=patches.dtype.kind == "c")
        sizes = _measure(patches, amplitude=True) if values.low < 0 else values
        pixels = patches.shape[1]
        mean = values.means.mean()
        spread = values.squares.sum() + pixels * np.square(values.means - mean).sum()
        return Stats(
            mean=float(mean),
            std=float(np.sqrt(spread / patches.size)),
            min=values.low,
            max=values.high,
            var_zero_mean=float(sizes.squares.sum() / patches.size),
            count=patches.size,
            nonfinite=values.nonfinite,
        )


def compute_patch_stats(x: object, limit: int) -> list[Stats]:
    """Compute the statistics of each of the first `limit` patches of (..., height, width)."""
    array = read_array(x)
    _split_patches(array)
    return [compute_stats(patch) for patch in array.reshape(-1, *array.shape[-2:])[:limit]]


def _split_patches(x: object) -> npt.NDArray[Any]:
    """Return x as (patches, pixels)."""
    array = read_array(x)
    if array.ndim < 2 or array.size == 0:
        raise DataError(
            f"no patches in an array of shape {array.shape}",
            hint="pass (..., height, width) with at least one element",
        )
    return array.reshape(-1, array.shape[-2] * array.shape[-1])


def _measure(patches: npt.NDArray[Any], *, amplitude: bool) -> _Moments:
    """Take the moments patch by patch, two passes over each block while it is in the cache."""
    count, pixels = patches.shape
    means, squares = np.zeros(count), np.zeros(count)
    low, high, nonfinite = np.float64(np.inf), np.float64(-np.inf), 0
    together = max(1, BLOCK // pixels)
    for start in range(0, count, together):
        rows = slice(start, start + together)
        for columns in _split_columns(pixels):
            block = _load(patches[rows, columns], amplitude)
            means[rows] += block.sum(axis=1) / pixels
            low, high = np.minimum(low, block.min()), np.maximum(high, block.max())
            nonfinite += block.size - int(np.isfinite(block).sum())
        for columns in _split_columns(pixels):
            block = _load(patches[rows, columns], amplitude)
            squares[rows] += np.square(block - means[rows, np.newaxis]).sum(axis=1)
    return _Moments(means, squares, float(low), float(high), nonfinite)


def _split_columns(pixels: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, pixels, BLOCK)]


def _load(block: npt.NDArray[Any], amplitude: bool) -> npt.NDArray[np.float64]:
    if block.dtype.kind == "c":
        block = np.abs(block.astype(np.complex128, copy=False))
    elif amplitude:
        block = np.abs(block.astype(np.float64, copy=False))
    return block.astype(np.float64, copy=False)

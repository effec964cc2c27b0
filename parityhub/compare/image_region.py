"""Which pixels of two images can be compared, and whether they can be at all."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Incomparable:
    """Why two images are not compared."""

    reason: str


@dataclass(frozen=True)
class Region:
    """The covered pixels of an image, within their bounding box."""

    rows: slice
    columns: slice
    mask: npt.NDArray[np.bool_]
    """of the box: covered pixels"""
    text: str


def find_region(
    a: npt.NDArray[Any], b: npt.NDArray[Any], coverage: npt.NDArray[Any] | None
) -> Region | Incomparable:
    """Return the pixels where two images can be compared, or why there are none.

    Args:
        a: (height, width), complex.
        b: (height, width), of the same dtype.
        coverage: (height, width), real; covered where above 0. None: all of it is.
    """
    if a.shape != b.shape:
        return Incomparable(f"shapes differ: {a.shape} and {b.shape}")
    if a.dtype != b.dtype:
        return Incomparable(f"dtypes differ: {a.dtype} and {b.dtype}")
    if a.dtype.kind != "c" or a.ndim != 2:
        return Incomparable(f"not a complex image: {a.dtype} of shape {a.shape}")
    if coverage is None:
        covered = np.ones(a.shape, dtype=np.bool_)
    elif coverage.shape != a.shape or coverage.dtype.kind not in "biuf":
        return Incomparable(
            f"the coverage is {coverage.dtype} of shape {coverage.shape}, the images {a.shape}"
        )
    else:
        covered = np.asarray(coverage > 0)
    return _box(covered)


def cut_region(image: npt.NDArray[Any], region: Region) -> npt.NDArray[np.complex128]:
    """Return the region's box of an image as complex128, 0 where it is not covered."""
    box = image[region.rows, region.columns]
    return np.where(region.mask, box, 0).astype(np.complex128)


def refuse_values(
    box: npt.NDArray[np.complex128], name: str, region: Region
) -> Incomparable | None:
    """Say why an image cannot be compared by its values: not finite, or constant."""
    values = box[region.mask]
    nonfinite = values.size - np.count_nonzero(np.isfinite(values))
    if nonfinite:
        return Incomparable(f"{name} is not finite at {nonfinite} of {values.size} pixels")
    if np.all(values == values[0]):
        return Incomparable(f"{name} is constant: {complex(values[0])!r} at each pixel")
    return None


def _box(covered: npt.NDArray[np.bool_]) -> Region | Incomparable:
    pixels = int(np.count_nonzero(covered))
    if pixels < 2:
        return Incomparable(f"only {pixels} of {covered.size} pixels are covered")
    down, across = (np.flatnonzero(covered.any(axis=axis)) for axis in (1, 0))
    top, bottom, left, right = (int(x) for x in (down[0], down[-1], across[0], across[-1]))
    rows, columns = slice(top, bottom + 1), slice(left, right + 1)
    text = (
        f"rows {top} to {bottom}, columns {left} to {right}, "
        f"{pixels} covered of {covered.size} pixels"
    )
    return Region(rows, columns, covered[rows, columns], text)

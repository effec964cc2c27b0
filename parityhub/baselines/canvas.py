"""Where patches stand: within their group, and on the canvas of a whole scan."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


def offset_groups(positions: Real, groups: Indices) -> Real:
    """Return (groups, C, 2), the (dy, dx) of each patch from the middle of its group, pixels."""
    members = positions[groups]
    return np.asarray(members - members.mean(axis=1, keepdims=True))


def size_group_canvas(offsets: Real, size: int) -> int:
    """Return the side of the canvas on which any group's patches of `size` pixels find room."""
    return size + 2 * int(np.ceil(np.abs(offsets).max()))


@dataclass(frozen=True)
class Frame:
    """The canvas of a scan, on the pixels of its object."""

    row: int
    column: int
    """of its first pixel, in the object's coordinates"""
    shape: tuple[int, int]

    def offset_from_middle(self, positions: Real) -> Real:
        """Return (n, 2), the (dy, dx) of each position from the middle of the canvas."""
        middle = np.array([self.row + self.shape[0] / 2, self.column + self.shape[1] / 2])
        return np.asarray(positions - middle)


def frame_scan(positions: Real, size: int) -> Frame:
    """Return the smallest canvas that holds each patch of `size` pixels around its position."""
    first = np.floor(positions.min(axis=0) - size / 2).astype(int)
    last = np.floor(positions.max(axis=0) - size / 2).astype(int) + size + 1
    height, width = (last - first).tolist()
    return Frame(row=int(first[0]), column=int(first[1]), shape=(height, width))


def split_positions(positions: Real, frame: Frame, size: int) -> tuple[Indices, Real]:
    """Split where patches begin on the canvas into whole pixels and the rest.

    Returns:
        corners (n, 2), (row, column) of each patch's tile; rests (n, 2), in [0, 1).
    """
    begin = positions - size / 2 - np.array([frame.row, frame.column])
    corners = np.floor(begin)
    return corners.astype(np.int64), begin - corners


def add_tiles(canvas: npt.NDArray[Any], tiles: npt.NDArray[Any], corners: Indices) -> None:
    """Add tiles (n, channels, t, t) to a canvas (channels, height, width), each at its corner."""
    side = tiles.shape[-1]
    for tile, (row, column) in zip(tiles, corners.tolist(), strict=True):
        canvas[:, row : row + side, column : column + side] += tile


def crop_object(sample: npt.NDArray[Any], frame: Frame) -> npt.NDArray[Any]:
    """Return the object on the canvas's own pixels; zero where the canvas reaches beyond it."""
    crop = np.zeros(frame.shape, dtype=sample.dtype)
    starts = (frame.row, frame.column)
    inside = [
        slice(max(start, 0), max(min(start + extent, whole), 0))
        for start, extent, whole in zip(starts, frame.shape, sample.shape, strict=True)
    ]
    found = sample[inside[0], inside[1]]
    row, column = (part.start - start for part, start in zip(inside, starts, strict=True))
    crop[row : row + found.shape[0], column : column + found.shape[1]] = found
    return crop

"""Two arrays read side by side, block by block, and sums of blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from parityhub.capture.blocks import choose_block, map_parts
from parityhub.compare.metrics.numbers import is_numeric, name_dtype
from parityhub.errors import EvidenceError

PIECE = 1024
"""Elements that are summed in the dtype of their block; the pieces' sums are added in float64.
So short that no BLAS starts threads of its own for them."""

Index = tuple[int, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Pair:
    """Two arrays of one shape, in one order of elements."""

    left: npt.NDArray[Any]
    right: npt.NDArray[Any]
    shape: tuple[int, ...]
    turned: bool
    """both are held turned around: their axes, and so their indices, run backwards"""

    @property
    def size(self) -> int:
        """Elements of each."""
        return self.left.size

    def read(self, start: int, stop: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return elements start to stop of both, (elements,) each; views where there can be."""
        return _cut(self.left, start, stop), _cut(self.right, start, stop)

    def find_index(self, place: int) -> Index:
        """Return the index of the element at a place in the order of reading."""
        held = self.shape[::-1] if self.turned else self.shape
        index = tuple(int(axis) for axis in np.unravel_index(place, held)) if held else ()
        return index[::-1] if self.turned else index


def pair_arrays(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Pair:
    """Lay two arrays of numbers of one shape side by side.

    Raises:
        EvidenceError: the shapes differ, or an array holds no numbers.
    """
    if left.shape != right.shape:
        raise EvidenceError(
            f"shapes differ: {left.shape} and {right.shape}",
            hint="compare arrays of one shape; nothing is broadcast",
        )
    for array in (left, right):
        if not is_numeric(array.dtype):
            raise EvidenceError(
                f"an array of {name_dtype(array.dtype)} holds no numbers",
                hint="save integers, floats or complex numbers",
            )
    turned = left.ndim > 1 and all(
        array.flags.f_contiguous and not array.flags.c_contiguous for array in (left, right)
    )
    # A plain array's slices cost a fraction of a memmap's.
    one, other = left.view(np.ndarray), right.view(np.ndarray)
    return Pair(one.T, other.T, left.shape, True) if turned else Pair(one, other, left.shape, False)


def map_blocks(work: Callable[[int, int], T], size: int) -> list[T]:
    """Return what `work(start, stop)` gives for each block of `size` elements, in their order.

    It is done as `parityhub.capture.blocks.map_parts` does it.
    """
    block = choose_block(size)
    starts = range(0, size, block)
    return map_parts(lambda start: work(start, min(start + block, size)), starts, size=size)


def sum_values(x: npt.NDArray[Any]) -> float:
    """Return sum(x) of a contiguous block of a real float dtype, (elements,).

    Whatever the order in which a piece is summed, its sum is within PIECE unit roundoffs of the
    dtype, relative to sum(|x|).
    """
    rows = x[: x.size - x.size % PIECE].reshape(-1, 1, PIECE)
    return _add_pieces(np.matmul(rows, np.ones((PIECE, 1), dtype=x.dtype)), x[rows.size :])


def sum_products(x: npt.NDArray[Any], y: npt.NDArray[Any]) -> float:
    """Return sum(x * y) of two contiguous blocks of one real float dtype, (elements,) each.

    It is as exact as `sum_values`.
    """
    rows = x[: x.size - x.size % PIECE].reshape(-1, 1, PIECE)
    pieces = np.matmul(rows, y[: rows.size].reshape(-1, PIECE, 1))
    return _add_pieces(pieces, np.multiply(x[rows.size :], y[rows.size :], dtype=np.float64))


def _add_pieces(pieces: npt.NDArray[Any], rest: npt.NDArray[Any]) -> float:
    return float(pieces.sum(dtype=np.float64)) + float(rest.sum(dtype=np.float64))


def _cut(array: npt.NDArray[Any], start: int, stop: int) -> npt.NDArray[Any]:
    if array.flags.c_contiguous:
        return array.reshape(-1)[start:stop]
    return array.flat[start:stop]

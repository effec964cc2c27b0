"""What two arrays that differ look like: a factor, a shift, another order, fewer bits."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
MOST_AXES = 4
"""of which each order is tried"""
CLOSE = 1e-3
"""an explanation must leave less than this share of the difference's size"""


def list_resemblances(tensorflow: Array, pytorch: Array) -> Iterator[str]:
    """Yield what turns TensorFlow's array into PyTorch's, most telling first; nothing is changed.

    Args:
        tensorflow: any shape, finite, integer, float or complex.
        pytorch: of the same shape.
    """
    one, other = (np.asarray(x).astype(widen(x.dtype)) for x in (tensorflow, pytorch))
    size = float(np.linalg.norm((one - other).ravel()))
    if size == 0:
        return
    yield from list_scales(one, other, size)
    yield from list_orders(one, other, size)
    yield from list_precisions(np.asarray(tensorflow), np.asarray(pytorch))


def widen(dtype: np.dtype[Any]) -> type[np.float64] | type[np.complex128]:
    """Return the dtype to compute in."""
    return np.complex128 if dtype.kind == "c" else np.float64


def list_scales(one: Array, other: Array, size: float) -> Iterator[str]:
    """Yield a factor or an addend that explains the difference."""
    square = float(np.vdot(one, one).real)
    if square:
        factor = np.vdot(one, other) / square
        if leaves(other - factor * one, size):
            named = factor.real if abs(factor.imag) < CLOSE * abs(factor) else factor
            yield f"PyTorch is TensorFlow times {named:.4g}"
    addend = (other - one).mean()
    if one.size > 1 and leaves(other - one - addend, size):
        yield f"PyTorch is TensorFlow plus {addend:.3g}"


def list_orders(one: Array, other: Array, size: float) -> Iterator[str]:
    """Yield an order of axes or elements in which both agree."""
    if 2 <= one.ndim <= MOST_AXES:
        for axes in permutations(range(one.ndim)):
            same_shape = tuple(one.shape[axis] for axis in axes) == other.shape
            moved = same_shape and list(axes) != sorted(axes)
            if moved and leaves(one.transpose(axes) - other, size):
                yield f"the axes {axes} of TensorFlow are those of PyTorch"
                return
    for axis in range(one.ndim):
        if leaves(np.flip(one, axis) - other, size):
            yield f"axis {axis} is reversed"
            return
    if leaves(np.sort(one, axis=None) - np.sort(other, axis=None), size):
        yield "the same values in another order"


def list_precisions(one: Array, other: Array) -> Iterator[str]:
    """Yield that a side holds fewer bits than its dtype: a cast on the way."""
    if one.dtype != np.float32 or other.dtype != np.float32:
        return
    for name, array in (("TensorFlow", one), ("PyTorch", other)):
        bits = np.ascontiguousarray(array).view(np.uint32)
        for kept, low in (("bfloat16", 0xFFFF), ("TF32", 0x1FFF)):
            if not (bits & np.uint32(low)).any() and np.count_nonzero(array):
                yield f"{name} has no bits beyond {kept}: it was cast on the way"
                break


def leaves(rest: Array, size: float) -> bool:
    """Tell whether an explanation leaves next to nothing of a difference."""
    return float(np.linalg.norm(np.asarray(rest).ravel())) < CLOSE * size

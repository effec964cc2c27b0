"""Which part of memory a tensor is, so that a write through one view is seen by another."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Region:
    """Elements of a storage: a box in the grid that the strides span."""

    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def find_memory(tensor: Tensor) -> int:
    """Return what names the storage, while it lives."""
    return int(tensor.untyped_storage()._cdata)


def find_region(tensor: Tensor) -> Region:
    """Return a tensor's part of its storage; axes of length 1 say nothing and are left out."""
    axes = [axis for axis in range(tensor.ndim) if tensor.shape[axis] != 1]
    axes.sort(key=lambda axis: -tensor.stride(axis))
    return Region(
        int(tensor.storage_offset()),
        tuple(int(tensor.shape[axis]) for axis in axes),
        tuple(int(tensor.stride(axis)) for axis in axes),
    )


def may_overlap(one: Region, other: Region) -> bool:
    """Tell whether two parts of a storage may share an element; True where it is hard to say.

    Two boxes of the same strides are apart where they are apart along one axis: the difference of
    their offsets is written in the strides, the longest first.
    """
    if 0 in one.shape or 0 in other.shape:
        return False
    if _end(one) <= other.offset or _end(other) <= one.offset:
        return False
    if one.strides != other.strides or 0 in one.strides:
        return True
    first, second = (one, other) if one.offset <= other.offset else (other, one)
    rest = second.offset - first.offset
    for axis, stride in enumerate(first.strides):
        steps, rest = divmod(rest, stride)
        spans_less = axis == 0 or steps + second.shape[axis] <= first.strides[axis - 1] // stride
        if steps >= first.shape[axis] and spans_less:
            return False
    return rest == 0


def _end(region: Region) -> int:
    pairs = zip(region.shape, region.strides, strict=True)
    return region.offset + 1 + sum((length - 1) * stride for length, stride in pairs)

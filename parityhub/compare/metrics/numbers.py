"""Which dtypes hold numbers, and blocks of them in a form that numpy can reckon with."""

from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.errors import EvidenceError

Block = npt.NDArray[Any]


def is_bfloat16(dtype: np.dtype[Any]) -> bool:
    """Whether a dtype is bfloat16: that of ml_dtypes, or the two raw bytes (`V2`) in an .npy.

    The .npy format has no name for it; numpy writes such an array as `V2` and reads it so.
    """
    raw = dtype.kind == "V" and dtype.itemsize == 2 and dtype.names is None
    return dtype.name == "bfloat16" or (raw and dtype.subdtype is None and dtype.name == "void16")


def is_numeric(dtype: np.dtype[Any]) -> bool:
    """Whether a dtype holds numbers: bool, integers, floats, complex numbers, bfloat16."""
    return dtype.kind in "biufc" or is_bfloat16(dtype)


def name_dtype(dtype: np.dtype[Any]) -> str:
    """Return a dtype's name as people say it, whatever its order of bytes."""
    return "bfloat16" if is_bfloat16(dtype) else dtype.name


def find_mantissa(dtype: np.dtype[Any]) -> int | None:
    """Return the bits of the mantissa that are stored, of IEEE 754's formats and bfloat16.

    None: the dtype is none of them (integers, long double). A complex one has those of its parts.
    """
    if is_bfloat16(dtype):
        return 7
    if dtype.kind not in "fc":
        return None
    return {2: 10, 4: 23, 8: 52}.get(dtype.itemsize // (2 if dtype.kind == "c" else 1))


def view_bfloat16(bits: npt.NDArray[np.uint16]) -> npt.NDArray[Any]:
    """Return the bits of bfloat16 numbers, kept as uint16, as an array that is read as bfloat16.

    Raises:
        EvidenceError: the dtype is not uint16.
    """
    if bits.dtype != np.uint16:
        raise EvidenceError(
            f"bits of bfloat16 are uint16, not {bits.dtype.name}", hint="pass a uint16 array"
        )
    return bits.view(np.dtype("V2"))


def load_numbers(block: Block) -> Block:
    """Return a contiguous block in the machine's order of bytes; small floats as float32, exactly.

    Args:
        block: (elements,), numeric.
    """
    if is_bfloat16(block.dtype):
        return (block.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
    if block.dtype == np.float16:
        return block.astype(np.float32)
    return block.astype(block.dtype.newbyteorder("="), copy=False)


def load_bits(block: Block, mantissa: int) -> npt.NDArray[Any]:
    """Return the bits of a block as signed integers of its floats' width.

    Args:
        block: (elements,), of a dtype that has this `mantissa` (see `find_mantissa`).
        mantissa: its stored bits.

    Returns:
        (elements,), or (2 elements,) of complex numbers: their parts in turn.
    """
    if mantissa <= 10:
        return block.astype(block.dtype.newbyteorder("="), copy=False).view(np.int16)
    return load_numbers(block).view(np.int32 if mantissa == 23 else np.int64)


def widen_numbers(block: Block) -> Block:
    """Return a new block that holds the same numbers exactly: floats as float64 at least."""
    block = load_numbers(block)
    wide = block.dtype if block.dtype.kind in "biu" else np.result_type(block.dtype, np.float64)
    return block.astype(wide)


def measure_distance(left: Block, right: Block) -> npt.NDArray[np.float64]:
    """Return |left - right| in float64, rounded once.

    Integers are subtracted as integers, so that neighbours above 2^53 still differ; int64 with
    uint64, and integers with floats, meet in float64.
    """
    common = np.result_type(left.dtype, right.dtype)
    if common.kind in "biu":
        word = np.uint64 if common == np.uint64 else np.int64
        one, other = left.astype(word, copy=False), right.astype(word, copy=False)
        high, low = np.maximum(one, other), np.minimum(one, other)
        return (high.view(np.uint64) - low.view(np.uint64)).astype(np.float64)
    wide = np.result_type(common, np.float64)
    difference = left.astype(wide, copy=False) - right.astype(wide, copy=False)
    if wide == np.float64:
        return np.asarray(np.abs(difference, out=difference))
    return np.asarray(np.abs(difference).astype(np.float64, copy=False))


def measure_magnitude(block: Block) -> npt.NDArray[np.float64]:
    """Return |block| in float64."""
    wide = np.result_type(block.dtype, np.float64)
    return np.asarray(np.abs(block.astype(wide, copy=False)).astype(np.float64, copy=False))

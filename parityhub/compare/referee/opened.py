"""Arrays of numbers as they lie in files, bfloat16 included."""

from pathlib import Path

import numpy as np

from parityhub.compare.metrics.admit import open_array
from parityhub.compare.metrics.numbers import name_dtype
from parityhub.compare.referee.distance import Array


def open_numbers(path: Path) -> tuple[Array, str]:
    """Open an .npy of numbers, mapped into memory, and name what it holds.

    A bfloat16 array, which .npy stores as bare 16 bits, comes as float32, exactly.

    Returns:
        the array, and its dtype's name: `float32`, `bfloat16`.

    Raises:
        EvidenceError: it is missing, not whole, or holds something else than numbers.
    """
    array = open_array(path)
    name = name_dtype(array.dtype)
    return (decode_bfloat16(array) if name == "bfloat16" else array), name


def decode_bfloat16(array: Array) -> Array:
    """Return bare 16 bits as the float32 whose upper half they are."""
    bits = np.ascontiguousarray(array).view(np.uint16).astype(np.uint32) << np.uint32(16)
    return bits.view(np.float32).reshape(array.shape)

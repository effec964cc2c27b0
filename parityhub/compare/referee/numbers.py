"""The very same numbers for both sides and the referee: input and weights, rounded once."""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.errors import EvidenceError
from parityhub.run.arrays import DAMAGE

BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    KeyError,
    TypeError,
    AttributeError,
)
"""what zipfile raises on an archive that is cut short, crafted, or none: they share no base"""

Arrays = dict[str, npt.NDArray[Any]]


def read_arrays(path: Path) -> Arrays:
    """Read the named arrays of an .npz.

    Raises:
        EvidenceError: it is missing, damaged, or holds something else than numbers.
    """
    try:
        # Numpy leaves a file open that it cannot read.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (*DAMAGE, *BROKEN_ZIP) as error:
        told = str(error).partition("\n")[0]
        raise EvidenceError(
            f"{path.name}: not a whole .npz: {told}", hint="save named arrays with np.savez"
        ) from error
    for name, array in arrays.items():
        if array.dtype.kind not in "biufc":
            raise EvidenceError(
                f"{path.name}: {name} is of dtype {array.dtype}, not numbers",
                hint="save numbers, booleans or complex numbers",
            )
    return arrays


def round_arrays(arrays: Mapping[str, npt.NDArray[Any]], dtype: str) -> Arrays:
    """Round floating arrays to a dtype, to nearest even, and keep them as float32 or complex64.

    Float32 holds float16 and bfloat16 exactly, and float64 holds float32: so a network in any of
    these and its referee in float64 get the very same numbers. Integers and booleans stay.

    Args:
        arrays: name to array.
        dtype: float32, float16 or bfloat16.

    Raises:
        EvidenceError: a finite number is beyond the dtype.
    """
    rounded = {}
    for name, array in arrays.items():
        with np.errstate(over="ignore"):
            rounded[name] = _round(array, dtype)
        if np.count_nonzero(np.isfinite(array)) != np.count_nonzero(np.isfinite(rounded[name])):
            raise EvidenceError(
                f"{name} holds numbers that are beyond {dtype}",
                hint=f"scale it, or compare in a dtype wider than {dtype}",
            )
    return rounded


def digest_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """Return the SHA-256 of named arrays: names, dtypes, shapes and elements, sorted by name."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name}\0{array.dtype.str}\0{array.shape}\0".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def order_arrays(
    arrays: Mapping[str, npt.NDArray[Any]], axes: Mapping[str, tuple[int, ...]]
) -> Arrays:
    """Transpose those arrays that have axes given; the others stay.

    Raises:
        EvidenceError: an array is not there, or its axes are no order of it.
    """
    for name, order in axes.items():
        if name not in arrays:
            raise EvidenceError(
                f"no array {name!r} among {', '.join(arrays) or 'none'}",
                hint="correct the name in the pair's axes",
            )
        check_axes(name, arrays[name].ndim, order)
    return {
        name: np.ascontiguousarray(array.transpose(axes[name])) if name in axes else array
        for name, array in arrays.items()
    }


def check_axes(name: str, rank: int, axes: tuple[int, ...]) -> None:
    """Refuse axes that are no order of an array of that rank.

    Raises:
        EvidenceError: they are none.
    """
    if sorted(axes) != list(range(rank)):
        raise EvidenceError(
            f"{name}: axes {list(axes)} are no order of {rank} axes",
            hint=f"name each of {list(range(rank))} once",
        )


def _round(array: npt.NDArray[Any], dtype: str) -> npt.NDArray[Any]:
    if array.dtype.kind not in "fc":
        return array
    if array.dtype.kind == "c":
        parts = [_round(part, dtype) for part in (array.real, array.imag)]
        return np.asarray(parts[0] + 1j * parts[1], dtype=np.complex64)
    if dtype == "bfloat16":
        return _round_bfloat16(array)
    narrow = np.float16 if dtype == "float16" else np.float32
    return array.astype(narrow).astype(np.float32)


def _round_bfloat16(array: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Keep the upper 16 bits of float32, to nearest even."""
    single = np.ascontiguousarray(array, dtype=np.float32)
    bits = single.view(np.uint32)
    up = (bits + (((bits >> np.uint32(16)) & np.uint32(1)) + np.uint32(0x7FFF))) & np.uint32(
        0xFFFF0000
    )
    return np.where(np.isfinite(single), up.view(np.float32), single).reshape(array.shape)

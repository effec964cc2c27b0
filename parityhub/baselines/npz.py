"""Arrays in a .npz, with the same bytes for the same arrays."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.files import open_atomically


def write_npz(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays in the order given, uncompressed, whole or not at all."""
    with open_atomically(path) as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def digest_arrays(*arrays: npt.NDArray[Any]) -> str:
    """Return a sha256 over type, shape and bytes of arrays, as hex."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()

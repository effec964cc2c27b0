"""Arrays in and out of files."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.files import write_arrays as write_npz
from parityhub.errors import EvidenceError

Array = npt.NDArray[Any]


def read_arrays(file: str) -> dict[str, Array]:
    """Read an .npz of named arrays.

    Raises:
        EvidenceError: it is missing, or no such file.
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise EvidenceError(
            f"{Path(file).name} cannot be read: {type(error).__name__}: {error}",
            hint="it must be an .npz of named arrays without Python objects",
        ) from error


def write_arrays(file: str, arrays: Mapping[str, Array]) -> None:
    """Write named arrays to an .npz, bfloat16 as float32."""
    write_npz(Path(file), {name: widen(array) for name, array in arrays.items()})


def write_values(folder: str, arrays: Mapping[str, Array]) -> dict[str, str]:
    """Write each array to a .npy of its own; return name to file."""
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    taken = len(list(root.glob("*.npy")))
    files = {}
    for number, (name, array) in enumerate(arrays.items(), start=taken):
        file = root / f"{number:04d}_{re.sub(r'[^A-Za-z0-9.-]+', '_', name)[-80:]}.npy"
        np.save(file, widen(array), allow_pickle=False)
        files[name] = str(file)
    return files


def widen(array: Array) -> Array:
    """Return a bfloat16 array in float32, which holds it exactly: .npy knows no bfloat16."""
    array = np.asarray(array)
    return array.astype(np.float32) if array.dtype.name == "bfloat16" else array

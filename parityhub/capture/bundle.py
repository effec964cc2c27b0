"""The bundle: a trained model as one zip, weights as HDF5 beside params.json.

The same weights and parameters make the same bytes: names are sorted, times fixed, nothing is
compressed (zlib's output changes with its version), and HDF5 keeps no times.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.files import open_atomically
from parityhub.errors import EvidenceError

WEIGHTS = "weights.h5"
PARAMS = "params.json"

Weights = dict[str, npt.NDArray[Any]]


def write_bundle(
    path: str | Path, weights: Mapping[str, npt.NDArray[Any]], params: Mapping[str, Any]
) -> None:
    """Write a bundle, whole or not at all.

    Args:
        path: where it goes; by custom `wts.h5.zip`.
        weights: arrays by name; a name has no `/`.
        params: JSON values by name; a float comes back bit for bit.

    Raises:
        ValueError: a weight's name has a `/`.
    """
    members = {
        PARAMS: (json.dumps(params, indent=2, sort_keys=True) + "\n").encode(),
        WEIGHTS: _pack_weights(weights),
    }
    with open_atomically(Path(path)) as stream, zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)


def read_bundle(path: str | Path) -> tuple[Weights, dict[str, Any]]:
    """Read a bundle: its weights by name, and its parameters.

    Raises:
        EvidenceError: it is missing, damaged, or not a bundle.
    """
    where = Path(path)
    try:
        with zipfile.ZipFile(where) as archive:
            names = archive.namelist()
            if sorted(names) != sorted((PARAMS, WEIGHTS)):
                raise _refuse(where, f"its members are {', '.join(map(repr, names)) or 'none'}")
            params = json.loads(archive.read(PARAMS))
            weights = _unpack_weights(archive.read(WEIGHTS))
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refuse(where, str(error)) from error
    except (ValueError, KeyError, RecursionError) as error:
        raise _refuse(where, str(error)) from error
    if not isinstance(params, dict):
        raise _refuse(where, f"{PARAMS} is not an object")
    return weights, params


def _refuse(path: Path, why: str) -> EvidenceError:
    line = why.splitlines()[0] if why else "unreadable"
    return EvidenceError(
        f"{path} is not a bundle: {line}", hint=f"a bundle is a zip of {WEIGHTS} and {PARAMS}"
    )


def _pack_weights(weights: Mapping[str, npt.NDArray[Any]]) -> bytes:
    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name in sorted(weights):
            if "/" in name:
                raise ValueError(f"weight name {name!r} has a '/'")
            file.create_dataset(name, data=weights[name], track_times=False)
    return buffer.getvalue()


def _unpack_weights(content: bytes) -> Weights:
    import h5py

    weights: Weights = {}
    with h5py.File(io.BytesIO(content), "r") as file:
        for name in file:
            link = file.get(name, getlink=True)
            node = file[name] if isinstance(link, h5py.HardLink) else None
            # A link, an external or a virtual dataset would read another file.
            if not isinstance(node, h5py.Dataset) or node.external or node.is_virtual:
                raise ValueError(f"{WEIGHTS} holds {name!r}, which is not a plain array")
            if node.dtype.kind not in "biufc":
                raise ValueError(f"{WEIGHTS} holds {name!r} of type {node.dtype}")
            weights[name] = np.asarray(node[()])
    return weights

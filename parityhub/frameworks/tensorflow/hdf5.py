"""Weight files in HDF5: what they hold, read without following anything out of the file."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np

from parityhub.errors import EvidenceError
from parityhub.frameworks.tensorflow.arrays import Array

MEMBER = "model.weights.h5"
"""where a `.keras` file keeps its weights"""
OTHERS = ("optimizer", "metrics", "_loss_tracker", "compile_metrics", "_compile_metrics")
"""groups of what is no weight of the model"""
SEEDS = "seed_generator"


class Held(NamedTuple):
    """What a weight file holds, by Keras's own paths in it."""

    arrays: dict[str, Array]
    names: dict[str, str]
    """group of a layer to the layer's name when it was saved, where the file says it"""


@contextmanager
def open_hdf5(path: Path) -> Iterator[Any]:
    """Open a weight file, or the one inside a `.keras` file.

    Raises:
        EvidenceError: it is missing, damaged, or no such file.
    """
    try:
        if path.suffix == ".keras":
            with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read(MEMBER))) as f:
                yield f
        else:
            with h5py.File(path, "r") as file:
                yield file
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        words = str(error).splitlines() or [type(error).__name__]
        raise EvidenceError(
            f"{path.name} cannot be read: {words[0]}",
            hint="write it with model.save(FILE.keras) or model.save_weights(FILE.weights.h5)",
        ) from error


def read_held(path: Path) -> Held:
    """Read the weights of a file of Keras 3; optimizers, metrics and seeds are left out.

    Raises:
        EvidenceError: it is missing or damaged, or an entry of it leads elsewhere.
    """
    held = Held({}, {})
    with open_hdf5(path) as file:
        check_links(file, path)
        _collect(file, "", held)
    return held


def check_links(group: Any, path: Path) -> None:
    """Refuse what would make a reader follow a link or open another file.

    Raises:
        EvidenceError: there is such an entry.
    """
    for name in group:
        link = group.get(name, getlink=True)
        node = group[name] if isinstance(link, h5py.HardLink) else None
        if isinstance(node, h5py.Group):
            check_links(node, path)
        elif not isinstance(node, h5py.Dataset) or node.external or node.is_virtual:
            raise EvidenceError(
                f"{path.name}: the entry {group.name.strip('/')}/{name} leads elsewhere",
                hint="save the weights into one file of their own",
            )


def _collect(group: Any, path: str, held: Held) -> None:
    for name in group:
        if not path and name in OTHERS:
            continue
        below = f"{path}/{name}" if path else name
        node = group[name]
        if isinstance(node, h5py.Dataset):
            held.arrays[below] = np.asarray(node[()])
        elif not name.startswith(SEEDS):
            if "name" in node.attrs:
                held.names[path] = str(node.attrs["name"])
            _collect(node, below, held)

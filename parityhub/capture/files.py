"""Files that are there whole or not at all."""

import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt


@contextmanager
def open_atomically(path: Path) -> Iterator[BinaryIO]:
    """Open a file to write that takes its name only once it is whole and on disk.

    Raises:
        OSError: the folder cannot be made or written.
    """
    with open_whole(path) as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def open_whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file to write that takes its name only once it is whole.

    A killed program leaves it whole or not at all. A power cut may not: what a training writes as
    it goes along does not wait for the disk, the hub's copy of it does.

    Raises:
        OSError: the folder cannot be made or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as stream:
            yield stream
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """Write a JSON document; a number that is not finite stands as NaN, Infinity or -Infinity."""
    with open_whole(path) as stream:
        stream.write((json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())


def write_new(path: Path, text: str) -> bool:
    """Write a file that is not there yet, whole or not at all; False: another one is there.

    Raises:
        OSError: the folder cannot be made or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        # A link fails where the name is taken; a rename would overwrite.
        os.link(unfinished, path)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write named arrays as .npz, the same bytes for the same arrays; a name may be any text.

    numpy's savez takes names as keyword arguments, of which it has some itself.
    """
    with open_whole(path) as stream, zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)


def write_array(path: Path, array: npt.NDArray[Any]) -> None:
    """Write one array as .npy."""
    with open_whole(path) as stream:
        np.save(stream, np.ascontiguousarray(array), allow_pickle=False)

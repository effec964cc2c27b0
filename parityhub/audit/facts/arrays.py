"""What the headers of npy and npz files say: shapes and sizes. No element is read."""

import io
import math
import zipfile
import zlib

import numpy as np

from parityhub.audit.facts.numbers import NumberFact
from parityhub.audit.roots import Roots, read_within
from parityhub.errors import EvidenceError
from parityhub.hub.bundles import open_bundle
from parityhub.hub.records import Place

HEADER = 1 << 16
MEMBERS = 200


def list_array_numbers(roots: Roots, path: str) -> list[NumberFact]:
    """List what the headers of a file's arrays say; nothing where it can't be read."""
    try:
        if path.endswith(".npz"):
            return _list_members(roots, path)
        data, _ = read_within(roots.hub / path, roots, HEADER)
        return _describe(path, "", _read_shape(data))
    except (EvidenceError, OSError, ValueError, zipfile.BadZipFile, zlib.error, EOFError):
        return []


def _list_members(roots: Roots, path: str) -> list[NumberFact]:
    file = roots.hub / path
    if not roots.admits(file):
        return []
    facts = []
    with open_bundle(file) as archive:
        for member in archive.infolist()[:MEMBERS]:
            with archive.open(member) as stream:
                shape = _read_shape(stream.read(HEADER))
            facts += _describe(path, member.filename.removesuffix(".npy"), shape)
    return facts


def _read_shape(data: bytes) -> tuple[int, ...]:
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    read = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    shape, _, _ = read(stream)
    return tuple(shape)


def _describe(path: str, name: str, shape: tuple[int, ...]) -> list[NumberFact]:
    keys = tuple(filter(None, (name,)))
    place = Place(file=path, pointer=f"/{name}" if name else None)
    facts = [NumberFact("size", math.prod(shape), place, keys)]
    facts += [
        NumberFact("shape", length, place, (*keys, str(axis))) for axis, length in enumerate(shape)
    ]
    if shape:
        facts.append(NumberFact("length", shape[0], place, keys))
    return facts

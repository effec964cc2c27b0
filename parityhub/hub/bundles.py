"""Trained models as they lie in a hub: one zip of weights and `params.json`."""

import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from parityhub.errors import EvidenceError
from parityhub.hub.digests import digest_blocks, read_blocks
from parityhub.hub.records import Digest

MEMBER_LIMIT = 8 << 30
"""bytes; a member that says it is larger is refused before it is read"""
DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
"""what reading a damaged, encrypted or crafted archive may raise"""


@contextmanager
def open_bundle(bundle: Path) -> Iterator[zipfile.ZipFile]:
    """Open a bundle to read it; damage met meanwhile is an error of the evidence.

    Raises:
        EvidenceError: it is not a whole zip, or a member is not to be read.
    """
    try:
        with zipfile.ZipFile(bundle) as archive:
            refuse_members(bundle, archive.infolist())
            yield archive
    except DAMAGE as error:
        raise EvidenceError(
            f"{bundle.name}: not a whole bundle: {error}",
            hint="the program was cut short as it saved; a bundle is a zip of weights.h5 and "
            "params.json",
        ) from error


def refuse_members(bundle: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse a member that climbs out of its archive, claims to be huge, or is there twice."""
    seen = set()
    for member in members:
        parts = re.split(r"[/\\]", member.filename)
        if not parts[0] or ".." in parts:
            raise EvidenceError(
                f"{bundle.name}: member {member.filename!r} leaves the archive",
                hint="do not open it",
            )
        if member.file_size > MEMBER_LIMIT:
            raise EvidenceError(
                f"{bundle.name}: member {member.filename!r} claims {member.file_size} bytes",
                hint="more than a bundle may hold",
            )
        if member.filename in seen:
            raise EvidenceError(
                f"{bundle.name}: member {member.filename!r} is there twice",
                hint="which of them counts is not to be known",
            )
        seen.add(member.filename)


def digest_members(bundle: Path) -> tuple[Digest, ...]:
    """Digest each member of a bundle.

    Raises:
        EvidenceError: it is not a whole zip, or a member's name leaves the archive.
    """
    digests = []
    with open_bundle(bundle) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                blocks = read_blocks(cast(BinaryIO, stream))
                digests.append(digest_blocks(blocks, member.filename))
    return tuple(digests)


def read_params(bundle: Path) -> dict[str, Any]:
    """Read a bundle's params.json.

    Raises:
        EvidenceError: it is missing or not a JSON object.
    """
    with open_bundle(bundle) as archive:
        params = json.loads(archive.read("params.json"))
    if not isinstance(params, dict):
        raise EvidenceError(f"{bundle.name}: params.json is not an object", hint="see docs")
    return params


def count_weights(bundle: Path) -> int:
    """Open the weights and count their arrays; each must be there, of numbers, and finite.

    Raises:
        EvidenceError: the weights cannot be read, are empty, or hold NaN or infinities.
    """
    import h5py

    names: list[str] = []

    def note(name: str, node: Any) -> None:
        if isinstance(node, h5py.Dataset):
            names.append(name)

    arrays = 0
    with open_bundle(bundle) as archive:
        weights = io.BytesIO(archive.read("weights.h5"))
        with h5py.File(weights, "r") as file:
            file.visititems(note)
            for name in names:
                arrays += refuse_weight(file[name], f"{bundle.name}: weight {name}")
    if not arrays:
        raise EvidenceError(f"{bundle.name}: weights.h5 holds no array", hint="nothing was saved")
    return arrays


def refuse_weight(weight: Any, name: str) -> bool:
    """Refuse an array that is not finite or lies in another file; say whether it has elements."""
    import numpy as np

    if weight.external or weight.is_virtual:
        raise EvidenceError(f"{name} lies in another file", hint="save the weights in one file")
    if weight.dtype.kind not in "biufc":
        raise EvidenceError(f"{name} is of type {weight.dtype}, not numbers", hint="save numbers")
    values = np.asarray(weight[()])
    if not np.isfinite(values).all():
        raise EvidenceError(f"{name} holds NaN or infinity", hint="the training diverged")
    return bool(values.size)

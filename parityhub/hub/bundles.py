"""Trained models as they lie in a hub: one zip of weights and `params.json`."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from parityhub.errors import EvidenceError
from parityhub.hub.digests import digest_blocks, read_blocks
from parityhub.hub.records import Digest

MEMBER_LIMIT = 8 << 30
"""bytes; a member that says it is larger is refused before it is read"""


def digest_members(bundle: Path) -> tuple[Digest, ...]:
    """Digest each member of a bundle.

    Raises:
        EvidenceError: it is not a whole zip, or a member's name leaves the archive.
    """
    digests = []
    try:
        with zipfile.ZipFile(bundle) as archive:
            for info in archive.infolist():
                refuse_member(bundle, info)
                with archive.open(info) as stream:
                    digests.append(digest_blocks(read_blocks(stream), info.filename))  # type: ignore[arg-type]
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise EvidenceError(
            f"{bundle.name}: not a whole zip: {error}", hint="the program was cut short as it saved"
        ) from error
    return tuple(digests)


def refuse_member(bundle: Path, info: zipfile.ZipInfo) -> None:
    """Refuse a member that climbs out of its archive or claims to be huge."""
    if info.filename.startswith("/") or ".." in info.filename.split("/"):
        raise EvidenceError(
            f"{bundle.name}: member {info.filename!r} leaves the archive", hint="do not open it"
        )
    if info.file_size > MEMBER_LIMIT:
        raise EvidenceError(
            f"{bundle.name}: member {info.filename!r} claims {info.file_size} bytes",
            hint="more than a bundle may hold",
        )


def read_params(bundle: Path) -> dict[str, Any]:
    """Read a bundle's params.json.

    Raises:
        EvidenceError: it is missing or not a JSON object.
    """
    try:
        with zipfile.ZipFile(bundle) as archive:
            params = json.loads(archive.read("params.json"))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise EvidenceError(
            f"{bundle.name}: params.json cannot be read: {error}",
            hint="a bundle is a zip of weights.h5 and params.json",
        ) from error
    if not isinstance(params, dict):
        raise EvidenceError(f"{bundle.name}: params.json is not an object", hint="see docs")
    return params


def count_weights(bundle: Path) -> int:
    """Open the weights and count their arrays; each must be there and finite.

    Raises:
        EvidenceError: the weights cannot be read, are empty, or hold NaN or infinities.
    """
    import h5py
    import numpy as np

    arrays = 0
    try:
        with zipfile.ZipFile(bundle) as archive:
            weights = io.BytesIO(archive.read("weights.h5"))
        with h5py.File(weights, "r") as file:
            names: list[str] = []
            file.visititems(
                lambda name, node: names.append(name) if isinstance(node, h5py.Dataset) else None
            )
            for name in names:
                values = np.asarray(file[name][()])
                arrays += 1
                if not np.isfinite(values).all():
                    raise EvidenceError(
                        f"{bundle.name}: weight {name} holds NaN or infinity",
                        hint="the training diverged",
                    )
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise EvidenceError(
            f"{bundle.name}: weights.h5 cannot be read: {error}",
            hint="a bundle is a zip of weights.h5 and params.json",
        ) from error
    if not arrays:
        raise EvidenceError(f"{bundle.name}: weights.h5 holds no array", hint="nothing was saved")
    return arrays

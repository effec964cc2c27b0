"""What a guard holds against: what was accepted, as a folder of its own, digested.

`reference.json` says what was accepted, where and when, and lists each other file with its digests;
`reference.json.sha1` is its sidecar. The files lie beside it, or in the hub of the accepted run.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import field

from parityhub.capture.files import open_atomically
from parityhub.errors import EvidenceError
from parityhub.hub.digests import digest_bytes, digest_file
from parityhub.hub.layout import sidecar_path
from parityhub.hub.parity_records import ComparisonRecord
from parityhub.hub.records import CheckRecord, Digest, Record

FILE = "reference.json"
HINT = "restore it from git, or write the guard anew with `parityhub guard PHASE --replace`"


class UpdateRecord(Record, frozen=True, kw_only=True):
    """A change that was accepted later."""

    time: str
    reason: str
    commit: str | None
    changed: tuple[str, ...]
    """what it changed, each in a line: from what, to what"""


class GuardedOutput(Record, frozen=True, kw_only=True):
    """An output of a pair as it was accepted."""

    name: str
    tolerance: float
    """how far it may move; that of the accepted comparison"""
    tolerance_reason: str
    files: dict[str, str]
    """side to the name of its file, as the side names it"""


class Reference(Record, frozen=True, kw_only=True):
    """What was accepted of a phase: the outputs of a pair, or what its runs left."""

    format: Literal[1] = 1
    plan: str
    """relative to the repository"""
    phase: str
    hub: str
    """where it was accepted, relative to the repository"""
    accepted: str
    """when the run ended"""
    commit: str | None
    checks: tuple[CheckRecord, ...]
    """as they were answered, each with PASS"""
    pair: str = ""
    """the pair of the one check; empty: the phase's runs are guarded"""
    comparison: ComparisonRecord | None = None
    outputs: tuple[GuardedOutput, ...] = ()
    data: Literal["beside", "hub"] = "beside"
    """where the files lie"""
    files: dict[str, Digest] = field(default_factory=dict)
    """`inputs`, `weights`, `tensorflow/NAME`, `pytorch/NAME`; paths relative to where they lie"""
    updates: tuple[UpdateRecord, ...] = ()


def write_reference(folder: Path, reference: Reference) -> None:
    """Write reference.json and its sidecar.

    Raises:
        OSError: they cannot be written.
    """
    data = msgspec.json.format(msgspec.json.encode(reference), indent=2) + b"\n"
    folder.mkdir(parents=True, exist_ok=True)
    with open_atomically(folder / FILE) as stream:
        stream.write(data)
    with open_atomically(folder / sidecar_path(FILE)) as stream:
        stream.write(f"{digest_bytes(data, FILE).sha1}  {FILE}\n".encode())


def read_reference(folder: Path) -> Reference:
    """Read what was accepted, and see that it is what was written.

    Raises:
        EvidenceError: it is missing, damaged, or was changed since.
    """
    file = folder / FILE
    try:
        data = file.read_bytes()
        sidecar = (folder / sidecar_path(FILE)).read_text(encoding="ascii")
        reference = msgspec.json.decode(data, type=Reference)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise EvidenceError(f"{file}: no reference of a guard: {error}", hint=HINT) from error
    if sidecar.split()[:1] != [digest_bytes(data, FILE).sha1]:
        raise EvidenceError(f"{file}: is not what its sha1 sidecar says", hint=HINT)
    return reference


def find_root(folder: Path, reference: Reference) -> Path:
    """Return the repository: the nearest folder above that has the plan.

    Raises:
        EvidenceError: there is none.
    """
    for root in folder.resolve().parents:
        if (root / reference.plan).is_file():
            return root
    raise EvidenceError(
        f"{folder}: no folder above it has {reference.plan}",
        hint="the guard belongs into the repository of its plan",
    )


def locate_files(folder: Path, reference: Reference) -> Mapping[str, Path]:
    """Return each file by its name, once its bytes are seen to be those recorded.

    Raises:
        EvidenceError: one is missing, or is another.
    """
    base = folder if reference.data == "beside" else find_root(folder, reference) / reference.hub
    found = {}
    for name, recorded in reference.files.items():
        path = base / recorded.path
        try:
            digest = digest_file(path, recorded.path)
        except OSError as error:
            raise EvidenceError(f"{path}: {error.strerror}", hint=HINT) from error
        if digest.sha256 != recorded.sha256:
            raise EvidenceError(
                f"{path}: sha256 {digest.sha256[:12]}, recorded is {recorded.sha256[:12]}",
                hint=HINT,
            )
        found[name] = path
    return found


def shorten(path: Path, root: Path) -> str:
    """Return a path relative to the repository, with forward slashes."""
    return Path(os.path.relpath(path.resolve(), root.resolve())).as_posix()

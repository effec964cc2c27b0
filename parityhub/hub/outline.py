"""A hub in outline: its manifest, the newest run of each phase, and the attempts that count.

A thousand hubs are read one after another; of each only these few records are, and kept by nobody.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from parityhub.errors import Error, EvidenceError
from parityhub.hub import layout
from parityhub.hub.records import (
    AttemptRecord,
    Manifest,
    ManifestItem,
    PhaseRecord,
    Record,
    RunStart,
)
from parityhub.hub.store import read_manifest

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class PhaseOutline:
    """The newest whole run of a phase."""

    record: PhaseRecord
    path: str
    """of the record"""
    attempts: dict[str, tuple[str, AttemptRecord]]
    """baseline to the path and record of the attempt that counts"""


@dataclass(frozen=True)
class HubOutline:
    """What a ledger over many hubs needs of one."""

    root: Path
    created: str
    phases: dict[str, PhaseOutline] = field(default_factory=dict)
    opened: dict[str, RunStart] = field(default_factory=dict)
    """phase to the start of its newest run, where that run has left no record"""
    unreadable: str = ""
    """why nothing of the hub can be shown; empty: it can"""

    @property
    def stamp(self) -> str:
        """The stamp: the name of the folder that the hub lies in."""
        return self.root.parent.name


def read_outline(root: Path, initiative: str) -> HubOutline | None:
    """Read a hub in outline; None: it is of another initiative.

    A hub that is damaged is told as such, and does not keep the others from being shown.
    """
    try:
        manifest = read_manifest(root)
        if manifest.initiative != initiative:
            return None
        return outline_hub(root, manifest)
    except Error as error:
        text = error.message.replace(f"{root}/", "").replace(str(root), root.name)
        return HubOutline(root=root, created="", unreadable=text)


def outline_hub(root: Path, manifest: Manifest) -> HubOutline:
    """Read the records that the manifest lists of each phase's newest run.

    Raises:
        EvidenceError: one is missing, damaged, or not what the manifest lists.
    """
    items = {item.path: item for item in manifest.artifacts}
    phases: dict[str, PhaseOutline] = {}
    starts: dict[str, RunStart] = {}
    for path, item in items.items():
        kind = layout.split_record_path(path)
        if kind == "phase":
            record = read_listed(root, item, PhaseRecord)
            held = phases.get(record.phase)
            if held is None or record.run > held.record.run:
                phases[record.phase] = PhaseOutline(record, path, {})
        elif kind == "run-start":
            start = read_listed(root, item, RunStart)
            if start.phase not in starts or start.run > starts[start.phase].run:
                starts[start.phase] = start
    for outline in phases.values():
        for side in outline.record.sides:
            if side.counts is None:
                continue
            path = layout.attempt_path(side.folder, outline.record.phase, side.name, side.counts)
            if path not in items:
                raise EvidenceError(
                    f"{path}: the attempt that counts is not in the manifest",
                    hint="the hub is damaged",
                )
            attempt = read_listed(root, items[path], AttemptRecord)
            outline.attempts[side.name] = (path, attempt)
    opened = {
        phase: start
        for phase, start in starts.items()
        if phase not in phases or start.run > phases[phase].record.run
    }
    return HubOutline(root=root, created=manifest.created, phases=phases, opened=opened)


def read_listed(root: Path, item: ManifestItem, kind: type[R]) -> R:
    """Read a record and see that it is the one that the manifest lists."""
    file = root / item.path
    try:
        data = file.read_bytes()
        if sha256(data).hexdigest() != item.sha256:
            raise EvidenceError(
                f"{file}: not the file that the manifest lists", hint="the hub was changed by hand"
            )
        return msgspec.json.decode(data, type=kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EvidenceError(
            f"{file}: not a {kind.__name__}: {error}", hint="the record is missing or damaged"
        ) from error

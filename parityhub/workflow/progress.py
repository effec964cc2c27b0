"""What is running, read from the hub that it writes: its records appear there as it goes.

Evidence is written once, so a record that was read is not read again. Nothing is asked of the
process that runs, and nothing is locked.
"""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict, TypeVar

import msgspec

from parityhub.errors import EvidenceError
from parityhub.hub import layout
from parityhub.hub.lock import Owner, read_owner
from parityhub.hub.records import (
    AttemptRecord,
    AttemptStart,
    BlockerRecord,
    GateRecord,
    PhaseRecord,
    Record,
    RunStart,
    StepRecord,
)
from parityhub.hub.store import list_hub_folders, read_record
from parityhub.plan.model import Plan
from parityhub.report.escape import show_controls

R = TypeVar("R", bound=Record)
RUNS = "parityhub run-phase "
"""what the word of a holder starts with that runs a phase"""
PAUSE = 0.2
"""seconds at least between two looks"""
LOG_LINES = 8
LOG_TAIL = 8192
"""bytes of a log that are read from its end"""


class StepProgress(TypedDict):
    """A step of an attempt that has ended."""

    name: str
    status: str
    seconds: float


class AttemptProgress(TypedDict):
    """An attempt of the run."""

    baseline: str
    number: int
    rung: str
    title: str
    status: str
    """`running`, or what came of it"""
    started: str
    steps: list[StepProgress]


class LogProgress(TypedDict):
    """The log that was written last."""

    file: str
    lines: list[str]


class Progress(TypedDict):
    """What a process does in a hub."""

    hub: str
    command: str
    since: str
    phase: str | None
    """None: it runs no phase, or has not begun"""
    title: str
    run: int | None
    gate: str
    """colour and reason of the gate; empty: it has not ended, or there is none"""
    attempts: list[AttemptProgress]
    blockers: list[str]
    log: LogProgress | None


class ProgressReader:
    """Reads what is running. Several threads may ask: what one has just read, others are told.

    Args:
        plan: of the hubs.
        reports: the folder of hubs.
    """

    def __init__(self, plan: Plan, reports: Path) -> None:
        self.plan = plan
        self.reports = reports
        self.records: dict[Path, Record] = {}
        self.lock = threading.Lock()
        self.last: list[Progress] = []
        self.next_look = 0.0

    def read(self) -> list[Progress]:
        """Return what runs in each hub that is held, the oldest hub first."""
        with self.lock:
            if time.monotonic() >= self.next_look:
                self.last = self.look()
                self.next_look = time.monotonic() + PAUSE
            return self.last

    def look(self) -> list[Progress]:
        """Read it anew."""
        held = [
            (root, owner)
            for root in list_hub_folders(self.reports, self.plan.initiative.hub)
            if (owner := read_owner(root)) is not None
        ]
        self.records = {
            path: record
            for path, record in self.records.items()
            if any(path.is_relative_to(root) for root, _ in held)
        }
        return [self.read_hub(root, owner) for root, owner in held]

    def read_hub(self, root: Path, owner: Owner) -> Progress:
        """Return what runs in a hub."""
        paths = sorted(
            (Path(folder) / name).relative_to(root).as_posix()
            for folder, _, names in os.walk(root)
            for name in names
        )
        start = self.find_start(root, paths, owner)
        progress = Progress(
            hub=root.parent.name,
            command=show_controls(owner.command),
            since=owner.since,
            phase=None,
            title="",
            run=None,
            gate="",
            attempts=[],
            blockers=[],
            log=None,
        )
        if start is None:
            return progress
        phase = self.plan.find_phase(start.phase)
        progress["phase"], progress["run"] = start.phase, start.run
        progress["title"] = phase.title if phase else ""
        for _, gate in self.walk(root, paths, "gate", GateRecord):
            if (gate.phase, gate.run) == (start.phase, start.run):
                progress["gate"] = show_controls(f"{gate.color}: {gate.reason}")
        progress["attempts"] = self.list_attempts(root, paths, start)
        numbers = {(item["baseline"], item["number"]) for item in progress["attempts"]}
        progress["blockers"] = [
            show_controls(blocker.title)
            for _, blocker in self.walk(root, paths, "blocker", BlockerRecord)
            if blocker.phase == start.phase and (blocker.baseline, blocker.attempt) in numbers
        ]
        progress["log"] = find_log(root, [path for path in paths if layout.is_log(path)])
        return progress

    def find_start(self, root: Path, paths: Sequence[str], owner: Owner) -> RunStart | None:
        """Return the start of the run that the holder is at: it has left no record yet.

        One that is older than the holder was interrupted, unless the holder goes on with it.
        """
        ended = {
            (record.phase, record.run) for _, record in self.walk(root, paths, "phase", PhaseRecord)
        }
        starts = [
            start
            for _, start in self.walk(root, paths, "run-start", RunStart)
            if (start.phase, start.run) not in ended
            and (start.started >= owner.since or owner.command == RUNS + start.phase)
        ]
        return max(starts, key=lambda start: start.started, default=None)

    def list_attempts(
        self, root: Path, paths: Sequence[str], run: RunStart
    ) -> list[AttemptProgress]:
        """Return the attempts of a run, in the order in which they began."""
        ended = {
            (record.baseline, record.number): record.status
            for _, record in self.walk(root, paths, "attempt", AttemptRecord)
            if record.phase == run.phase
        }
        steps: dict[str, list[StepProgress]] = {}
        for path, step in self.walk(root, paths, "step", StepRecord):
            told = StepProgress(name=step.name, status=step.status, seconds=step.seconds)
            steps.setdefault(path.rpartition("/")[0], []).append(told)
        found = [
            AttemptProgress(
                baseline=start.baseline,
                number=start.number,
                rung=start.rung,
                title=show_controls(start.rung_title),
                status=ended.get((start.baseline, start.number), "running"),
                started=start.started,
                steps=steps.get(path.rpartition("/")[0], []),
            )
            for path, start in self.walk(root, paths, "started", AttemptStart)
            if (start.phase, start.run) == (run.phase, run.run)
        ]
        return sorted(found, key=lambda item: (item["started"], item["baseline"], item["number"]))

    def walk(
        self, root: Path, paths: Sequence[str], kind: str, record: type[R]
    ) -> Iterator[tuple[str, R]]:
        """Yield the records of a kind, each with its path."""
        for path in paths:
            if layout.split_record_path(path) == kind:
                found = self.read_once(root / path, record)
                if found is not None:
                    yield path, found

    def read_once(self, path: Path, kind: type[R]) -> R | None:
        """Return a record; None: it cannot be read."""
        held = self.records.get(path)
        if isinstance(held, kind):
            return held
        try:
            record = read_record(path, kind)
        except EvidenceError:
            return None
        self.records[path] = record
        return record


def find_log(root: Path, paths: Sequence[str]) -> LogProgress | None:
    """Return the last lines of the log that was written last; None: there is none."""
    try:
        newest = max(paths, key=lambda path: (root / path).lstat().st_mtime_ns, default=None)
        if newest is None or (root / newest).is_symlink():
            return None
        with (root / newest).open("rb") as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - LOG_TAIL))
            lines = stream.read(LOG_TAIL).decode("utf-8", "replace").splitlines()
    except OSError:
        return None
    shown = [show_controls(line, keep="\t") for line in lines if line.strip()]
    return LogProgress(file=newest, lines=shown[-LOG_LINES:])


def encode_progress(progress: list[Progress]) -> str:
    """Return progress as one line of JSON."""
    return msgspec.json.encode(progress).decode()

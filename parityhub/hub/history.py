"""What a hub tells of its runs: its records, read once, in the order in which they came about."""

from dataclasses import dataclass, field

from parityhub.hub import layout
from parityhub.hub.figure_records import FiguresRecord
from parityhub.hub.import_records import ImportRecord
from parityhub.hub.ledger_records import DecisionRecord, TouchedRecord, TriageRecord, TurnRecord
from parityhub.hub.parity_records import ComparisonRecord, LocalizationRecord
from parityhub.hub.records import (
    AttemptRecord,
    AttemptStart,
    BlockerRecord,
    GateRecord,
    PhaseRecord,
    RunStart,
    StepRecord,
)
from parityhub.hub.store import Hub


@dataclass
class History:
    """A hub's records. Attempts, steps and blockers are keyed by the path of their record."""

    starts: list[RunStart] = field(default_factory=list)
    phases: list[PhaseRecord] = field(default_factory=list)
    gates: list[GateRecord] = field(default_factory=list)
    attempts: dict[str, AttemptRecord] = field(default_factory=dict)
    attempt_starts: dict[str, AttemptStart] = field(default_factory=dict)
    steps: dict[str, StepRecord] = field(default_factory=dict)
    blockers: dict[str, BlockerRecord] = field(default_factory=dict)
    """keyed by the path of the blocker itself"""
    comparisons: dict[str, ComparisonRecord] = field(default_factory=dict)
    localizations: dict[str, LocalizationRecord] = field(default_factory=dict)
    imported: ImportRecord | None = None
    """what was kept by hand and taken over, if anything was"""

    turns: list[TurnRecord] = field(default_factory=list)
    """in the order in which they were added"""
    decisions: list[DecisionRecord] = field(default_factory=list)
    """in the order in which they were made"""
    triages: list[TriageRecord] = field(default_factory=list)
    """in the order in which they were made"""
    touched: dict[tuple[str, int], TouchedRecord] = field(default_factory=dict)
    """keyed by phase and run"""
    figures: dict[str, FiguresRecord] = field(default_factory=dict)

    def last_phase(self, phase: str) -> PhaseRecord | None:
        """Return the record of the newest whole run of a phase."""
        runs = [record for record in self.phases if record.phase == phase]
        return max(runs, key=lambda record: record.run, default=None)

    def last_start(self, phase: str) -> RunStart | None:
        """Return the start of the newest run of a phase, whole or not."""
        starts = [start for start in self.starts if start.phase == phase]
        return max(starts, key=lambda start: start.run, default=None)

    def list_decisions(self) -> list[DecisionRecord]:
        """Return the newest decision of each id, the oldest first."""
        newest = {decision.id: decision for decision in self.decisions}
        return [decision for decision in self.decisions if newest[decision.id] is decision]

    def list_attempts(self, phase: str, baseline: str) -> list[AttemptRecord]:
        """Return the attempts of a baseline in a phase, in order of their numbers."""
        found = [
            record
            for record in self.attempts.values()
            if record.phase == phase and record.baseline == baseline
        ]
        return sorted(found, key=lambda record: record.number)

    def list_open_starts(self, phase: str, baseline: str) -> list[tuple[str, AttemptStart]]:
        """Return the attempts that began and left no record: each with its folder."""
        return [
            (path.rsplit("/", 1)[0], start)
            for path, start in self.attempt_starts.items()
            if start.phase == phase
            and start.baseline == baseline
            and path.rsplit("/", 1)[0] + "/attempt.json" not in self.attempts
        ]

    def counting_attempt(self, phase: str, baseline: str) -> AttemptRecord | None:
        """Return the attempt that counts for a baseline in the newest whole run of a phase."""
        record = self.last_phase(phase)
        side = next((s for s in record.sides if s.name == baseline), None) if record else None
        if side is None or side.counts is None:
            return None
        attempts = self.list_attempts(phase, baseline)
        return next((a for a in attempts if a.number == side.counts), None)


def read_history(hub: Hub) -> History:
    """Read each record that the manifest lists.

    Raises:
        EvidenceError: a record is damaged.
    """
    history = History()
    for item in hub.manifest.artifacts:
        kind = layout.split_record_path(item.path)
        if kind == "attempt":
            history.attempts[item.path] = hub.read_record(item.path, AttemptRecord)
        elif kind == "started":
            history.attempt_starts[item.path] = hub.read_record(item.path, AttemptStart)
        elif kind == "step":
            history.steps[item.path] = hub.read_record(item.path, StepRecord)
        elif kind == "phase":
            history.phases.append(hub.read_record(item.path, PhaseRecord))
        elif kind == "run-start":
            history.starts.append(hub.read_record(item.path, RunStart))
        elif kind == "gate":
            history.gates.append(hub.read_record(item.path, GateRecord))
        elif kind == "blocker":
            blocker = hub.read_record(item.path, BlockerRecord)
            history.blockers[blocker.path] = blocker
        elif kind == "comparison":
            history.comparisons[item.path] = hub.read_record(item.path, ComparisonRecord)
        elif kind == "localization":
            history.localizations[item.path] = hub.read_record(item.path, LocalizationRecord)
        elif kind == "import":
            history.imported = hub.read_record(item.path, ImportRecord)
        elif kind == "turn":
            history.turns.append(hub.read_record(item.path, TurnRecord))
        elif kind == "decision":
            history.decisions.append(hub.read_record(item.path, DecisionRecord))
        elif kind == "triage":
            history.triages.append(hub.read_record(item.path, TriageRecord))
        elif kind == "touched":
            touched = hub.read_record(item.path, TouchedRecord)
            history.touched[touched.phase, touched.run] = touched
        elif kind == "figures":
            history.figures[item.path] = hub.read_record(item.path, FiguresRecord)
    history.turns.sort(key=lambda turn: turn.number)
    history.decisions.sort(key=lambda decision: (decision.time, decision.number))
    history.triages.sort(key=lambda triage: (triage.time, triage.blocker, triage.number))
    history.phases.sort(key=lambda record: (record.ended, record.run))
    history.starts.sort(key=lambda start: (start.started, start.run))
    return history

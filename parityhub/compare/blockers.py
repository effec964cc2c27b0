"""Blockers against what came after them: open, passed since, or closed; with or without a name."""

from dataclasses import dataclass
from posixpath import basename
from typing import Literal

from parityhub.hub.history import History
from parityhub.hub.ledger_records import TriageRecord
from parityhub.hub.records import AttemptRecord, BlockerRecord, PhaseRecord

UNKNOWN = "unknown"


@dataclass(frozen=True)
class BlockerStanding:
    """A blocker and what became of it."""

    record: BlockerRecord
    named: TriageRecord | None
    """the triage that gave it a name"""
    closed: TriageRecord | None
    """the triage that closed it"""
    later: AttemptRecord | PhaseRecord | None
    """what passed after it: an attempt of its side, or a run with a green gate"""

    @property
    def issue(self) -> str:
        """The known issue: recorded with it, or given by triage; else `unknown`."""
        if self.named is not None and self.named.issue is not None:
            return self.named.issue
        return self.record.known_issue

    @property
    def state(self) -> Literal["open", "passed", "closed"]:
        """What became of it; open: nothing has passed since."""
        return "closed" if self.closed else "passed" if self.later else "open"

    @property
    def waits(self) -> bool:
        """Whether somebody has to look: it is open, or nobody knows what it was."""
        return self.state == "open" or (self.issue == UNKNOWN and self.state != "closed")


def list_blockers(history: History) -> list[BlockerStanding]:
    """Return each blocker with what became of it, the oldest first."""
    return [
        judge_blocker(blocker, history)
        for blocker in sorted(history.blockers.values(), key=lambda b: (b.time, b.path))
    ]


def judge_blocker(blocker: BlockerRecord, history: History) -> BlockerStanding:
    """Return what became of a blocker."""
    own = [triage for triage in history.triages if triage.blocker == blocker.path]
    named = [triage for triage in own if triage.kind == "named"]
    closed = [triage for triage in own if triage.kind == "closed"]
    return BlockerStanding(
        record=blocker,
        named=named[-1] if named else None,
        closed=closed[-1] if closed else None,
        later=find_later_pass(blocker, history),
    )


def find_blocker(reference: str, history: History) -> BlockerRecord | None:
    """Return the blocker of a path or a name, with or without its ending."""
    wanted = reference.removesuffix(".md").removesuffix(".json")
    for path, blocker in history.blockers.items():
        if wanted in (path.removesuffix(".md"), basename(path).removesuffix(".md")):
            return blocker
    return None


def find_later_pass(blocker: BlockerRecord, history: History) -> AttemptRecord | PhaseRecord | None:
    """Return what passed after a blocker: an attempt of its side, or a run with a green gate."""
    if blocker.baseline is None:
        runs = [r for r in history.phases if r.phase == blocker.phase and r.gate]
        green = [r for r in runs if r.gate and r.gate.color == "green" and r.ended > blocker.time]
        return green[-1] if green else None
    later = [
        attempt
        for attempt in history.list_attempts(blocker.phase, blocker.baseline)
        if attempt.status == "passed" and attempt.number > (blocker.attempt or 0)
    ]
    return later[-1] if later else None

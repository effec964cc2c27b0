"""What the summary shows of what people added between the runs: turns and decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from parityhub.compare.blockers import BlockerStanding
from parityhub.compare.decisions import Standing
from parityhub.hub.layout import decision_path, turn_path
from parityhub.hub.ledger_records import EvidenceState, Touched, TouchedRecord, TurnRecord
from parityhub.hub.records import AttemptRecord
from parityhub.report.links import Link, Prose, link_file


@dataclass(frozen=True)
class Journal:
    """What people added to a hub, read from its records."""

    turns: tuple[tuple[TurnRecord, str], ...] = ()
    """each with its prose, the oldest first"""
    decisions: tuple[tuple[Standing, str], ...] = ()
    """each with its prose, the oldest first"""
    blockers: Mapping[str, BlockerStanding] = field(default_factory=dict)
    """what became of each blocker, by its path"""
    touched: Mapping[tuple[str, int], TouchedRecord] = field(default_factory=dict)
    """by phase and run"""


NOTHING_ADDED = Journal()


class TouchedView(TypedDict):
    """The files that were touched."""

    since: str
    files: list[str]
    left_out: int


class TurnView(TypedDict):
    """A turn: when, about what, at which commit, and its prose."""

    time: str
    phase: str | None
    commit: str | None
    dirty: bool | None
    text: Link
    record: Link
    lines: list[str]
    touched: TouchedView | None


class DecisionView(TypedDict):
    """A decision: what it lets happen, on what evidence, and whether it still holds."""

    id: str
    number: int
    time: str
    phase: str
    policy: str
    lets: str
    until: str | None
    lapsed: list[str]
    text: Link
    record: Link
    lines: list[str]
    evidence: list[Prose]


def build_decisions(journal: Journal) -> list[DecisionView]:
    """Build the decisions, newest first."""
    return [
        DecisionView(
            id=standing.record.id,
            number=standing.record.number,
            time=standing.record.time,
            phase=standing.record.phase,
            policy=standing.record.policy,
            lets=standing.record.lets,
            until=standing.record.until,
            lapsed=list(standing.lapsed),
            text=link_file(standing.record.text.path),
            record=link_file(
                decision_path(standing.record.id, standing.record.number), text="record"
            ),
            lines=text.rstrip("\n").split("\n"),
            evidence=[build_state(state) for state in standing.record.evidence],
        )
        for standing, text in reversed(journal.decisions)
    ]


def build_state(state: EvidenceState) -> Prose:
    """Write what a piece of evidence said then."""
    file = state.kind in ("file", "blocker")
    words: Prose = [link_file(state.reference) if file else state.reference]
    if state.says:
        words.append(f" said {state.says}")
    if state.run is not None:
        words.append(f" in run {state.run}")
    if state.kind in ("file", "artifact") and state.digest is not None:
        words.append(f" with sha1 {state.digest.sha1[:12]}")
    return words


class BlockerRow(TypedDict):
    """A blocker of any run, and what became of it."""

    link: Link
    phase: str
    issue: str
    became: Prose


def build_blockers(journal: Journal) -> list[BlockerRow]:
    """Build the rows of all blockers, the newest first."""
    return [
        BlockerRow(
            link=link_file(path),
            phase=standing.record.phase,
            issue=standing.issue,
            became=describe_end(standing),
        )
        for path, standing in reversed(list(journal.blockers.items()))
    ]


def describe_end(standing: BlockerStanding) -> Prose:
    """Say what became of a blocker."""
    closed, later = standing.closed, standing.later
    if closed is not None and closed.attempt is not None:
        return ["closed by ", link_file(closed.attempt, text=f"attempt {closed.attempt_number}")]
    if isinstance(later, AttemptRecord):
        return [f"attempt {later.number} passed since"]
    return ["open" if later is None else f"the gate of run {later.run} is green"]


def build_turns(journal: Journal) -> list[TurnView]:
    """Build the turns, newest first."""
    return [
        TurnView(
            time=turn.time,
            phase=turn.phase,
            commit=turn.git_commit,
            dirty=turn.git_dirty,
            text=link_file(turn.text.path),
            record=link_file(turn_path(turn.number), text="record"),
            lines=text.rstrip("\n").split("\n"),
            touched=build_touched(turn.touched),
        )
        for turn, text in reversed(journal.turns)
    ]


def build_touched(touched: Touched | None) -> TouchedView | None:
    """Build the list of touched files; None where nothing is known of them."""
    if touched is None:
        return None
    return TouchedView(since=touched.since, files=list(touched.files), left_out=touched.left_out)

"""What the summary shows of what people added between the runs: turns, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from parityhub.hub.layout import turn_path
from parityhub.hub.ledger_records import Touched, TouchedRecord, TurnRecord
from parityhub.report.links import Link, link_file


@dataclass(frozen=True)
class Journal:
    """What people added to a hub, read from its records."""

    turns: tuple[tuple[TurnRecord, str], ...] = ()
    """each with its prose, the oldest first"""
    touched: Mapping[tuple[str, int], TouchedRecord] = field(default_factory=dict)
    """by phase and run"""


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

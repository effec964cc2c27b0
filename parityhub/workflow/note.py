"""note: a turn of prose, added to a hub if its evidence does not say otherwise."""

from dataclasses import dataclass
from pathlib import Path

from parityhub.hub import layout
from parityhub.hub.history import read_history
from parityhub.hub.ledger_records import TurnRecord
from parityhub.hub.lock import hold_hub
from parityhub.hub.store import Clock, Hub
from parityhub.plan.read import LoadedPlan
from parityhub.run.git import read_git_state
from parityhub.workflow.hubs import open_hub
from parityhub.workflow.prose import Judged, compose_prose, judge_prose
from parityhub.workflow.request import find_phase
from parityhub.workflow.show import render_hub
from parityhub.workflow.touched import read_touched


@dataclass(frozen=True, kw_only=True)
class Note:
    """A turn as it was asked for."""

    text: str
    title: str
    phase: str | None
    reports: Path
    hub: Path | None
    root: Path
    """the repository"""
    clock: Clock


@dataclass(frozen=True)
class Noted:
    """What came of a turn; without a record it was refused and nothing was written."""

    hub: Hub
    judged: Judged
    record: TurnRecord | None


def add_turn(loaded: LoadedPlan, note: Note) -> Noted:
    """Audit a turn, and keep and show it where nothing stands against it.

    Raises:
        UsageError: no text, no such phase, or a text that a page must not take over.
        HubError: there is no hub, or somebody writes to it.
    """
    if note.phase is not None:
        find_phase(loaded.plan, note.phase)
    text = compose_prose(note.text, note.title, note.phase)
    hub = open_hub(loaded, note.reports, note.hub, note.clock)
    since = layout.format_time(note.clock())
    with hold_hub(hub.root, command="parityhub note", since=since):
        hub = Hub.open(hub.root, note.clock)
        number = number_turn(hub)
        path = layout.turn_text_path(number)
        judged = judge_prose(text, path, hub.root, loaded.plan, note.root)
        if not judged.accepted:
            return Noted(hub, judged, None)
        hub.take_in_strays()
        record = keep_turn(hub, note, judged, number)
        render_hub(hub, loaded.plan, read_history(hub), note.root)
    return Noted(hub, judged, record)


def number_turn(hub: Hub) -> int:
    """Return the number of the next turn, from 1."""
    number = 1
    while hub.has(layout.turn_path(number)) or hub.has(layout.turn_text_path(number)):
        number += 1
    return number


def keep_turn(hub: Hub, note: Note, judged: Judged, number: int) -> TurnRecord:
    """Keep a turn's prose and its record."""
    made_by = f"note {number}"
    git = read_git_state(note.root)
    record = TurnRecord(
        number=number,
        time=layout.format_time(hub.clock()),
        phase=note.phase,
        title=note.title,
        text=hub.keep_bytes(
            layout.turn_text_path(number),
            judged.text.encode(),
            made_by=made_by,
            shows="prose of a turn",
        ),
        confirmed=judged.result.checked.confirmed,
        unverifiable=judged.result.checked.unverifiable,
        git_commit=git.commit,
        git_dirty=git.dirty,
        touched=read_touched(hub, read_history(hub), note.root),
    )
    hub.keep_record(layout.turn_path(number), record, made_by=made_by, shows="record of a turn")
    hub.save_manifest()
    return record

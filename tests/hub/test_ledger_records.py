"""Records of what people add survive a write and a read, and a history tells of them."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parityhub.hub import layout, ledger_records
from parityhub.hub.history import read_history
from parityhub.hub.ledger_records import Touched, TouchedRecord, TurnRecord
from parityhub.hub.records import Record
from parityhub.hub.store import Hub
from tests.hub.any_record import build

KINDS = sorted(
    (
        kind
        for kind in vars(ledger_records).values()
        if isinstance(kind, type)
        and issubclass(kind, Record)
        and kind.__module__ == ledger_records.__name__
    ),
    key=lambda kind: kind.__name__,
)
TOUCHED = Touched(since="0" * 40, files=("a.py",))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_each_record_comes_back_as_it_was(kind: type[Record], data: st.DataObject) -> None:
    record = data.draw(build(kind))
    text = msgspec.json.encode(record)
    assert msgspec.json.decode(text, type=kind) == record
    assert json.loads(text).keys() == set(kind.__struct_fields__)


def keep_turn(hub: Hub, number: int) -> TurnRecord:
    path = layout.turn_text_path(number)
    record = TurnRecord(
        number=number,
        time="2026-11-24T12:00:00Z",
        phase=None,
        title="",
        text=hub.keep_bytes(path, b"text\n", made_by="a test", shows="prose"),
        confirmed=0,
        unverifiable=0,
        git_commit=None,
        git_dirty=None,
    )
    hub.keep_record(layout.turn_path(number), record, made_by="a test", shows="a turn")
    return record


def test_turns_come_in_the_order_in_which_they_were_added(hub: Hub) -> None:
    kept = [keep_turn(hub, number) for number in (10_000, 2, 1)]
    assert read_history(hub).turns == kept[::-1]


def test_touched_files_are_found_by_phase_and_run(hub: Hub) -> None:
    record = TouchedRecord(phase="C1", run=2, touched=TOUCHED)
    hub.keep_record(
        layout.touched_path("c1", "C1", 2), record, made_by="a test", shows="touched files"
    )
    assert read_history(hub).touched == {("C1", 2): record}

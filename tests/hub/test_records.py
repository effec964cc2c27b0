"""Records survive a write and a read, and say so where they cannot."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parityhub.hub import records
from parityhub.hub.records import EnvironmentRecord, Measured, Record
from parityhub.hub.store import Hub
from tests.hub.any_record import build

KINDS = sorted(
    (
        kind
        for kind in vars(records).values()
        if isinstance(kind, type) and issubclass(kind, Record) and kind is not Record
    ),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_each_record_comes_back_as_it_was(kind: type[Record], data: st.DataObject) -> None:
    record = data.draw(build(kind))
    text = msgspec.json.encode(record)
    assert msgspec.json.decode(text, type=kind) == record
    assert json.loads(text).keys() == set(kind.__struct_fields__)


def test_a_float_comes_back_bit_for_bit(hub: Hub) -> None:
    value = 9.882117688026186
    kept = Measured(status="finite", value=value, source=None)
    hub.keep_record("a/measured.json", kept, made_by="a test", shows="a value")
    back = hub.read_record("a/measured.json", Measured).value
    assert isinstance(back, float)
    assert back.hex() == value.hex()


def test_a_number_that_is_not_finite_never_makes_a_document_that_others_cannot_read(
    hub: Hub,
) -> None:
    record = EnvironmentRecord(
        baseline="b",
        attempt=1,
        rung="r",
        level="launcher",
        asked={},
        differences=(),
        launched=(),
        processes=({"options": {"rate": float("nan")}},),
    )
    hub.keep_record("a/env.json", record, made_by="a test", shows="an environment")
    text = hub.path("a/env.json").read_text(encoding="utf-8")
    document = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert document["processes"] == [{"options": {"rate": None}}]


def test_records_of_a_later_version_are_read_without_what_they_add(hub: Hub) -> None:
    data = json.dumps({"file": "a", "pointer": None, "line": 1, "column": 7}).encode()
    hub.keep_bytes("a/place.json", data, made_by="a test", shows="a place")
    assert hub.read_record("a/place.json", records.Place).line == 1


def test_a_record_is_frozen() -> None:
    with pytest.raises(AttributeError):
        records.Place(file="a").file = "b"  # type: ignore[misc]

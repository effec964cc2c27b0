"""Numbers read from what a step left, each with its place and never guessed."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.hub.records import Place
from parityhub.plan.model import StatsSource, Step, ValueSource
from parityhub.run.measure import (
    METRICS,
    MISSING,
    make_measured,
    parse_number,
    read_pointer,
    read_section,
    read_step_stats,
    read_step_values,
    read_value,
)

PLACE = Place(file="f")


@pytest.mark.parametrize(
    ("found", "status", "value"),
    [
        (1.5, "finite", 1.5),
        (0, "finite", 0),
        (True, "text", "true"),
        ("9.88", "text", "9.88"),
        (math.nan, "not-finite", None),
        (-math.inf, "not-finite", None),
        (10**400, "not-finite", None),
        (None, "missing", None),
        (MISSING, "missing", None),
        ([1.0], "missing", None),
        ({"a": 1}, "missing", None),
    ],
)
def test_what_was_found_is_a_value_or_says_why_not(found: Any, status: str, value: Any) -> None:
    measured = make_measured(found, PLACE)
    assert (measured.status, measured.value, measured.source) == (status, value, PLACE)
    assert bool(measured.note) == (status in ("missing", "not-finite"))


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", {"a": {"b/c": [10, 20]}, "d~e": 3}),
        ("/a/b~1c/1", 20),
        ("/d~0e", 3),
        ("/a/b~1c/2", MISSING),
        ("/a/b~1c/-1", MISSING),
        ("/a/b~1c/x", MISSING),
        ("/nothing", MISSING),
        ("/d~0e/deeper", MISSING),
    ],
)
def test_a_pointer_names_an_entry(pointer: str, found: Any) -> None:
    document = {"a": {"b/c": [10, 20]}, "d~e": 3}
    assert read_pointer(document, pointer) == found


@given(st.dictionaries(st.text(max_size=4), st.integers(), min_size=1, max_size=4))
def test_each_key_is_found_by_its_pointer(document: dict[str, int]) -> None:
    for key, value in document.items():
        pointer = "/" + key.replace("~", "~0").replace("/", "~1")
        assert read_pointer(document, pointer) == value


@given(st.floats(allow_nan=False))
def test_a_number_in_a_log_comes_back_bit_for_bit(value: float) -> None:
    assert parse_number(repr(value)) == value


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("1e5", 1e5), ("learned", "learned")])
def test_a_text_that_is_no_number_stays_one(text: str, value: Any) -> None:
    assert parse_number(text) == value


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "o.log").write_text(
        "stats mean=1.5 std=nan\nscale: 2\nscale: 3\n", encoding="utf-8"
    )
    return tmp_path


def read_stats(out: Path, **source: Any) -> dict[str, Any]:
    found = read_section(StatsSource(section="s", **source), out, "p", out / "o.log", "cli/o.log")
    assert tuple(found) == METRICS
    return found


def test_a_section_of_json_has_each_metric_with_its_pointer(out: Path) -> None:
    document = {"patch": {"mean": 1.0, "std": float("nan"), "min": None, "max": "high"}}
    (out / "s.json").write_text(json.dumps(document), encoding="utf-8")
    found = read_stats(out, json="s.json", pointer="/patch")
    assert [measured.status for measured in found.values()] == [
        "finite",
        "not-finite",
        "missing",
        "text",
        "missing",
    ]
    assert found["mean"].source == Place(file="p/s.json", pointer="/patch/mean")


@pytest.mark.parametrize("data", [None, b"", b"{", b"[1]", b'{"patch": 3}', b"[" * 100_000])
def test_where_there_is_no_json_each_metric_is_missing(out: Path, data: bytes | None) -> None:
    if data is not None:
        (out / "s.json").write_bytes(data)
    found = read_stats(out, json="s.json", pointer="/patch")
    assert {measured.status for measured in found.values()} == {"missing"}


def test_a_section_of_a_log_has_the_groups_that_matched(out: Path) -> None:
    pattern = r"mean=(?P<mean>\S+) std=(?P<std>\S+)( max=(?P<max>\S+))?"
    found = read_stats(out, log=pattern)
    assert (found["mean"].status, found["mean"].value) == ("finite", 1.5)
    assert found["mean"].source == Place(file="cli/o.log", line=1)
    assert [found[name].status for name in ("std", "max", "min")] == [
        "not-finite",
        "missing",
        "missing",
    ]


def test_a_section_of_an_array_is_its_amplitudes(out: Path) -> None:
    array = np.array([[[3 + 4j, 0], [0, 0]]])
    np.save(out / "a.npy", array)
    found = read_stats(out, array="a.npy")
    assert (found["mean"].value, found["max"].value) == (1.25, 5.0)
    assert found["mean"].source == Place(file="p/a.npy")


@pytest.mark.parametrize("kind", ["missing", "archive", "cut", "text", "empty", "objects"])
def test_an_array_that_cannot_be_read_leaves_each_metric_missing(out: Path, kind: str) -> None:
    file = out / "a.npy"
    if kind == "archive":
        with file.open("wb") as stream:
            np.savez(stream, a=np.ones(3))
    elif kind == "cut":
        np.save(file, np.ones((8, 8)))
        file.write_bytes(file.read_bytes()[:200])
    elif kind == "text":
        np.save(file, np.array([["a", "b"]]))
    elif kind == "empty":
        np.save(file, np.ones((0, 4, 4)))
    elif kind == "objects":
        file.write_bytes(b"\x93NUMPY\x01\x00" + b"x" * 300)
    found = read_stats(out, array="a.npy")
    assert {measured.status for measured in found.values()} == {"missing"}
    value = read_value(ValueSource(name="v", array="a.npy"), out, "p", out / "o.log", "cli/o.log")
    assert value.status == "missing"


def test_values_come_from_json_from_an_array_and_from_a_log(out: Path) -> None:
    (out / "h.json").write_text('{"scale": [1, 2.5]}', encoding="utf-8")
    np.save(out / "scale.npy", np.float64(7.25))
    np.save(out / "many.npy", np.ones(2))
    step = Step(
        name="train",
        command=("x",),
        values=(
            ValueSource(name="json", json="h.json", pointer="/scale/1"),
            ValueSource(name="array", array="scale.npy"),
            ValueSource(name="many", array="many.npy"),
            ValueSource(name="first", log=r"scale: (?P<value>\d+)", pick="first"),
            ValueSource(name="last", log=r"scale: (?P<value>\d+)"),
            ValueSource(name="none", log=r"nothing: (?P<value>\d+)"),
        ),
        stats=(StatsSource(section="s", log=r"mean=(?P<mean>\S+)"),),
    )
    values = read_step_values(step, out, "p", out / "o.log", "cli/o.log")
    assert {name: measured.value for name, measured in values.items()} == {
        "json": 2.5,
        "array": 7.25,
        "many": None,
        "first": 2,
        "last": 3,
        "none": None,
    }
    assert values["last"].source == Place(file="cli/o.log", line=3)
    assert values["none"].status == "missing"
    assert read_step_stats(step, out, "p", out / "o.log", "x")["s"]["mean"].value == 1.5

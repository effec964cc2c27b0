"""A hub as a row of the site: each number is that of the field it names."""

from pathlib import Path

import pytest

from parityhub.hub.outline import HubOutline, read_outline
from parityhub.hub.records import Measured, RunStart
from parityhub.report.site_view import (
    code_phase,
    encode_measured,
    encode_value,
    list_numbers,
    view_hub,
)
from tests.site_hubs import follow_pointer, read_json


@pytest.fixture(params=[0, 1, 2], ids=["pass", "fail", "blocked"])
def outline(request: pytest.FixtureRequest, ran_hubs: tuple[Path, list[Path]]) -> HubOutline:
    found = read_outline(ran_hubs[1][request.param], "TINY")
    assert found is not None
    return found


def test_each_number_is_where_it_is_said_to_be(outline: HubOutline) -> None:
    numbers = list(list_numbers(outline))
    assert len(numbers) > 5
    for number in numbers:
        document = read_json(outline.root / number.file)
        assert encode_value(follow_pointer(document, number.pointer)) == number.value


def test_what_a_check_took_from_an_attempt_is_told_once(outline: HubOutline) -> None:
    names = [number.key.name for number in list_numbers(outline) if number.key.kind == "check"]
    assert [name for name in names if "output." in name] == []
    assert len(set(names)) == len(names)


def test_verdict_and_reason_are_the_phase_s(outline: HubOutline) -> None:
    record, view = outline.phases["FIT"].record, view_hub(outline)
    assert view["verdict"] == record.verdict
    assert view["reason"] == f"FIT: {record.reason}"
    assert [(cell["verdict"], cell["commit"]) for cell in view["phases"]] == [
        (record.verdict, record.git_commit)
    ]
    assert code_phase(outline, "FIT") == record.verdict[0]
    assert code_phase(outline, "LATER") == "-"


def test_what_has_no_record_yet_and_what_cannot_be_read() -> None:
    start = RunStart(
        phase="FIT",
        run=1,
        started="",
        plan="",
        plan_sha256="",
        brief="",
        git_commit=None,
        git_dirty=None,
    )
    opened = HubOutline(root=Path("a/b"), created="", opened={"FIT": start})
    assert code_phase(opened, "FIT") == "~"
    assert view_hub(opened)["reason"] == "no phase has run"
    broken = HubOutline(root=Path("a/b"), created="", unreadable="no manifest")
    assert code_phase(broken, "FIT") == "!"
    assert (view_hub(broken)["verdict"], view_hub(broken)["reason"]) == (
        "INCONCLUSIVE",
        "no manifest",
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1, 0.1),
        (16, 16),
        (2.0, {"t": "2.0", "v": 2.0}),
        (2**60 + 1, {"t": str(2**60 + 1), "v": float(2**60)}),
        (float("nan"), {"s": "not-finite", "n": "nan"}),
        (None, {"s": "missing", "n": ""}),
        ("abc", "abc"),
        (True, "true"),
    ],
)
def test_a_value_is_encoded_so_that_nothing_of_it_is_lost(value, shown) -> None:
    assert encode_value(value) == shown


def test_a_measured_value_without_a_number_says_why() -> None:
    measured = Measured(status="not-finite", value=None, source=None, note="-inf")
    assert encode_measured(measured) == {"s": "not-finite", "n": "-inf"}

"""The view of an audited report: each claim marked at its characters, nothing lost between."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.findings import State
from parityhub.hub.records import Place
from parityhub.report.audit_view import (
    Linker,
    Part,
    cut_line,
    make_index_view,
    make_report_view,
    name_page,
)
from tests.report.audit_sample import FILE, LOG, TEXT, make_claim, make_result, make_spot

LINKER = Linker("reports/a.md.html", "hub", ())
STATES: tuple[State, ...] = ("confirmed", "refuted", "unverifiable")


def view() -> dict[str, Any]:
    return make_report_view(make_result(), FILE, TEXT, "../hub")


def cut(line: str, *claims: tuple[State, int, int]) -> list[Part]:
    judged = [
        make_claim("number", state, "x", make_spot(1, first, end)) for state, first, end in claims
    ]
    return list(cut_line(line, judged, LINKER))


def test_each_claim_is_marked_where_it_stands() -> None:
    marked = [
        (part["text"], part["state"]) for part in view()["lines"][2]["parts"] if part["state"]
    ]
    assert marked == [
        ("0.25", "confirmed"),
        ("cli/train.log:29", "refuted"),
        ("1.5", "confirmed"),
        ("abcdef12", "unverifiable"),
    ]


def test_a_tag_says_why_and_leads_to_the_evidence() -> None:
    tags = [tag for part in view()["lines"][2]["parts"] for tag in part["tags"]]
    assert tags[1] == {
        "state": "refuted",
        "sign": "✗",
        "codes": "PH301",
        "title": f"citation refuted: line 29 says: 'done'; line 26 does show it ({LOG}:26)",
        "href": f"../../../../hub/{LOG}#L26",
    }
    assert tags[2]["href"] == "../../../../hub/side/phase_b3/analysis/stats.json#%2Fmean"
    assert tags[3]["href"] == ""


def test_findings_stand_worst_first_and_are_named_at_their_lines() -> None:
    told = view()
    assert [item["code"] for item in told["items"]] == ["PH301", "PH602", "PH207"]
    marks = {line["number"]: line["marks"] for line in told["lines"] if line["marks"]}
    assert marks == {
        1: [{"number": 3, "code": "PH207", "severity": "warning"}],
        3: [{"number": 1, "code": "PH301", "severity": "error"}],
        4: [{"number": 2, "code": "PH602", "severity": "error"}],
    }
    assert [item["silenced"] for item in told["silenced"]] == ["captured by hand"]
    assert told["silenced"][0]["number"] == 4


def test_evidence_in_a_report_leads_to_its_page() -> None:
    linker = Linker(name_page("a/b.md"), "../hub", (FILE,))
    assert linker.link_place(Place(file=FILE, line=4)) == {
        "text": f"{FILE}:4",
        "href": f"../../reports/{FILE}.html#L4",
    }
    assert linker.link_place(Place(file=LOG))["href"] == f"../../../hub/{LOG}"


def test_the_index_counts_each_report_and_tells_what_stands_in_none() -> None:
    index = make_index_view(make_result(), "../hub")
    assert [report["page"]["href"] for report in index["reports"]] == [
        f"reports/{FILE}.html",
        "reports/empty.md.html",
    ]
    assert index["reports"][0]["counts"] == {"confirmed": 2, "refuted": 2, "unverifiable": 2}
    assert index["reports"][0]["severities"] == {"error": 2, "warning": 1}
    assert index["reports"][1]["counts"] == dict.fromkeys(STATES, 0)
    assert [item["code"] for item in index["items"]] == ["PH703"]
    assert index["items"][0]["place"]["href"] == f"../hub/{LOG}#L9"


@pytest.mark.parametrize(
    ("claims", "wanted"),
    [
        ([], [("abcdef", None)]),
        ([("confirmed", 1, 7)], [("abcdef", "confirmed")]),
        (
            [("confirmed", 1, 5), ("refuted", 3, 7)],
            [("ab", "confirmed"), ("cd", "refuted"), ("ef", "refuted")],
        ),
        (
            [("unverifiable", 1, 7), ("confirmed", 2, 3)],
            [("a", "unverifiable"), ("b", "unverifiable"), ("cdef", "unverifiable")],
        ),
        ([("refuted", 90, 99)], [("abcdef", None), ("", None)]),
        ([("refuted", 3, 3)], [("ab", None), ("cdef", None)]),
    ],
)
def test_a_line_is_cut_at_its_claims(
    claims: list[tuple[State, int, int]], wanted: list[tuple[str, State | None]]
) -> None:
    parts = cut("abcdef", *claims)
    assert [(part["text"], part["state"]) for part in parts if part["text"]] == [
        entry for entry in wanted if entry[0]
    ]
    assert sum(len(part["tags"]) for part in parts) == len(claims)


@given(
    st.text(alphabet="ab", max_size=12),
    st.lists(
        st.tuples(st.sampled_from(STATES), st.integers(-2, 15), st.integers(-2, 15)), max_size=6
    ),
)
def test_no_character_and_no_claim_is_lost(line: str, claims: list[tuple[State, int, int]]) -> None:
    parts = cut(line, *claims)
    assert "".join(part["text"] for part in parts) == line
    assert sorted(tag["state"] for part in parts for tag in part["tags"]) == sorted(
        state for state, _, _ in claims
    )


@pytest.mark.parametrize("text", ["a\r\nb\rc\nd", "a\r\nb\rc\nd\n"])
def test_lines_are_counted_as_the_audit_counts_them(text: str) -> None:
    lines = make_report_view(make_result(), FILE, text, "")["lines"]
    shown = ["".join(part["text"] for part in line["parts"]) for line in lines]
    assert shown == ["a", "b", "c", "d"]
    assert [line["number"] for line in lines] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "name", ["javascript:alert(1)", "//evil.example/a", "a b?c#d\udcff", "%2e"]
)
def test_no_name_of_a_file_makes_a_link_leave_the_pages(name: str) -> None:
    finding = replace(make_result().findings[0], spot=make_spot(1, file=name))
    result = replace(make_result(), findings=(finding,), reports=(FILE,))
    index = make_index_view(result, "")
    href = urlsplit(index["items"][0]["place"]["href"])
    assert (href.scheme, href.netloc, href.query, href.fragment) == ("", "", "", "L1")
    assert not href.path.startswith("/")

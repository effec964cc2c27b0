"""The card that a notebook shows of a hub."""

from pathlib import Path

import pytest

from parityhub.hub.records import Manifest
from parityhub.report.card import CardView, build_card, make_href, render_card
from tests.report.sample import make_sample

HOSTILE = "<script>alert(1)</script>&\"'\u202e\x1b[31m"


def build(**changes: object) -> CardView:
    sample = make_sample()
    arguments: dict[str, object] = {
        "manifest": sample.manifest,
        "phases": sorted(sample.phases, key=lambda phase: phase.ended),
        "planned": [(phase.id, phase.title) for phase in sample.plan.phases],
        "page": None,
        "rows": [],
    }
    return build_card(**arguments | changes)  # type: ignore[arg-type]


def test_the_newest_run_of_each_phase_counts() -> None:
    view = build()
    newest = {phase.phase: phase for phase in sorted(make_sample().phases, key=lambda p: p.ended)}
    shown = {row["id"]: (row["state"], row["verdict"], row["reason"]) for row in view["phases"]}
    for id_, record in newest.items():
        assert shown[id_] == (record.state, record.verdict, record.reason)
    assert view["verdict"] == "FAIL"


def test_phases_that_have_no_whole_run_are_told_of() -> None:
    view = build(planned=[("NEXT", "to come")], phases=make_sample().phases[:1])
    assert (view["pending"], len(view["phases"])) == (1, 2)
    assert view["phases"][0] == {
        "id": "NEXT", "title": "to come", "state": "pending", "verdict": None, "reason": ""
    }  # fmt: skip
    assert "1 of 2 phases have no whole run" in render_card(view)


def test_all_text_is_shown_and_none_is_active() -> None:
    manifest = Manifest(
        format=1, initiative=HOSTILE, stamp=HOSTILE, created="", plans=(), artifacts=()
    )
    card = render_card(
        build(
            manifest=manifest, planned=[(HOSTILE, HOSTILE)], rows=[(HOSTILE, 1)],
            page=Path(HOSTILE, "summary.html"),
        )
    )  # fmt: skip
    assert "<script" not in card
    assert card.count("&lt;script&gt;") == 5
    assert not {"\u202e", "\x1b"} & set(card)
    assert "\\u202e\\x1b[31m" in card


@pytest.mark.parametrize(
    ("page", "href"),
    [
        ("reports/a b/x#1/summary.html", "reports/a%20b/x%231/summary.html"),
        ("javascript:alert(1)/summary.html", "javascript%3Aalert%281%29/summary.html"),
        ("../hub/summary.html", "../hub/summary.html"),
        ("/data/hub/summary.html", "file:///data/hub/summary.html"),
    ],
)
def test_the_page_is_linked_to_as_the_hub_was_named(page: str, href: str) -> None:
    assert make_href(Path(page)) == href

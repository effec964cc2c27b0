"""Line numbers of citations that moved are mended, and not a byte besides."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parityhub.audit.claims import Spot
from parityhub.audit.findings import AuditResult
from parityhub.audit.fix_citations import Fix, apply_fixes, plan_fixes
from tests.audit.make_hub import audit_text, tell

MOVED = """# Phase B3

Inference loaded 9.882118 (`side/phase_b3/cli/infer_b3.log:4`), as it should.
The patches have `mean=0.125000` (`side/phase_b3/cli/infer_b3.log:1`).
"""
MENDED = MOVED.replace("infer_b3.log:4", "infer_b3.log:2").replace(
    "infer_b3.log:1`", "infer_b3.log:4`"
)


def make_fix(line: int, column: int, end: int, old: int = 29, new: int = 26) -> Fix:
    spot = Spot(file="summary.md", line=line, column=column, end_column=end)
    return Fix(spot=spot, old=old, new=new, evidence="train.log")


def mend(root: Path, text: str) -> tuple[AuditResult, str]:
    result = audit_text(root, text)
    return result, apply_fixes(text, plan_fixes(result).fixes).text


def test_a_moved_line_is_found_again_and_the_audit_has_nothing_more_to_say(tmp_path: Path) -> None:
    result, text = mend(tmp_path / "a", MOVED)
    assert len(tell(result, "PH301")) == 2
    assert text == MENDED
    again = audit_text(tmp_path / "b", text)
    assert tell(again, "PH301") == []
    assert plan_fixes(again).fixes == ()


def test_applying_fixes_twice_is_applying_them_once(tmp_path: Path) -> None:
    fixes = plan_fixes(audit_text(tmp_path, MOVED)).fixes
    once = apply_fixes(MOVED, fixes)
    twice = apply_fixes(once.text, fixes)
    assert (once.applied, twice.applied) == (2, 0)
    assert twice.text == once.text


def test_the_same_wrong_citation_twice_in_a_line_is_mended_twice(tmp_path: Path) -> None:
    cited = "9.882118 (`side/phase_b3/cli/infer_b3.log:4`)"
    _, text = mend(tmp_path, f"It loaded {cited} and once more {cited}.\n")
    assert text.count("infer_b3.log:2") == 2


def test_the_text_and_the_target_of_a_link_are_mended_together(tmp_path: Path) -> None:
    link = "[infer_b3.log:4](side/phase_b3/cli/infer_b3.log#L4)"
    _, text = mend(tmp_path, f"It loaded 9.882118 ({link}).\n")
    assert "[infer_b3.log:2](side/phase_b3/cli/infer_b3.log#L2)" in text


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_stay(tmp_path: Path, end: str, mark: str) -> None:
    text = mark + MOVED.replace("\n", end)
    fixes = plan_fixes(audit_text(tmp_path, MOVED)).fixes
    assert apply_fixes(text, fixes).text == mark + MENDED.replace("\n", end)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("run29.log:29", "run29.log:26"),
        ("a.py:29:29", "a.py:26:29"),
        ("a.log#L29", "a.log#L26"),
        ("29", "26"),
        ("a.log:290", "a.log:290"),
        ("a.log:30", "a.log:30"),
        ("a.log-29", "a.log-29"),
    ],
)
def test_only_the_line_number_is_written_anew(line: str, wanted: str) -> None:
    assert apply_fixes(line, [make_fix(1, 1, len(line) + 1)]).text == wanted


def test_a_longer_number_moves_no_other_fix_of_its_line() -> None:
    text = "a:9 b:9\n"
    fixes = [make_fix(1, 1, 4, 9, 1000), make_fix(1, 5, 8, 9, 10)]
    assert apply_fixes(text, fixes).text == "a:1000 b:10\n"


def test_a_fix_of_a_line_that_is_gone_changes_nothing() -> None:
    assert apply_fixes("a:29", [make_fix(7, 1, 5), make_fix(1, 50, 60)]) == ("a:29", 0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It loaded 9.882118 (`side/phase_b3/cli/infer_b3.log:3-4`).", "it spans several lines"),
        ("`side/phase_b3/cli/infer_b3.log:900` says 9.882118.", ""),
        ("It loaded 9.882118 (`side/phase_b3/cli/infer_b3.log:2`).", ""),
        (
            "<!-- parityhub: ignore[PH301] the log was kept from before -->\n"
            "It loaded 9.882118 (`side/phase_b3/cli/infer_b3.log:4`).",
            "",
        ),
    ],
)
def test_what_no_moved_line_explains_is_left(tmp_path: Path, text: str, reason: str) -> None:
    result, mended = mend(tmp_path, f"{text}\n")
    assert mended == f"{text}\n"
    assert [left.reason for left in plan_fixes(result).left] == ([reason] if reason else [])


def test_a_refuted_citation_for_which_no_line_is_named_is_told(tmp_path: Path) -> None:
    result = audit_text(tmp_path, MOVED)
    claims = tuple(replace(judged, moved_to=None) for judged in result.claims)
    plan = plan_fixes(replace(result, claims=claims))
    assert plan.fixes == ()
    assert {left.reason for left in plan.left} == {"no line is known to show it"}


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(alphabet="ab:29L#\r\n\ufeff", max_size=60),
    places=st.lists(st.tuples(*[st.integers(1, 12)] * 3), max_size=4),
)
def test_nothing_but_digits_ever_changes(text: str, places: list[tuple[int, int, int]]) -> None:
    fixes = [make_fix(line, start, start + size) for line, start, size in places]
    mended = apply_fixes(text, fixes).text
    assert len(mended) == len(text)
    changed = [(old, new) for old, new in zip(text, mended, strict=True) if old != new]
    assert set(changed) <= {("9", "6")}

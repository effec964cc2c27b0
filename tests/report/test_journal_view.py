"""What people added, as a reviewer reads it in the summary."""

from typing import Any

from msgspec.structs import replace

from parityhub.compare.blockers import BlockerStanding
from parityhub.compare.decisions import Standing
from parityhub.hub.ledger_records import (
    DecisionRecord,
    EvidenceState,
    Touched,
    TouchedRecord,
    TriageRecord,
    TurnRecord,
)
from parityhub.hub.records import Digest, Place
from parityhub.report.journal_view import Journal, build_turns
from parityhub.report.render import render_template
from parityhub.report.summary_view import build_summary_view
from tests.report.sample import Sample

DIGEST = Digest(path="turns/turn_0001.md", size=1, sha1="a" * 40, sha256="b" * 64)
COMMIT = "e7a1ea5b6f2f4d0c9a8b7c6d5e4f3a2b1c0d9e8f"
TURN = TurnRecord(
    number=1,
    time="2026-11-24T22:00:00Z",
    phase="C1",
    title="First",
    text=DIGEST,
    confirmed=1,
    unverifiable=0,
    git_commit=COMMIT,
    git_dirty=True,
    touched=Touched(since=COMMIT, files=("a|b.py", "c`.py"), left_out=2),
)
DECISION = DecisionRecord(
    id="ALONE",
    number=1,
    time="2026-11-24T22:00:00Z",
    phase="GS1",
    policy="POLICY-001",
    lets="one-sided",
    text=replace(DIGEST, path="decisions/ALONE_1.md"),
    evidence=(
        EvidenceState(reference="GS1/run:tensorflow", kind="run", says="failed", run=1),
        EvidenceState(reference="a/b.log", kind="file", says="", digest=DIGEST),
    ),
    until="2026-12-31",
    git_commit=None,
    git_dirty=None,
)


def render(sample: Sample, **parts: Any) -> str:
    view = build_summary_view(**sample.summary_arguments(), journal=Journal(**parts))
    return render_template("summary.md.j2", view)


def test_without_entries_nothing_is_shown_of_them(sample: Sample) -> None:
    text = render(sample)
    assert not any(heading in text for heading in ("## Turns", "## Decisions", "\n## Blockers"))
    assert "Files touched" not in text


def test_the_newest_turn_comes_first_word_for_word(sample: Sample) -> None:
    second = replace(TURN, number=2, phase=None, git_commit=None, touched=None)
    text = render(sample, turns=((TURN, "### Turn\n\n- *one*\n"), (second, "two\n")))
    assert text.index("> two") < text.index("> ### Turn\n>\n> - *one*\n")
    assert (
        "2026-11-24T22:00:00Z, phase `C1`, commit `e7a1ea5b6f2f` with uncommitted changes "
        "([turn_0001.md](turns/turn_0001.md), [record](turns/turn_0001.json)):\n\n> ###"
    ) in text
    assert "Files touched since `e7a1ea5b6f2f`: a\\|b.py, ``c`.py``, and 2 more\n" in text


def test_a_decision_is_shown_with_what_its_evidence_said(sample: Sample) -> None:
    text = render(sample, decisions=((Standing(DECISION, ()), "Why.\n"),))
    assert "phase `GS1`: `POLICY-001` is to allow `one-sided`, until 2026-12-31 ([ALONE" in text
    assert "> Why.\n\nIt stands while its evidence is what it was:\n\n" in text
    assert "- GS1/run:tensorflow said failed in run 1\n" in text
    assert "- [b.log](a/b.log) with sha1 aaaaaaaaaaaa\n" in text
    lapsed = render(sample, decisions=((Standing(DECISION, ("x | y", "z")), "Why.\n"),))
    assert "**Lapsed**: x \\| y; z.\n\n- GS1/run" in lapsed
    assert "It stands" not in lapsed


def test_triage_is_shown_at_the_blocker_and_in_the_list_of_all(sample: Sample) -> None:
    path, blocker = next(iter(sample.blockers.items()))
    named = TriageRecord(
        blocker=path,
        number=1,
        time="2026-11-24T22:00:00Z",
        kind="named",
        issue="NEW-1",
        summary="<b>none</b>",
        mitigation="m",
        place=Place(file="a/b.log", line=3),
        line="x",
        git_commit=None,
        git_dirty=None,
    )
    closed = replace(named, number=2, kind="closed", attempt="a/attempt.json", attempt_number=4)
    blockers = {path: BlockerStanding(blocker, named, closed, None)}
    text = render(sample, blockers=blockers)
    assert "| `NEW-1` | closed by [attempt 4](a/attempt.json) |" in text
    assert "  - named `NEW-1` on 2026-11-24T22:00:00Z: &lt;b>none&lt;/b> ([record](" in text
    open_ = render(sample, blockers={path: BlockerStanding(blocker, None, None, None)})
    assert f"| `{blocker.known_issue}` | open |" in open_


def test_files_that_were_touched_stand_in_the_checklist(sample: Sample) -> None:
    touched = TouchedRecord(phase="C1", run=1, touched=Touched(since=COMMIT, files=()))
    text = render(sample, touched={("C1", 1): touched})
    checklist = text.split("## C1: ")[1].split("### Checklist")[1]
    assert "- Files touched since `e7a1ea5b6f2f`: none\n" in checklist


def test_a_turn_of_no_repository_names_no_commit() -> None:
    bare = replace(TURN, git_commit=None, git_dirty=None, touched=None)
    (view,) = build_turns(Journal(turns=((bare, "x\n"),)))
    assert (view["commit"], view["touched"], view["lines"]) == (None, None, ["x"])

"""The answer at the top: the worst verdict, never of what has not run."""

from parityhub.report.answer_view import build_answer
from tests.report.sample import make_phase

LATE, EARLY = "2026-11-24T22:00:00Z", "2026-11-24T21:00:00Z"


def test_nothing_ran_is_inconclusive() -> None:
    answer = build_answer([], ["A", "B"], [], ())
    assert (answer["verdict"], answer["reason"]) == ("INCONCLUSIVE", ["no phase has run"])
    assert (answer["pending"], answer["ran"], answer["when"]) == (["A", "B"], [], None)


def test_one_failure_outweighs_every_pass_and_is_named() -> None:
    runs = [
        make_phase("B", "b", LATE),
        make_phase("A", "a", EARLY, verdict="FAIL", reason="off by one"),
    ]
    answer = build_answer(runs, ["A", "B"], [], ())
    assert (answer["verdict"], answer["reason"]) == ("FAIL", ["A: off by one"])


def test_inconclusive_outweighs_a_pass() -> None:
    runs = [make_phase("B", "b", LATE, verdict="INCONCLUSIVE", reason="open"),
            make_phase("A", "a", EARLY)]  # fmt: skip
    assert build_answer(runs, ["A", "B"], [], ())["verdict"] == "INCONCLUSIVE"


def test_a_pass_says_what_it_does_not_speak_of() -> None:
    answer = build_answer([make_phase("A", "a", LATE)], ["A", "B", "C"], ["default"], ())
    assert (answer["verdict"], answer["pending"]) == ("PASS", ["B", "C"])
    assert answer["when"] is not None
    assert answer["when"]["value"] == LATE
    assert answer["when"]["source"]["text"] == "phase_A_1.json#/ended"


def test_each_commit_is_told_once_with_its_phases() -> None:
    runs = [
        make_phase("C", "c", LATE, git_commit="f" * 40, git_dirty=True),
        make_phase("B", "b", LATE, git_commit="f" * 40, git_dirty=True),
        make_phase("A", "a", EARLY, git_commit=None, git_dirty=None),
    ]
    commits = build_answer(runs, ["A", "B", "C"], ["x", "y", "x"], ())["commits"]
    assert [(commit["commit"], commit["phases"]) for commit in commits] == [
        ("f" * 40, ["C", "B"]), ("unknown", ["A"]),
    ]  # fmt: skip
    assert build_answer(runs, [], ["x", "y", "x"], ())["data"] == ["x", "y"]


def test_a_phase_that_the_plan_dropped_still_counts() -> None:
    answer = build_answer([make_phase("OLD", "o", LATE, verdict="FAIL")], ["A"], [], ())
    assert (answer["verdict"], answer["ran"], answer["pending"]) == ("FAIL", ["OLD"], ["A"])

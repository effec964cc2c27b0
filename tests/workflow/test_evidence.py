"""What a phase's questions are put to: recorded runs, and of itself what this run has made."""

from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from parityhub.compare.evidence import Missing
from parityhub.hub.history import History
from parityhub.hub.records import AttemptRecord, PhaseRecord, SideRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import Plan
from parityhub.workflow.evidence import find_recorded, gather_recorded, gather_running
from tests.compare.builders import make_attempt
from tests.hub.conftest import read_noon

RUNS = [{"baseline": "left"}, {"baseline": "right"}]
PLAN = msgspec.convert(
    {
        "format": 1,
        "initiative": {"id": "I", "title": "t", "hub": "parity"},
        "baseline": {
            name: {"framework": "other", "steps": [{"name": "s", "command": ["c"]}]}
            for name in ("left", "right")
        },
        "phase": [
            {"id": "P", "title": "t", "folder": "p", "runs": RUNS},
            {"id": "Q", "title": "t", "folder": "q", "runs": RUNS[:1], "requires": ["P"]},
        ],
    },
    Plan,
)
P, Q = PLAN.phases


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub.create(tmp_path / "reports", "parity", "I", read_noon)


def make_phase(phase: str, run: int = 1, blockers: tuple[str, ...] = (), **counts: Any) -> Any:
    """A whole run in which the given attempt of each baseline counts."""
    sides = tuple(
        SideRecord(
            name=name,
            framework="other",
            folder="p",
            status="passed" if number else "failed",
            counts=number,
            attempts=(),
        )
        for name, number in counts.items()
    )
    return PhaseRecord(
        phase=phase, title="t", run=run, state="done", verdict="PASS", reason="r",
        started="2026-11-24T12:00:00Z", ended="2026-11-24T12:00:00Z", seconds=1.0, plan="p",
        plan_sha256="0", brief="b", git_commit=None, git_dirty=None, gate=None, sides=sides,
        checks=(), dataset_note=None, steps=(), blockers=blockers, exit_code=0,
    )  # fmt: skip


def number_attempt(baseline: str, number: int, phase: str = "P") -> AttemptRecord:
    return msgspec.structs.replace(make_attempt(baseline, phase=phase), number=number)


def make_history(phases: list[PhaseRecord], *attempts: AttemptRecord) -> History:
    named = {f"{a.phase}_{a.baseline}_{a.number}/attempt.json": a for a in attempts}
    return History(phases=phases, attempts=named)


def test_the_attempt_that_counts_is_found_among_the_others(hub: Hub):
    attempts = [number_attempt("left", number) for number in (1, 2, 3)]
    history = make_history([make_phase("P", left=2)], *attempts)
    evidence = gather_recorded(PLAN, Q, history, hub)
    assert evidence.runs == {"P:left": attempts[1]}
    assert evidence.find_run("P:left") is attempts[1]
    assert (evidence.phase, evidence.root) == ("Q", hub.root)


def test_the_newest_whole_run_of_a_phase_counts(hub: Hub):
    attempts = [number_attempt("left", number) for number in (1, 2)]
    phases = [make_phase("P", run=2, left=2), make_phase("P", run=1, left=1)]
    evidence = gather_recorded(PLAN, Q, make_history(phases, *attempts), hub)
    assert evidence.runs["P:left"] is attempts[1]


def test_an_attempt_of_a_run_that_was_never_finished_does_not_count(hub: Hub):
    evidence = gather_recorded(PLAN, P, make_history([], number_attempt("left", 1)), hub)
    assert evidence.runs == {}
    assert evidence.missing["P:left"] == "P has not run left in this hub"


def test_each_run_of_the_plan_is_there_or_says_why_not(hub: Hub):
    phase = make_phase("P", blockers=("red/a.md", "red/b.md"), left=1, right=None)
    evidence = gather_recorded(PLAN, Q, make_history([phase], number_attempt("left", 1)), hub)
    assert evidence.runs.keys() == {"P:left"}
    assert evidence.missing == {
        "P:right": "right of P is blocked: red/a.md, red/b.md",
        "Q:left": "Q has not run left in this hub",
    }
    assert evidence.find_run("P:right") == Missing(
        "P:right: right of P is blocked: red/a.md, red/b.md", deferred=True
    )


def test_a_phase_that_runs_sees_what_it_has_made_and_not_what_it_made_before(hub: Hub):
    before, now = number_attempt("left", 1), number_attempt("left", 2)
    history = make_history([make_phase("P", left=1, right=1)], before, number_attempt("right", 1))
    evidence = gather_running(PLAN, P, history, hub, {"left": now}, ("red/now.md",))
    assert evidence.runs == {"P:left": now}
    assert evidence.missing["P:right"] == "right of P is blocked: red/now.md"


def test_a_phase_that_runs_sees_of_others_what_is_recorded(hub: Hub):
    recorded = number_attempt("left", 1)
    history = make_history([make_phase("P", left=1, right=None)], recorded)
    evidence = gather_running(PLAN, Q, history, hub, {}, ("red/now.md",))
    assert evidence.runs == {"P:left": recorded}
    assert evidence.missing == {
        "P:right": "P has not run right in this hub",
        "Q:left": "left of Q is blocked: red/now.md",
    }


def test_baselines_of_one_name_in_two_phases_are_told_apart(hub: Hub):
    here, there = number_attempt("left", 1, "Q"), number_attempt("left", 1, "P")
    phases = [make_phase("P", left=1), make_phase("Q", left=1)]
    evidence = gather_recorded(PLAN, Q, make_history(phases, here, there), hub)
    assert evidence.find_run("left") is here
    assert evidence.find_run("P:left") is there


def test_blockers_come_with_what_does_not_count():
    phase = cast(PhaseRecord, make_phase("P", blockers=("red/a.md",), left=None))
    assert find_recorded(make_history([phase]), "P", "left") == (None, ("red/a.md",))
    assert find_recorded(make_history([]), "P", "left") == (None, ())

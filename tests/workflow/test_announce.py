"""What a run is going to do is told before it does it."""

from dataclasses import replace
from pathlib import Path

from parityhub.run.moment import Moment
from parityhub.workflow.announce import announce_parts, announce_phases
from tests.run.bench import Bench, make_plan, make_side, make_step

LADDER = {"rungs": [{"id": "as-is", "title": "as is"}, {"id": "slow", "title": "one thread"}]}
PHASE = {
    "id": "P",
    "title": "first",
    "folder": "p",
    "gate": {"selectors": ["tests"]},
    "runs": [{"baseline": "side", "ladder": "less"}],
    "checks": [
        {"id": "alive", "kind": "alive", "title": "lives", "of": ["side"], "sections": ["output"]}
    ],
}


def test_gate_rungs_and_checks_are_told_of_in_their_order(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "repo")
    plan = make_plan(
        baseline=make_side(make_step(), title="a side"), ladder={"less": LADDER}, phase=[PHASE]
    )
    told: list[Moment] = []
    expected = {("P", "gate"): 4.0, ("P",): 9.0}
    announce_phases(plan.phases, expected, told.append)
    announce_parts(replace(bench.make_setting(plan), mark=told.append, expected=expected))
    rows = [(moment.part, moment.status, moment.title, moment.expected) for moment in told]
    assert rows == [
        (("P",), "waiting", "first", 9.0),
        (("P",), "running", "", None),
        (("P", "gate"), "waiting", "", 4.0),
        (("P", "run:side"), "waiting", "a side", None),
        (("P", "run:side", "as-is"), "waiting", "as is", None),
        (("P", "run:side", "slow"), "waiting", "one thread", None),
        (("P", "check:alive"), "waiting", "lives", None),
    ]

"""A baseline up its ladder: which rung is next, from what, and how a killed run goes on."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from parityhub.hub.history import read_history
from parityhub.hub.records import AttemptRecord, EnvironmentRecord, StepRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import Plan
from parityhub.plan.situation import Situation, resolve_situations
from parityhub.run.ladder import (
    choose_carried,
    choose_next,
    climb_ladder,
    list_whole_steps,
    recover_interrupted,
    rerun_to_match,
)
from parityhub.run.setting import Setting
from tests.run.bench import Bench, first_run, make_plan, make_side, make_step, read_noon

TRAIN = """
    import sys
    from pathlib import Path
    from parityhub.capture import record_environment
    record_environment()
    with Path("trained").open("a") as stream:
        stream.write("x")
    Path(sys.argv[1], "w.txt").write_text("weights")
"""
INFER = """
    import os, sys
    from pathlib import Path
    assert Path(sys.argv[1], "w.txt").read_text() == "weights"
    if os.environ.get("SHIFT") != "0":
        sys.exit("RuntimeError: tf2xla conversion failed")
    print("stitched", sys.argv[2:])
"""
RUNGS: list[dict[str, Any]] = [
    {"id": "as-is", "title": "as is"},
    {"id": "flags", "title": "flags", "env": {"FLAGS": "1"}, "begin_at": "infer"},
    {"id": "shift", "title": "shift", "env": {"SHIFT": "0"}, "begin_at": "infer"},
]


def plan_ladder(rungs: list[dict[str, Any]] | None = None, **parts: Any) -> Plan:
    weights = {"path": "w.txt", "kind": "text", "shows": "weights"}
    runs = [{"baseline": "side", "ladder": "up"}]
    return make_plan(
        baseline=make_side(
            make_step(artifacts=[weights], options=["n"]),
            make_step("infer", options=["n"]),
            options={"n": 1},
        ),
        ladder={"up": {"rungs": RUNGS if rungs is None else rungs}},
        phase=[{"id": "P", "title": "t", "folder": "p", "runs": runs}],
        **parts,
    )


def climb(setting: Setting, earlier: list[AttemptRecord]) -> list[AttemptRecord]:
    return list(climb_ladder(setting, setting.phase.runs[0], earlier))


def count_trainings(bench: Bench) -> int:
    return len((bench.root / "trained").read_text(encoding="utf-8"))


@pytest.fixture
def programs(bench: Bench) -> Bench:
    bench.write("train.py", TRAIN)
    bench.write("infer.py", INFER)
    return bench


def make_situation(rung: str, **parts: Any) -> Situation:
    known: dict[str, Any] = {"env": {}, "options": {}, "dataset": None, "revision": None}
    return Situation(rung=rung, title=rung, **(known | parts))


def make_record(rung: str, status: str, number: int = 1, **parts: Any) -> AttemptRecord:
    known: dict[str, Any] = {
        "phase": "P",
        "run": 1,
        "baseline": "side",
        "framework": "other",
        "rung_title": rung,
        "steps": (),
        "asked_env": {},
        "options": {},
        "dataset": None,
        "dataset_digests": (),
        "revision": None,
        "proof": "launcher",
        "started": "",
        "seconds": 0.0,
    }
    return msgspec.convert(
        known | {"rung": rung, "status": status, "number": number} | parts, AttemptRecord
    )


@pytest.mark.parametrize(
    ("made", "chosen"),
    [
        ([], "a"),
        ([("a", "failed")], "b"),
        ([("a", "partial")], "b"),
        ([("a", "interrupted")], "a"),
        ([("a", "failed"), ("b", "interrupted")], "b"),
        ([("a", "failed"), ("b", "interrupted"), ("b", "failed")], None),
        ([("a", "failed"), ("b", "failed")], None),
        ([("a", "passed")], None),
        ([("owed-for-other", "interrupted")], "a"),
        ([("a", "failed"), ("a rung of another plan", "failed")], "b"),
    ],
)
def test_the_next_rung(made: list[tuple[str, str]], chosen: str | None) -> None:
    situations = [make_situation("a"), make_situation("b")]
    mine = [make_record(rung, status, number) for number, (rung, status) in enumerate(made, 1)]
    situation = choose_next(situations, mine)
    assert (situation.rung if situation else None) == chosen


def test_whole_steps_end_where_the_first_is_not() -> None:
    steps = [
        StepRecord(name="a", status="carried"),
        StepRecord(name="b", status="passed"),
        StepRecord(name="c", status="failed"),
        StepRecord(name="d", status="passed"),
    ]
    record = make_record("a", "partial", steps=tuple(steps))
    assert list(list_whole_steps(record)) == ["a", "b"]


WHOLE = (StepRecord(name="train", status="passed"), StepRecord(name="infer", status="failed"))
BARE = (StepRecord(name="train", status="not-run"), StepRecord(name="infer", status="not-run"))


@pytest.mark.parametrize(
    ("mine", "situation", "source", "carried"),
    [
        ([], make_situation("b", begin_at="infer"), None, []),
        ([("a", "partial", WHOLE)], make_situation("b", begin_at="infer"), 1, ["train"]),
        ([("a", "partial", WHOLE)], make_situation("b"), None, []),
        ([("a", "failed", BARE)], make_situation("b", begin_at="infer"), None, []),
        (
            [("a", "partial", WHOLE)],
            make_situation("b", begin_at="infer", options={"n": 2}),
            None,
            [],
        ),
        ([("a", "partial", WHOLE)], make_situation("b", begin_at="infer", dataset="d"), None, []),
        ([("a", "partial", WHOLE)], make_situation("b", begin_at="infer", revision="r"), None, []),
        ([("a", "interrupted", WHOLE)], make_situation("a"), 1, ["train"]),
        ([("a", "interrupted", WHOLE)], make_situation("a", options={"n": 2}), None, []),
        (
            [("a", "partial", WHOLE), ("b", "interrupted", BARE)],
            make_situation("b", begin_at="infer"),
            1,
            ["train"],
        ),
    ],
)
def test_what_an_attempt_starts_from(
    bench: Bench,
    mine: list[tuple[str, str, tuple[StepRecord, ...]]],
    situation: Situation,
    source: int | None,
    carried: list[str],
) -> None:
    setting = bench.make_setting(plan_ladder())
    records = [
        make_record(rung, status, number, steps=steps)
        for number, (rung, status, steps) in enumerate(mine, 1)
    ]
    found, whole = choose_carried(setting, setting.phase.runs[0], situation, records)
    assert (found, list(whole)) == (source, carried)


def test_each_rung_is_tried_until_one_passes_and_training_is_not_repeated(
    programs: Bench,
) -> None:
    setting = programs.make_setting(plan_ladder())
    records = climb(setting, [])
    assert [(record.rung, record.status) for record in records] == [
        ("as-is", "partial"),
        ("flags", "partial"),
        ("shift", "passed"),
    ]
    assert [record.number for record in records] == [1, 2, 3]
    assert count_trainings(programs) == 1
    for record in records[1:]:
        assert record.steps[0].status == "carried"
        assert record.steps[0].carried_from == 1
        assert record.steps[0].log == records[0].steps[0].log
    # What the training saw is proven by the attempt that trained.
    assert records[2].steps[0].proof == "self-reported"
    assert records[2].proof == "launcher"


def test_when_every_rung_has_failed_the_ladder_ends(programs: Bench) -> None:
    setting = programs.make_setting(plan_ladder(RUNGS[:2]))
    assert [record.status for record in climb(setting, [])] == ["partial", "partial"]


def test_attempts_of_an_earlier_run_are_counted_but_not_gone_on_with(programs: Bench) -> None:
    plan = plan_ladder()
    first = programs.make_setting(plan)
    earlier = climb(first, [])
    again = programs.make_setting(plan, number=2, hub=first.hub)
    records = climb(again, earlier)
    assert [(record.number, record.rung) for record in records] == [
        (4, "as-is"),
        (5, "flags"),
        (6, "shift"),
    ]
    assert count_trainings(programs) == 2


class Killed(BaseException):
    """Stands for whatever ends the process at once."""


def die_at(word: str) -> Callable[[str], None]:
    def tell(text: str) -> None:
        if text.endswith(word):
            raise Killed

    return tell


def die_and_reopen(bench: Bench, plan: Plan, word: str) -> Setting:
    """Climb until a step begins, die there, and come back to the hub."""
    setting = bench.make_setting(plan, tell=die_at(word))
    with pytest.raises(Killed):
        climb(setting, [])
    hub = Hub.open(setting.hub.root, read_noon)
    hub.take_in_strays()
    return bench.make_setting(plan, hub=hub)


def recover(setting: Setting) -> list[AttemptRecord]:
    history = read_history(setting.hub)
    records = []
    for path, record in recover_interrupted(setting, setting.phase.runs[0], history):
        setting.hub.keep_record(path, record, made_by="a test", shows="an attempt")
        records.append(record)
    return records


def test_a_killed_attempt_goes_on_behind_what_is_whole(programs: Bench) -> None:
    setting = die_and_reopen(programs, plan_ladder(RUNGS[2:]), "infer")
    [interrupted] = recover(setting)
    assert interrupted.status == "interrupted"
    assert [step.status for step in interrupted.steps] == ["passed", "not-run"]
    assert recover(setting) == []
    [record] = climb(setting, [interrupted])
    assert (record.number, record.rung, record.status) == (2, "shift", "passed")
    assert [step.status for step in record.steps] == ["carried", "passed"]
    assert record.steps[0].carried_from == 1
    assert count_trainings(programs) == 1


def test_what_a_killed_attempt_saw_is_kept(programs: Bench) -> None:
    setting = die_and_reopen(programs, plan_ladder(RUNGS[2:]), "infer")
    [interrupted] = recover(setting)
    assert interrupted.proof == "self-reported"
    assert interrupted.env_capture is not None
    seen = setting.hub.read_record(interrupted.env_capture, EnvironmentRecord)
    assert seen.level == "self-reported"
    assert seen.processes[0]["asked"]["SHIFT"] == "0"
    assert seen.processes[0]["step"] == "train"


def test_an_attempt_killed_after_its_last_step_runs_nothing_again(programs: Bench) -> None:
    plan = plan_ladder(RUNGS[2:])
    setting = programs.make_setting(plan)
    run = setting.phase.runs[0]
    situation = resolve_situations(plan, setting.phase, run)[0]
    # make_attempt leaves all but the attempt's own record, which its caller keeps.
    programs.attempt(setting, situation=situation)
    [interrupted] = recover(setting)
    [record] = climb(setting, [interrupted])
    assert [step.status for step in record.steps] == ["carried", "carried"]
    assert (record.status, record.proof) == ("passed", "launcher")
    assert count_trainings(programs) == 1


def test_an_attempt_killed_before_its_first_step_is_made_again(programs: Bench) -> None:
    setting = die_and_reopen(programs, plan_ladder(RUNGS[2:]), "train")
    [interrupted] = recover(setting)
    assert (interrupted.env_capture, interrupted.proof) == (None, "unproven")
    [record] = climb(setting, [interrupted])
    assert [step.status for step in record.steps] == ["passed", "passed"]


def test_an_attempt_is_recovered_where_it_lies_whatever_the_plan_now_says(
    programs: Bench,
) -> None:
    setting = die_and_reopen(programs, plan_ladder(RUNGS[2:]), "infer")
    moved = msgspec.structs.replace(setting.plan.phases[0], folder="elsewhere")
    plan = msgspec.structs.replace(setting.plan, phases=(moved,))
    again = programs.make_setting(plan, hub=setting.hub)
    recover(again)
    assert again.hub.has("p/analysis/P_side_1/attempt.json")
    assert recover(again) == []


def test_a_side_is_rerun_with_the_other_sides_data_and_shared_options(programs: Bench) -> None:
    programs.inherited["SHIFT"] = "0"
    data = {name: {"files": {"train": f"{name}.npz"}} for name in ("first", "second")}
    for name in data:
        programs.write(f"{name}.npz", name)
    plan = plan_ladder(
        [RUNGS[0]],
        options={"n": 5},
        dataset=data,
        default_dataset="first",
    )
    plan = msgspec.structs.replace(
        plan, baselines={"side": msgspec.structs.replace(plan.baselines["side"], options={"m": 7})}
    )
    setting = programs.make_setting(plan)
    other = make_record(
        "x", "passed", 3, baseline="other", options={"n": 9, "k": 1}, dataset="second"
    )
    record = rerun_to_match(setting, first_run(plan)[1], other, [])
    assert record.status == "passed"
    assert (record.rung, record.owed_for) == ("owed-for-other", "other")
    assert record.options == {"n": 9, "m": 7}
    assert record.dataset == "second"
    assert [digest.path for digest in record.dataset_digests] == ["second.npz"]
    log = setting.hub.path(str(record.steps[1].log)).read_text(encoding="utf-8")
    assert log == "stitched ['--n', '9']\n"

"""What an attempt tells of itself and its steps."""

from dataclasses import replace

from parityhub.run.moment import Moment, name_work
from tests.run.bench import Bench, make_plan, make_side, make_step


def test_an_attempt_tells_when_each_step_begins_and_how_it_ended(bench: Bench) -> None:
    bench.write("train.py", "print('trained')")
    bench.write("infer.py", "raise SystemExit(3)")
    told: list[Moment] = []
    work = name_work("P", "side", "as-is", "infer", None, {})
    plan = make_plan(baseline=make_side(make_step("train"), make_step("infer"), make_step("plot")))
    setting = replace(bench.make_setting(plan), mark=told.append, expected={work: 2.5})
    record = bench.attempt(setting)
    attempt = ("P", "run:side", "as-is")
    assert [(moment.part, moment.status) for moment in told] == [
        (attempt, "running"),
        ((*attempt, "train"), "running"),
        ((*attempt, "train"), "passed"),
        ((*attempt, "infer"), "running"),
        ((*attempt, "infer"), "failed"),
        ((*attempt, "plot"), "not-run"),
        (attempt, "partial"),
    ]
    assert told[0].title == "attempt 1, as is"
    assert [moment.expected for moment in told] == [None, None, None, 2.5, None, None, None]
    seconds = [step.seconds for step in record.steps]
    assert [moment.seconds for moment in told[2::2]] == [*seconds[:2], record.seconds]
    assert told[5].seconds is None

"""Placeholders filled in, options as words, and the interpreter of a side."""

from pathlib import Path

import pytest

from parityhub.errors import PlanError
from parityhub.plan.model import OptionValue, Plan, Step
from parityhub.plan.situation import resolve_situations
from parityhub.run.expand import (
    Places,
    choose_python,
    expand_command,
    expand_env,
    expand_options,
    expand_text,
    locate_data,
)
from tests.run.bench import first_run, make_plan

PLACES = Places(
    python="/usr/bin/python3",
    root=Path("/srv/mein repo"),
    out=Path("/srv/mein repo/out 1"),
    data={"train": Path("/srv/mein repo/data/ü.npz")},
)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{python}", "/usr/bin/python3"),
        ("{root}/a {out}/b", "/srv/mein repo/a /srv/mein repo/out 1/b"),
        ("--data={data.train}", "--data=/srv/mein repo/data/ü.npz"),
        ("{option.n_groups}-{option.name}", "256-x"),
        ("no placeholder, { } {} {1}", "no placeholder, { } {} {1}"),
    ],
)
def test_placeholders_are_filled_in(text: str, filled: str) -> None:
    assert expand_text(text, PLACES, {"n_groups": 256, "name": "x"}) == filled


@pytest.mark.parametrize("text", ["{nothing}", "{data.test}", "{option.missing}"])
def test_one_that_stands_for_nothing_is_named(text: str) -> None:
    with pytest.raises(PlanError, match="stands for nothing") as caught:
        expand_text(text, PLACES, {})
    assert "data.train, out, python, root" in caught.value.hint


def test_a_value_filled_in_is_not_filled_in_again() -> None:
    places = Places(python="p", root=Path("/r"), out=Path("/r/{root}"), data={})
    assert expand_text("{out}", places, {}) == "/r/{root}"


def test_options_become_words() -> None:
    step = Step(name="s", command=("x",), options=("n_groups", "rate", "stitch", "off", "to", "no"))
    options: dict[str, OptionValue] = {
        "n_groups": 256,
        "rate": 1e-3,
        "stitch": True,
        "off": False,
        "to": "{out}/dump",
        "other": 1,
    }
    assert expand_options(step, options, PLACES) == (
        "--n-groups",
        "256",
        "--rate",
        "0.001",
        "--stitch",
        "--to",
        "/srv/mein repo/out 1/dump",
    )


def test_a_command_is_words_never_a_shell_line() -> None:
    step = Step(name="s", command=("{python}", "a b;c", "{options}", "$HOME"), options=("n",))
    assert expand_command(step, {"n": 1}, PLACES) == (
        "/usr/bin/python3",
        "a b;c",
        "--n",
        "1",
        "$HOME",
    )


def test_variables_asked_for_are_filled_in_and_absent_ones_stay_so() -> None:
    plan = make_plan(
        baseline={
            "side": {
                "framework": "other",
                "steps": [{"name": "train", "command": ["x"]}],
                "env": {"DATA": "{root}/data", "GONE": "1"},
            }
        },
        ladder={"up": {"rungs": [{"id": "a", "title": "t", "unset": ["GONE"]}]}},
    )
    phase, run = first_run(plan)
    run = type(run)(baseline="side", ladder="up")
    situation = resolve_situations(plan, phase, run)[0]
    assert expand_env(situation, PLACES) == {"DATA": "/srv/mein repo/data", "GONE": None}


def plan_with(python: str | None) -> Plan:
    return make_plan(initiative={"id": "I", "title": "t", "hub": "h", "python": python})


@pytest.mark.parametrize(
    ("own", "plans", "chosen"),
    [
        (None, None, "/default"),
        (None, ".venv/bin/python", "/r/.venv/bin/python"),
        ("tf/bin/python", ".venv/bin/python", "/r/tf/bin/python"),
        ("{python}", ".venv/bin/python", "/default"),
        ("python3.11", None, "python3.11"),
        ("/abs/python", None, "/abs/python"),
    ],
)
def test_the_interpreter_is_the_sides_own_or_the_plans(
    own: str | None, plans: str | None, chosen: str
) -> None:
    assert choose_python(plan_with(plans), own, "/default", Path("/r")) == chosen


def test_data_lies_in_the_repository() -> None:
    plan = make_plan(dataset={"d": {"files": {"train": "data/a.npz"}}})
    assert locate_data(plan, "d", Path("/r")) == {"train": Path("/r/data/a.npz")}
    assert locate_data(plan, None, Path("/r")) == {}

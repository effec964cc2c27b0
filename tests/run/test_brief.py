"""The brief: what a phase would do, before anything runs, fit to be kept in a hub."""

import json
import sys

import pytest

from parityhub.errors import PlanError
from parityhub.hub.history import History
from parityhub.plan.model import Plan
from parityhub.run.brief import make_brief
from tests.run.bench import Bench, make_plan, make_side, make_step


def make_brief_plan() -> Plan:
    step = make_step(
        command=["{python}", "{root}/train.py", "--data={data.train}", "{out}", "{options}"],
        options=["n_groups"],
        artifacts=[{"path": "w.txt", "kind": "text", "shows": "weights"}],
        values=[{"name": "scale", "json": "history.json", "pointer": "/scale"}],
    )
    return make_plan(
        options={"n_groups": 256},
        dataset={"d": {"files": {"train": "data/train.npz"}}},
        default_dataset="d",
        baseline=make_side(
            step,
            env={"DATA": "{root}/data", "A_TOKEN": "secret-value"},
            python="venv/bin/python",
        ),
        ladder={
            "up": {
                "rungs": [
                    {"id": "as-is", "title": "as is"},
                    {
                        "id": "flags",
                        "title": "flags",
                        "unset": ["DATA"],
                        "options": {"n_groups": 1},
                    },
                ],
                "on_exhausted": "POLICY-001",
            }
        },
        policy=[{"id": "POLICY-001", "text": "goes on", "allows": ["one-sided"]}],
        phase=[
            {
                "id": "P",
                "title": "the phase",
                "folder": "p",
                "purpose": "to see",
                "requires": ["Q"],
                "gate": {"selectors": ["tests"], "env": {"B_KEY": "another-secret"}},
                "runs": [{"baseline": "side", "ladder": "up"}],
                "checks": [
                    {"kind": "equal", "id": "c", "title": "equal", "left": "a", "right": "b"}
                ],
                "steps": [{"id": "P.1", "text": "trained", "evidence": ["run:side"]}],
            },
            {"id": "Q", "title": "required", "folder": "q"},
        ],
        exit_criterion=[{"id": "E1", "text": "done", "evidence": ["P/check:c"]}],
    )


def test_a_brief_says_all_that_would_be_done(bench: Bench) -> None:
    plan = make_brief_plan()
    brief = make_brief(plan, plan.phases[0], History(), bench.root, sys.executable)
    [run] = brief["runs"]
    first, second = run["rungs"]
    assert brief["requires"] == [{"id": "Q", "state": "pending"}]
    assert first["env"] == {"DATA": "data", "A_TOKEN": "[redacted]"}
    assert second["env"] == {"DATA": None, "A_TOKEN": "[redacted]"}
    assert first["commands"] == [
        {
            "step": "train",
            "argv": [
                "venv/bin/python",
                "train.py",
                "--data=data/train.npz",
                "{out}",
                "--n-groups",
                "256",
            ],
            "timeout": 60,
        }
    ]
    assert second["commands"][0]["argv"][-1] == "1"
    assert [item["path"] for item in run["artifacts"]] == ["w.txt", "history.json"]
    assert run["on_exhausted"] == "POLICY-001"
    assert brief["gate"]["env"] == {
        "DATA": "data",
        "A_TOKEN": "[redacted]",
        "B_KEY": "[redacted]",
    }
    assert brief["checks"] == [{"id": "c", "kind": "equal", "title": "equal"}]
    assert [item["id"] for item in brief["steps"] + brief["exit_criteria"]] == ["P.1", "E1"]


def test_a_brief_shows_no_secret_and_no_folder_of_this_machine(bench: Bench) -> None:
    plan = make_brief_plan()
    text = json.dumps(make_brief(plan, plan.phases[0], History(), bench.root, sys.executable))
    assert str(bench.root) not in text
    assert "secret" not in text.replace("[redacted]", "")


def test_a_placeholder_that_stands_for_nothing_is_an_error_of_the_plan(bench: Bench) -> None:
    plan = make_plan(baseline=make_side(make_step(command=["x", "{data.train}"])))
    with pytest.raises(PlanError, match="stands for nothing"):
        make_brief(plan, plan.phases[0], History(), bench.root, sys.executable)

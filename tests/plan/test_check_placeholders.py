from pathlib import Path

import pytest

from tests.plan.refusals import Refusal, assert_refused

REFUSALS = {
    "unknown": Refusal(
        "plan.toml:45: baseline.left.steps[0].command[1]: {home} stands for nothing",
        "known: {python}, {root}, {out}, {data.NAME}, {option.NAME}, {options}",
        {'"left.py"': '"{home}/left.py"'},
    ),
    "case": Refusal(
        "plan.toml:45: baseline.left.steps[0].command[1]: {Root} stands for nothing",
        "known: {python}, {root}, {out}, {data.NAME}, {option.NAME}, {options}",
        {'"left.py"': '"{Root}/left.py"'},
    ),
    "options inside": Refusal(
        ("plan.toml:45: baseline.left.steps[0].command[4]: {options} inside of '--all={options}'"),
        "it stands for several words: write it alone, in the command of a step",
        {'"{options}"': '"--all={options}"'},
    ),
    "options in make": Refusal(
        "plan.toml:32: dataset.first.make[3]: {options} inside of '{options}'",
        "it stands for several words: write it alone, in the command of a step",
        {'"{option.epochs}"': '"{options}"'},
    ),
    "in env": Refusal(
        "plan.toml:83: ladder.up.rungs[1].env.WAY: {rung} stands for nothing",
        "known: {python}, {root}, {out}, {data.NAME}, {option.NAME}, {options}",
        {'env = { WAY = "other" }': 'env = { WAY = "{rung}" }'},
    ),
    "in option": Refusal(
        "plan.toml:28: options.dump: {outs} stands for nothing",
        "known: {python}, {root}, {out}, {data.NAME}, {option.NAME}, {options}",
        {'dump = "{out}/dump"': 'dump = "{outs}/dump"'},
    ),
    "in cwd": Refusal(
        "plan.toml:39: baseline.left.cwd: '{home}' takes no placeholder",
        "leave out {home}",
        {'cwd = "{root}"': 'cwd = "{home}"'},
    ),
    "gate env": Refusal(
        "plan.toml:94: phase[0].gate.env.STRICT: '{out}' takes no placeholder",
        "leave out {out}",
        {'env = { STRICT = "1" }': 'env = { STRICT = "{out}" }'},
    ),
    "interpreter": Refusal(
        ("plan.toml:63: baseline.right.python: '{root}/.venv/bin/python' takes no placeholder"),
        "leave out {root}",
        {'framework = "pytorch"': 'framework = "pytorch"\npython = "{root}/.venv/bin/python"'},
    ),
    "data file": Refusal(
        (
            "plan.toml:45: baseline.left.steps[0].command[2]: {data.train} stands for "
            "nothing in phase 'P' on rung 'other'"
        ),
        "did you mean 'data.test'?",
        {'files = { train = "data/second.npz" }': 'files = { test = "data/second.npz" }'},
    ),
    "no dataset": Refusal(
        (
            "plan.toml:44: baseline.left.steps[0].command[2]: {data.train} stands for "
            "nothing in phase 'P' on rung 'as-is'"
        ),
        "known: option.epochs, out, python, root (1 more to mend after it)",
        {'default_dataset = "first"\n': ""},
    ),
    "option": Refusal(
        (
            "plan.toml:66: baseline.right.steps[0].command[1]: {option.seed} stands for "
            "nothing in phase 'P' on rung 'as-is'"
        ),
        "did you mean 'option.epochs'?",
        {'"right.py"': '"{option.seed}"'},
    ),
    "option with placeholder": Refusal(
        (
            "plan.toml:66: baseline.right.steps[0].command[1]: {option.dump} stands for "
            "nothing in phase 'P' on rung 'as-is'"
        ),
        "did you mean 'option.epochs'?",
        {'"right.py"': '"{option.dump}"'},
    ),
    "make data": Refusal(
        (
            "plan.toml:32: dataset.first.make[2]: {data.test} stands for nothing where the "
            "data set is made"
        ),
        "did you mean 'data.train'?",
        {'"{data.train}", "{option.epochs}"': '"{data.test}", "{option.epochs}"'},
    ),
    "option in option": Refusal(
        (
            "plan.toml:46: baseline.left.steps[0].options[1]: {option.seed} stands for "
            "nothing in phase 'P' on rung 'as-is'"
        ),
        "did you mean 'option.epochs'?",
        {'dump = "{out}/dump"': 'dump = "{option.seed}/dump"'},
    ),
    "rung env": Refusal(
        (
            "plan.toml:83: ladder.up.rungs[1].env.WAY: {data.test} stands for nothing in "
            "phase 'P' on rung 'other'"
        ),
        "did you mean 'data.train'?",
        {'env = { WAY = "other" }': 'env = { WAY = "{data.test}" }'},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_a_placeholder_that_stands_for_nothing(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)

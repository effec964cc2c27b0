from pathlib import Path

import pytest

from tests.plan.refusals import Refusal, assert_refused

REFUSALS = {
    "policy": Refusal(
        "plan.toml:16: policy[1].id: 'ALONE' is given twice",
        "rename one, or leave it out (1 more to mend after it)",
        {'id = "RED"': 'id = "ALONE"', 'continue_under = "RED"\n': ""},
    ),
    "known issue": Refusal(
        "plan.toml:27: known_issue[1].id: 'ISSUE-1' is given twice",
        "rename one, or leave it out",
        {
            "[options]": (
                "[[known_issue]]\n"
                'id = "ISSUE-1"\n'
                'pattern = "x"\n'
                'summary = "s"\n'
                'mitigation = "m"\n'
                "\n"
                "[options]"
            )
        },
    ),
    "phase": Refusal(
        "plan.toml:158: phase[1].id: 'P' is given twice",
        "rename one, or leave it out",
        {'id = "Q"': 'id = "P"', 'requires = ["P"]\n': "", '"Q/check:trained"': '"P/check:alive"'},
    ),
    "rung": Refusal(
        "plan.toml:81: ladder.up.rungs[1].id: 'as-is' is given twice",
        "rename one, or leave it out",
        {'id = "other"': 'id = "as-is"'},
    ),
    "step": Refusal(
        "plan.toml:62: baseline.left.steps[1].name: 'train' is given twice",
        "rename one, or leave it out",
        {
            "[baseline.right]\n": (
                '[[baseline.left.steps]]\nname = "train"\ncommand = ["x"]\n\n[baseline.right]\n'
            )
        },
    ),
    "check": Refusal(
        "plan.toml:114: phase[0].checks[1].id: 'equal' is given twice",
        "rename one, or leave it out",
        {'id = "alive"': 'id = "equal"', '"check:alive", ': ""},
    ),
    "substep": Refusal(
        "plan.toml:158: phase[0].steps[1].id: 'P.1' is given twice",
        "rename one, or leave it out",
        {
            '[[phase]]\nid = "Q"': (
                "[[phase.steps]]\n"
                'id = "P.1"\n'
                'text = "t"\n'
                'evidence = ["gate"]\n'
                "\n"
                "[[phase]]\n"
                'id = "Q"'
            )
        },
    ),
    "run": Refusal(
        "plan.toml:105: phase[0].runs[2].baseline: 'right' is given twice",
        "rename one, or leave it out",
        {
            '[[phase.runs]]\nbaseline = "right"\n': (
                '[[phase.runs]]\nbaseline = "right"\n\n[[phase.runs]]\nbaseline = "right"\n'
            )
        },
    ),
    "artifact": Refusal(
        "plan.toml:51: baseline.left.steps[0].artifacts[2].path: 'out.npy' is given twice",
        "rename one, or leave it out",
        {
            "keep = false },": (
                'keep = false },\n  { path = "out.npy", kind = "file", shows = "again" },'
            )
        },
    ),
    "section": Refusal(
        "plan.toml:54: baseline.left.steps[0].stats[1].section: 'output' is given twice",
        "rename one, or leave it out (1 more to mend after it)",
        {
            'section = "logged"': 'section = "output"',
            'metric = "logged.mean"': 'metric = "output.mean"',
        },
    ),
    "value": Refusal(
        "plan.toml:58: baseline.left.steps[0].values[1].name: 'first' is given twice",
        "rename one, or leave it out (1 more to mend after it)",
        {'name = "last"': 'name = "first"', 'right = "left.last"': 'right = "left.first"'},
    ),
    "criterion": Refusal(
        "plan.toml:203: exit_criterion[1].id: 'EC-1' is given twice",
        "rename one, or leave it out",
        {
            "[[exit_criterion]]\n": (
                "[[exit_criterion]]\n"
                'id = "EC-1"\n'
                'text = "t"\n'
                'evidence = ["P/gate"]\n'
                "\n"
                "[[exit_criterion]]\n"
            )
        },
    ),
    "dataset name": Refusal(
        "plan.toml:37: dataset.\"a b\": 'a b' is not a plain name",
        "letters, digits, '.', '_' and '-', the first a letter or digit",
        {
            "[dataset.second]": (
                '[dataset.second]\nfiles = { train = "data/x.npz" }\n\n[dataset."a b"]'
            )
        },
    ),
    "ladder name": Refusal(
        "plan.toml:73: ladder.\"../up\": '../up' is not a plain name",
        "letters, digits, '.', '_' and '-', the first a letter or digit",
        {"[ladder.up]": '[ladder."../up"]\nrungs = [{ id = "a", title = "a" }]\n\n[ladder.up]'},
    ),
    "baseline name": Refusal(
        "plan.toml:73: baseline.\"a.b\": 'a.b' is not a plain name",
        "letters, digits, '_' and '-': a dot divides a baseline from its values",
        {
            "[ladder.up]": (
                '[baseline."a.b"]\n'
                'framework = "jax"\n'
                'steps = [{ name = "a", command = '
                '["a"] }]\n'
                "\n"
                "[ladder.up]"
            )
        },
    ),
    "file name": Refusal(
        "plan.toml:35: dataset.second.files.\"a b\": 'a b' is not a plain name",
        "letters, digits, '.', '_' and '-', the first a letter or digit",
        {
            'files = { train = "data/second.npz" }': (
                'files = { train = "data/second.npz", "a b" = "data/x.npz" }'
            )
        },
    ),
    "option name": Refusal(
        "plan.toml:28: options.-n: '-n' is not a plain name",
        "letters, digits, '.', '_' and '-', the first a letter or digit",
        {"epochs = 2": 'epochs = 2\n"-n" = 1'},
    ),
    "variable": Refusal(
        "plan.toml:83: ladder.up.rungs[1].env.\"A=B\": 'A=B' is not a variable's name",
        "letters, digits and '_', the first no digit",
        {'env = { WAY = "other" }': 'env = { "A=B" = "other" }'},
    ),
    "gate variable": Refusal(
        "plan.toml:94: phase[0].gate.env.2STRICT: '2STRICT' is not a variable's name",
        "letters, digits and '_', the first no digit",
        {'env = { STRICT = "1" }': 'env = { 2STRICT = "1" }'},
    ),
    "unset variable": Refusal(
        "plan.toml:83: ladder.up.rungs[1].unset[0]: '' is not a variable's name",
        "letters, digits and '_', the first no digit",
        {'env = { WAY = "other" }': 'unset = [""]'},
    ),
    "set and unset": Refusal(
        "plan.toml:84: ladder.up.rungs[1].unset[0]: WAY is set and unset by one rung",
        "leave one out",
        {'env = { WAY = "other" }': 'env = { WAY = "other" }\nunset = ["WAY"]'},
    ),
    "reserved": Refusal(
        (
            "plan.toml:83: ladder.up.rungs[1].env.PARITYHUB_ROOT: PARITYHUB_ROOT is set by "
            "parityhub itself"
        ),
        "leave it out",
        {'env = { WAY = "other" }': 'env = { PARITYHUB_ROOT = "/" }'},
    ),
    "unbuffered": Refusal(
        (
            "plan.toml:40: baseline.left.env.PYTHONUNBUFFERED: PYTHONUNBUFFERED is set by "
            "parityhub itself"
        ),
        "leave it out",
        {'env = { MODE = "left" }': 'env = { PYTHONUNBUFFERED = "0" }'},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_a_name_that_is_given_twice_or_not_plain(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)

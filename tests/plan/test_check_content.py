from pathlib import Path

import pytest

from parityhub.plan.read import read_plan
from tests.plan.refusals import Refusal, assert_refused, change_base

REFUSALS = {
    "idle phase": Refusal(
        "plan.toml:197: phase[2]: has neither gate, runs nor checks",
        "give it one, or leave the phase out",
        {
            "[[exit_criterion]]": (
                '[[phase]]\nid = "R"\ntitle = "nothing"\nfolder = "r"\n\n[[exit_criterion]]'
            )
        },
    ),
    "empty ladder": Refusal(
        "plan.toml:88: ladder.none.rungs: empty: no rung",
        "give at least one rung",
        {'[[phase]]\nid = "P"': '[ladder.none]\nrungs = []\n\n[[phase]]\nid = "P"'},
    ),
    "no steps": Refusal(
        "plan.toml:75: baseline.none.steps: empty: no step",
        "give at least one step",
        {"[ladder.up]": '[baseline.none]\nframework = "jax"\nsteps = []\n\n[ladder.up]'},
    ),
    "no files": Refusal(
        "plan.toml:35: dataset.second.files: empty: no file",
        "give at least one file",
        {
            'files = { train = "data/second.npz" }': (
                'files = {}\n\n[dataset.third]\nfiles = { train = "data/third.npz" }'
            ),
            'dataset = "second"': 'dataset = "third"',
        },
    ),
    "no command": Refusal(
        "plan.toml:66: baseline.right.steps[0].command: empty: no word",
        "give at least one word",
        {'["{python}", "right.py", "{data.train}", "{out}"]': "[]"},
    ),
    "no selectors": Refusal(
        "plan.toml:93: phase[0].gate.selectors: empty: no test",
        "give at least one test",
        {'["tests/test_gate.py::test_one"]': "[]"},
    ),
    "rel": Refusal(
        "plan.toml:126: phase[0].checks[2].rel: inf is not finite",
        "write a finite number",
        {"rel = 0.1": "rel = inf"},
    ),
    "bound": Refusal(
        "plan.toml:135: phase[0].checks[3].bound: inf is not finite",
        "write a finite number",
        {"bound = 0.0": "bound = inf"},
    ),
    "timeout": Refusal(
        "plan.toml:47: baseline.left.steps[0].timeout: inf is not finite",
        "write a finite number",
        {"timeout = 60": "timeout = inf"},
    ),
    "gate timeout": Refusal(
        "plan.toml:96: phase[0].gate.timeout: inf is not finite",
        "write a finite number",
        {'continue_under = "RED"': 'continue_under = "RED"\ntimeout = inf'},
    ),
    "nul in command": Refusal(
        "plan.toml:45: baseline.left.steps[0].command[1]: holds a NUL character",
        "leave it out",
        {'"left.py"': '"left\\u0000.py"'},
    ),
    "nul in make": Refusal(
        "plan.toml:32: dataset.first.make[1]: holds a NUL character",
        "leave it out",
        {'"make.py"': '"make\\u0000.py"'},
    ),
    "nul in env": Refusal(
        "plan.toml:40: baseline.left.env.MODE: holds a NUL character",
        "leave it out",
        {'env = { MODE = "left" }': 'env = { MODE = "\\u0000" }'},
    ),
    "no program": Refusal(
        "plan.toml:66: baseline.right.steps[0].command[0]: the program has no name",
        'write a program, as "{python}"',
        {'["{python}", "right.py"': '["", "right.py"'},
    ),
}


def test_an_imported_phase_may_have_nothing_to_run(tmp_path: Path) -> None:
    idle = '[[phase]]\nid = "R"\ntitle = "t"\nfolder = "r"\nimported = true\n\n[[exit_criterion]]'
    path = tmp_path / "plan.toml"
    path.write_text(change_base({"[[exit_criterion]]": idle}), encoding="utf-8")
    phase = read_plan(path).plan.find_phase("R")
    assert phase is not None
    assert phase.idle


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_a_part_that_says_nothing(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)

"""What a self-test needs is made by programs: what they are called with, and how they fail."""

import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from parityhub.compare.selftest.pairs import CANVAS, GRIDSIZE
from parityhub.errors import DataError
from parityhub.workflow.selftest_data import (
    EPOCHS,
    call,
    make_groups,
    make_images,
    train_bundles,
)

ENV = {"PATH": os.environ["PATH"], "MARK": "inherited"}


@pytest.fixture
def recorder(tmp_path: Path) -> str:
    """An interpreter that notes what it is called with."""
    program = tmp_path / "python"
    program.write_text(
        f'#!/bin/sh\necho "$PWD|$MARK|$OMP_WAIT_POLICY|$*" >> {tmp_path}/calls\n', encoding="utf-8"
    )
    program.chmod(0o755)
    return str(program)


def read_calls(tmp_path: Path) -> list[list[str]]:
    lines = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    return [line.split("|") for line in lines]


def read_options(words: str) -> dict[str, str]:
    """Read `--name value` pairs."""
    return {name: value for name, value in pairwise(words.split()) if name.startswith("--")}


def test_both_bundles_are_of_one_training(recorder: str, tmp_path: Path):
    told: list[str] = []
    folder = tmp_path / "work"
    earlier, bundle = train_bundles(recorder, folder, ENV, told.append)
    assert told == ["simulating a scan and training on it"]
    simulate, *trainings = read_calls(tmp_path)
    assert simulate[3].startswith("-m parityhub.baselines.simulate --out")
    assert [call[3].split()[:3] for call in trainings] == [
        ["-m", "parityhub.baselines.ptycho_torch", "train"]
    ] * 2
    first, second = (read_options(call[3]) for call in trainings)
    assert [first.pop("--epochs"), second.pop("--epochs")] == [str(epochs) for epochs in EPOCHS]
    assert [Path(first.pop("--out")), Path(second.pop("--out"))] == [earlier.parent, bundle.parent]
    assert first == second
    assert first["--train-data"] == str(folder / "train.npz")
    assert first["--gridsize"] == str(GRIDSIZE)
    assert earlier != bundle
    assert EPOCHS[0] < EPOCHS[1]


def test_programs_work_in_their_folder_with_what_is_inherited(recorder: str, tmp_path: Path):
    train_bundles(recorder, tmp_path / "work", ENV, lambda _: None)
    calls = read_calls(tmp_path)
    assert {Path(folder) for folder, _, _, _ in calls} == {tmp_path / "work"}
    assert {mark for _, mark, _, _ in calls} == {"inherited"}
    assert [policy for _, _, policy, _ in calls] == ["", "PASSIVE", "PASSIVE"]


def test_inputs_of_each_seed_lie_apart(recorder: str, tmp_path: Path):
    folder = tmp_path / "work"
    made = [make_groups(recorder, folder, ENV, seed) for seed in (0, 3)]
    made += [make_images(recorder, folder, ENV, seed) for seed in (0, 3)]
    assert len(set(made)) == 4
    options = [read_options(words) for *_, words in read_calls(tmp_path)]
    assert [Path(each["--out"]) for each in options] == made
    assert [each["--seed"] for each in options] == ["0", "3", "0", "3"]
    assert options[0]["--data"] == str(folder / "test.npz")
    assert options[0]["--gridsize"] == str(GRIDSIZE)
    assert options[0]["--canvas-size"] == str(CANVAS)


def write_program(folder: Path, code: str) -> dict[str, str]:
    """Write a module and return an environment in which it is found."""
    (folder / "program.py").write_text(code, encoding="utf-8")
    return {**ENV, "PYTHONPATH": str(folder)}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import sys\nprint('first')\nsys.exit('the disk is full')", "the disk is full"),
        ("import os\nos._exit(3)", "it said nothing"),
        ("raise ValueError('no\\nsuch image')", "such image"),
    ],
)
def test_a_program_that_fails_is_named_with_its_last_words(tmp_path: Path, code: str, told: str):
    env = write_program(tmp_path, code)
    with pytest.raises(DataError) as caught:
        call(sys.executable, tmp_path / "work", env, "program", "--seed", "7")
    assert caught.value.message == f"program failed: {told}"
    assert caught.value.hint == f"run it by hand: {sys.executable} -m program --seed 7"


def test_an_interpreter_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(DataError) as caught:
        call(str(tmp_path / "no-python"), tmp_path / "work", ENV, "program")
    assert caught.value.message.startswith("program failed: ")
    assert "no-python" in caught.value.message
    assert "\n" not in caught.value.message


def test_each_call_keeps_its_own_log(recorder: str, tmp_path: Path):
    folder = tmp_path / "work"
    for _ in range(2):
        call(recorder, folder, ENV, "program")
    assert sorted(path.name for path in folder.iterdir()) == ["call_0.log", "call_1.log"]

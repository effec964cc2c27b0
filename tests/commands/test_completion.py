"""What a shell is offered, as it asks for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def complete(words: str, folder: Path = ROOT) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", "from parityhub.cli import main; main()"],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "_PARITYHUB_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("parityhub run", "run-phase"),
        ("parityhub run-phase c", "C1"),
        ("parityhub diff-stats B3 G", "GS1"),
        ("parityhub localize C2 --check same", "same-weights-gridsize-2"),
        ("parityhub rule PH30", "PH301"),
    ],
)
def test_the_plan_and_the_rules_are_offered(words: str, offered: str):
    assert offered in complete(words)


def test_checks_are_those_of_the_phase():
    assert complete("parityhub compare C3 --check ")[0] == "train-patches-vary"
    assert "variance" not in complete("parityhub localize C2 --check v")


def test_without_a_plan_a_shell_is_told_nothing(tmp_path: Path):
    assert complete("parityhub run-phase ", tmp_path) == [""]
    (tmp_path / "plans" / "x").mkdir(parents=True)
    (tmp_path / "plans" / "x" / "plan.toml").write_text("no = ", encoding="utf-8")
    assert complete("parityhub run-phase ", tmp_path) == [""]

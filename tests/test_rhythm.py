"""The working rhythm as its page tells it: each command is run, and prints what is shown."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import copy_plan

PAGE = Path(__file__).resolve().parents[1] / "docs" / "rhythm.md"
FAILS = "NotFoundError: no kernel for Translate on device 0"


def list_blocks(language: str) -> list[str]:
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def list_commands() -> list[tuple[str, int]]:
    joined = "".join(list_blocks("sh")).replace("\\\n", " ")
    return [
        (line.partition("#")[0].strip(), 1 if "# exit code 1" in line else 0)
        for line in joined.splitlines()
    ]


@pytest.mark.skipif(os.name != "posix", reason="the page's commands are for a POSIX shell")
def test_the_page_runs_and_prints_what_it_shows(tmp_path: Path) -> None:
    repository = copy_plan("journal", tmp_path / "repo")
    (repository.root / "broken_a").write_text(FAILS)
    (turn,) = list_blocks("md")
    (repository.root / "turn.md").write_text(turn)
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "NO_COLOR": "1"}
    printed = []
    commands = list_commands()
    assert len(commands) == 9
    for command, code in commands:
        (blocker,) = [path.stem for path in repository.root.rglob("blocked_*.md")] or [""]
        script = command.replace("$BLOCKER", blocker)
        done = subprocess.run(
            ["sh", "-c", f'parityhub() {{ "{sys.executable}" -m parityhub "$@"; }}; {script}'],
            cwd=repository.root,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{script}\n{done.stdout}{done.stderr}"
        printed.append(done.stdout)
    refused = next(block for block in list_blocks("text") if "refused" in block)
    assert refused in printed


def test_each_command_of_the_rhythm_is_told() -> None:
    named = {command.split()[1] for command, _ in list_commands()}
    assert named == {"brief", "run-phase", "triage", "decide", "note", "status", "audit"}

"""status and brief as their users call them: what ticks what, what waits, what to type next."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Repository, copy_plan

FAILS = "NotFoundError: no kernel for Translate on device 0"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = copy_plan("journal", tmp_path_factory.mktemp("stood") / "repo")
    (repository.root / "broken_a").write_text(FAILS)
    assert repository.call("run-phase", "P1", "-q").code == 1
    return repository


@pytest.fixture
def repository(made: Repository, tmp_path: Path) -> Repository:
    return Repository(shutil.copytree(made.root, tmp_path / "repo"))


def list_now(repository: Repository, phase: str) -> list[str]:
    told = repository.call("brief", phase, "--json")
    assert told.code == 0, told.err
    return [item["command"] for item in told.document()["now"]]


def read_status(repository: Repository) -> dict[str, Any]:
    document: dict[str, Any] = repository.call("status", "--json").document()
    return document


def test_sub_steps_are_ticked_with_what_ticks_them(repository: Repository) -> None:
    rows = {row["id"]: row for row in read_status(repository)["phases"]}
    ticks = {step["id"]: (step["ticked"], step["evidence"]) for step in rows["P1"]["steps"]}
    assert ticks["P1.1"][0] is True
    assert ticks["P1.1"][1] == ["b attempt 1 passed (p1/b/analysis/P1_b_1/attempt.json)"]
    assert ticks["P1.2"][0] is False
    assert ticks["P1.2"][1][0].startswith("check close: INCONCLUSIVE")
    assert [step["ticked"] for step in rows["P2"]["steps"]] == [False]
    lines = repository.call("status").out.splitlines()
    assert any(line.startswith("[x] P1.1: side b ran  (b attempt 1 passed") for line in lines)
    assert any(line.startswith("[ ] P1.2: both sides vary alike  (check close") for line in lines)
    assert any(line.startswith("[ ] pair: both sides vary alike  (P1: check") for line in lines)
    brief = repository.call("brief", "P1").out
    assert "- [x] `P1.1` side b ran – `run:b`: b attempt 1 passed" in brief
    assert "- [ ] `P1.2` both sides vary alike – `check:close`: check close: INCONCL" in brief


def test_what_people_added_is_told(repository: Repository) -> None:
    before = read_status(repository)
    assert (before["decisions"], before["turn"]) == ([], None)
    (waiting,) = before["blockers"]
    assert (waiting["state"], waiting["known_issue"]) == ("open", "unknown")
    decision = ("decide", "ALONE", "--policy", "POLICY-001", "--phase", "P1", "--text", "So be it.")
    assert repository.call(*decision, "--evidence", "P1/run:a").code == 0
    assert repository.call("note", "We go on.", "--title", "Alone").code == 0
    after = read_status(repository)
    assert [(item["id"], item["stands"]) for item in after["decisions"]] == [("ALONE", True)]
    assert (after["turn"]["number"], after["turn"]["title"]) == (1, "Alone")
    out = repository.call("status").out
    assert "decision ALONE  P1 under POLICY-001  stands" in out
    assert "accepted by ALONE; one-sided under POLICY-001" in out
    assert f"open  {waiting['name']}  known issue unknown" in out
    assert "  Alone" in out
    (repository.root / "broken_a").unlink()
    assert repository.call("run-phase", "P1", "-q").code == 0
    (lapsed,) = read_status(repository)["decisions"]
    assert lapsed["stands"] is False
    assert lapsed["lapsed"] == ["P1/run:a is passed now, it was failed"]
    assert "lapsed: P1/run:a is passed now" in repository.call("status").out


def test_the_brief_says_what_to_type_and_each_command_is_taken(repository: Repository) -> None:
    (blocker,) = repository.hub().rglob("blocked_*.md")
    triage, decide, run, note = list_now(repository, "P1")
    assert triage.startswith(f"parityhub triage {blocker.stem} --issue ID")
    assert run == "parityhub run-phase P1"
    assert note == "parityhub note --file FILE.md --phase P1"
    filled = {"ID": "K-1", "REGEX": "kernel", "TEXT": "words", "WHY": "words"}
    for command in (triage, decide):
        words = [filled.get(word, word) for word in command.split()[1:]]
        told = repository.call(*words)
        assert told.code == 0, told.err
    (repository.root / "FILE.md").write_text("Side b goes on alone.\n")
    assert repository.call(*note.split()[1:]).code == 0
    assert list_now(repository, "P1") == []
    assert list_now(repository, "P2") == ["parityhub run-phase P2"]
    assert "## Now" not in repository.call("brief", "P1").out


def test_what_comes_first_is_said_first(tmp_path: Path) -> None:
    repository = copy_plan("journal", tmp_path / "repo")
    assert list_now(repository, "P2") == ["parityhub run-phase P1", "parityhub run-phase P2"]
    assert repository.call("run-phase", "P1", "-q").code == 0
    note, guard, following = list_now(repository, "P1")
    assert note.startswith("parityhub note")
    assert guard == "parityhub guard P1"
    assert following == "parityhub brief P2"
    told = repository.call(*guard.split()[1:])
    assert told.code == 0, told.err
    assert list_now(repository, "P1") == [note, following]
    assert "1. `parityhub run-phase P2`: it has not run in this hub" in (
        repository.call("brief", "P2").out
    )


def test_the_brief_that_a_run_acts_on_ticks_nothing(repository: Repository) -> None:
    assert repository.call("run-phase", "P1", "-q").code == 1
    kept = (repository.hub() / "p1/analysis/brief_P1_2.md").read_text()
    assert "## Now" not in kept
    assert "- [ ] `P1.1` side b ran – `run:b`\n" in kept

"""What is running, read from the hub it writes: a real run, waiting, killed, gone on with."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from parityhub.hub.lock import hold_hub, locate_owner, read_owner
from parityhub.plan.read import read_plan
from parityhub.workflow.progress import Progress, ProgressReader
from tests.conftest import Repository

PATIENCE = 60


def make_reader(repository: Repository) -> ProgressReader:
    plan = read_plan(next(repository.root.glob("plans/*/plan.toml"))).plan
    return ProgressReader(plan, repository.root / "reports")


def wait_for(look: Callable[[], list[Progress]], sign: Callable[[Progress], bool]) -> Progress:
    """Return what runs once it is as far as is waited for."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for found in look():
            if sign(found):
                return found
        time.sleep(0.05)
    raise AssertionError(f"never came: {look()}")


def waits(found: Progress) -> bool:
    return found["log"] is not None and found["log"]["lines"] == ["waiting"]


@contextmanager
def running(repository: Repository, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = repository.start("run-phase", "P", *words)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_run_is_told_as_it_goes(make_repository: Callable[[str], Repository]) -> None:
    repository = make_repository("sleepy")
    reader = make_reader(repository)
    assert reader.read() == []
    with running(repository) as process:
        found = wait_for(reader.read, waits)
        assert (found["phase"], found["title"], found["run"]) == ("P", "the phase", 1)
        assert found["command"] == "parityhub run-phase P"
        assert found["hub"] == repository.hub().parent.name
        (attempt,) = found["attempts"]
        assert (attempt["baseline"], attempt["number"], attempt["status"]) == ("side", 1, "running")
        assert [(step["name"], step["status"]) for step in attempt["steps"]] == [
            ("train", "passed")
        ]
        assert found["log"] is not None
        assert found["log"]["file"] == "p/cli/infer_P_side_1.log"
        process.send_signal(signal.SIGKILL)
        # Nobody has waited for it yet, so its number is taken still.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert reader.look() == []
    # Its word stayed behind, and nobody holds the hub.
    assert locate_owner(repository.hub()).exists()
    assert reader.look() == []
    with running(repository, "--resume"):
        found = wait_for(reader.read, lambda found: len(found["attempts"]) == 2 and waits(found))
        assert [item["status"] for item in found["attempts"]] == ["interrupted", "running"]


def test_what_holds_a_hub_without_a_run_is_told_by_its_command(
    tmp_path: Path, ran_hubs: tuple[Path, list[Path]]
) -> None:
    source = ran_hubs[1][0]
    shutil.copytree(ran_hubs[0], tmp_path / "repo")
    hub = tmp_path / "repo" / "reports" / source.parent.name / source.name
    shutil.copytree(source, hub)
    (hub / "fit/analysis/phase_FIT_1.json").unlink()
    reader = make_reader(Repository(tmp_path / "repo"))
    with hold_hub(hub, command="parityhub report", since="2099-01-01T00:00:00Z"):
        (found,) = reader.read()
    assert (found["command"], found["phase"]) == ("parityhub report", None)


def test_blockers_of_the_run_are_told(tmp_path: Path, ran_hubs: tuple[Path, list[Path]]) -> None:
    source = ran_hubs[1][2]
    shutil.copytree(ran_hubs[0], tmp_path / "repo")
    hub = tmp_path / "repo" / "reports" / source.parent.name / source.name
    shutil.copytree(source, hub)
    (hub / "fit/analysis/phase_FIT_1.json").unlink()
    reader = make_reader(Repository(tmp_path / "repo"))
    with hold_hub(hub, command="parityhub run-phase FIT", since="2099-01-01T00:00:00Z"):
        (found,) = reader.read()
    assert {item["baseline"]: item["status"] for item in found["attempts"]} == {
        "a": "passed",
        "b": "failed",
    }
    assert len(found["blockers"]) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": "x"}'])
def test_a_word_that_is_none_is_nobody_s(tmp_path: Path, text: str) -> None:
    hub = tmp_path / "hub"
    assert read_owner(hub) is None
    locate_owner(hub).write_text(text, encoding="utf-8")
    assert read_owner(hub) is None


def test_a_process_that_has_the_number_of_a_dead_holder_is_not_the_holder(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    word = {"pid": os.getpid(), "command": "parityhub run-phase P", "since": "2020-01-01T00:00:00Z"}
    locate_owner(hub).write_text(json.dumps(word), encoding="utf-8")
    assert read_owner(hub) is None
    locate_owner(hub).write_text(
        json.dumps(word | {"since": "2099-01-01T00:00:00Z"}), encoding="utf-8"
    )
    found = read_owner(hub)
    assert found is not None
    assert found.command == "parityhub run-phase P"


def test_several_may_ask_at_once(make_repository: Callable[[str], Repository]) -> None:
    repository = make_repository("sleepy")
    reader = make_reader(repository)
    with running(repository):
        wait_for(reader.read, waits)
        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(lambda _: reader.read(), range(200)))
    assert {found[0]["phase"] for found in told} == {"P"}

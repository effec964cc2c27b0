"""Killed at any instant, the hub is readable, and the run goes on behind what is whole."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from parityhub.hub.store import Hub
from tests.conftest import Repository

END_WITHIN = 5.0


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


def list_tree(process: "subprocess.Popen[bytes]", root: Path) -> list[psutil.Process]:
    parent = psutil.Process(process.pid)
    loner = psutil.Process(int((root / "pids").read_text(encoding="utf-8")))
    return [*{child.pid: child for child in [*parent.children(recursive=True), loner]}.values()]


def start_and_wait(repository: Repository) -> "subprocess.Popen[bytes]":
    process = repository.start("run-phase", "P")
    pids = repository.root / "pids"
    # The file is there a moment before its text is.
    wait_for(lambda: pids.exists() and pids.read_text(encoding="utf-8").endswith("\n"))
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_every_child_ends_and_the_run_resumes(
    make_repository: Callable[[str], Repository], number: signal.Signals
):
    repository = make_repository("sleepy")
    process = start_and_wait(repository)
    tree = list_tree(process, repository.root)
    assert len(tree) >= 3
    process.send_signal(number)
    _, alive = psutil.wait_procs(tree, timeout=END_WITHIN)
    assert not alive
    process.wait(END_WITHIN)
    assert process.returncode == (-number if number == signal.SIGKILL else 128 + number)

    status = repository.call("status", "--json")
    assert status.document()["phases"][0]["state"] == "pending"
    assert "interrupted" in status.document()["phases"][0]["reason"]

    (repository.root / "go").touch()
    resumed = repository.call("run-phase", "P", "--resume", "--json")
    assert resumed.code == 0, resumed.err
    attempts = resumed.document()["baselines"][0]["attempts"]
    assert [attempt["status"] for attempt in attempts] == ["interrupted", "passed"]
    hub = repository.hub()
    logs = sorted(path.name for path in (hub / "p/cli").glob("*.log"))
    assert logs == ["infer_P_side_1.log", "infer_P_side_2.log", "train_P_side_1.log"]
    manifest = {
        item.path for item in Hub.open(hub, lambda: pytest.fail("no clock")).manifest.artifacts
    }
    assert manifest == set(Hub.open(hub, lambda: pytest.fail("no clock")).list_files())


def test_nothing_is_repeated_where_nothing_is_missing(
    make_repository: Callable[[str], Repository],
):
    repository = make_repository("sleepy")
    (repository.root / "go").touch()
    assert repository.call("run-phase", "P").code == 0
    before = {path: path.stat().st_mtime_ns for path in repository.hub().rglob("*.log")}
    told = repository.call("run-phase", "P", "--resume", "--json")
    assert told.code == 0
    after = {path: path.stat().st_mtime_ns for path in repository.hub().rglob("*.log")}
    assert before == after


def test_a_second_run_is_told_who_holds_the_hub(make_repository: Callable[[str], Repository]):
    repository = make_repository("sleepy")
    process = start_and_wait(repository)
    try:
        told = repository.call("run-phase", "P")
        assert told.code == 2
        assert f"pid {process.pid}" in told.err
        assert "run-phase P" in told.err
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(END_WITHIN)


def test_a_rerun_is_a_new_attempt(make_repository: Callable[[str], Repository]):
    repository = make_repository("sleepy")
    (repository.root / "go").touch()
    assert repository.call("run-phase", "P").code == 0
    told = repository.call("run-phase", "P", "--json")
    assert told.code == 0
    attempts = told.document()["baselines"][0]["attempts"]
    assert [attempt["number"] for attempt in attempts] == [2]
    assert len(list(repository.root.glob("reports/*/sleepy"))) == 1


def test_another_plan_is_refused_unless_told_to(make_repository: Callable[[str], Repository]):
    repository = make_repository("sleepy")
    (repository.root / "go").touch()
    assert repository.call("run-phase", "P").code == 0
    plan = repository.root / "plans/sleepy/plan.toml"
    plan.write_text(plan.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    refused = repository.call("run-phase", "P")
    assert refused.code == 2
    assert "another version" in refused.err
    assert "--accept-plan-change" in refused.err
    assert repository.call("run-phase", "P", "--accept-plan-change").code == 0

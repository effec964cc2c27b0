"""Phases driven through real TensorFlow failures: each hub says what happened."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from parityhub.hub.history import read_history
from parityhub.hub.store import Hub
from tests.conftest import Repository, Told

pytestmark = pytest.mark.slow

RUNGS = ["as-is", "xla-flags", "other-data", "gridsize-1", "explicit-shift"]


def read_side(told: Told, name: str) -> dict:
    return next(side for side in told.document()["baselines"] if side["name"] == name)


def read_capture(hub: Path, attempt: int) -> dict:
    path = hub / f"every/tf/cli/env_capture_EVERY_tensorflow_{attempt}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_rung_is_attempted_until_one_passes(every: Told):
    attempts = read_side(every, "tensorflow")["attempts"]
    assert [attempt["rung"] for attempt in attempts] == RUNGS
    statuses = [attempt["status"] for attempt in attempts]
    assert statuses == ["failed", "failed", "failed", "partial", "passed"]
    assert [attempt["blocker"] is None for attempt in attempts] == [False] * 4 + [True]
    assert read_side(every, "torch")["status"] == "passed"


def test_the_flags_reached_the_process_that_trained(ladder: Repository, every: Told):
    capture = read_capture(ladder.hub(), 2)
    assert capture["level"] == "self-reported"
    assert capture["differences"] == []
    assert capture["asked"]["TF_XLA_FLAGS"] == "--tf_xla_auto_jit=0"
    seen = [process["asked"]["TF_XLA_FLAGS"] for process in capture["processes"]]
    assert seen == ["--tf_xla_auto_jit=0"]


def test_blockers_name_the_known_issue_and_the_line_that_shows_it(ladder: Repository, every: Told):
    hub = ladder.hub()
    for attempt in read_side(every, "tensorflow")["attempts"][:4]:
        record = json.loads((hub / attempt["blocker"]).with_suffix(".json").read_text())
        assert record["known_issue"] == "XLA-DYN-DOT-001"
        shown = [cause for cause in record["causes"] if cause["kind"] == "log-pattern"]
        assert shown
        place = shown[0]["place"]
        line = (hub / place["file"]).read_text(encoding="utf-8").splitlines()[place["line"] - 1]
        assert "tf2xla conversion failed" in line
        assert line == shown[0]["lines"][0]
        text = (hub / attempt["blocker"]).read_text(encoding="utf-8")
        assert f"{place['line']}" in text
        assert "XLA-DYN-DOT-001" in text


def test_a_later_rung_begins_at_inference(ladder: Repository, every: Told):
    hub = ladder.hub()
    record = json.loads((hub / "every/tf/analysis/EVERY_tensorflow_5/attempt.json").read_text())
    train, infer = record["steps"]
    assert (train["status"], train["carried_from"]) == ("carried", 4)
    assert infer["status"] == "passed"
    assert not (hub / "every/tf/cli/train_EVERY_tensorflow_5.log").exists()
    kept = {item["name"]: item["digest"] for item in train["artifacts"]}
    assert kept["wts.h5.zip"]["path"].startswith("every/tf/analysis/EVERY_tensorflow_4/")


def test_other_data_and_gridsize_are_noted_and_a_rerun_is_owed(every: Told):
    document = every.document()
    note = document["dataset_note"]
    assert every.code == 1
    assert document["verdict"] != "PASS"
    assert note["owed"] == ["torch"]
    assert any("data set" in line and "second" in line for line in note["differences"])
    assert any("gridsize" in line for line in note["differences"])


def test_the_owed_rerun_settles_it(rerun: Told):
    document = rerun.document()
    assert rerun.code == 0, document["reason"]
    assert document["verdict"] == "PASS"
    assert document["dataset_note"] is None
    torch = read_side(rerun, "torch")["attempts"]
    assert [attempt["rung"] for attempt in torch] == ["owed-for-tensorflow"]
    assert len(read_side(rerun, "tensorflow")["attempts"]) == 5


def test_a_policy_lets_pytorch_go_on_alone(ladder: Repository, one_sided: Told):
    document = one_sided.document()
    assert one_sided.code == 1
    assert document["verdict"] == "INCONCLUSIVE"
    assert document["state"] == "deferred"
    assert "red/blocked_" in document["reason"]
    status = ladder.call("status", "--json").document()
    one = next(phase for phase in status["phases"] if phase["id"] == "ONE")
    assert (one["state"], one["verdict"]) == ("one-sided", "INCONCLUSIVE")
    assert "POLICY-001" in one["reason"]
    assert one["blockers"][0] in one["reason"]


def test_without_a_policy_the_phase_is_blocked(ladder: Repository, one_sided: Told):
    told = ladder.call("run-phase", "STUCK", "--json")
    assert told.code == 3
    document = told.document()
    assert (document["state"], document["verdict"]) == ("blocked", "INCONCLUSIVE")
    summary = (ladder.hub() / "summary.md").read_text(encoding="utf-8")
    assert "STUCK" in summary


def test_a_red_gate_stops_the_phase(ladder: Repository, one_sided: Told):
    told = ladder.call("run-phase", "REDGATE", "--json")
    document = told.document()
    assert told.code == 3
    assert document["state"] == "blocked"
    assert document["baselines"] == []
    assert document["gate"]["failed"] == 1
    assert document["gate"]["log"].startswith("redgate/red/")
    assert len(document["blockers"]) == 1


def test_a_policy_lets_a_red_gate_pass_and_the_summary_says_so_at_the_top(
    ladder: Repository, one_sided: Told
):
    told = ladder.call("run-phase", "REDGO", "--json")
    document = told.document()
    assert told.code == 1
    assert document["verdict"] == "INCONCLUSIVE"
    assert "POLICY-001" in document["reason"]
    assert read_side(told, "torch")["status"] == "passed"
    top = (ladder.hub() / "summary.md").read_text(encoding="utf-8")[:1500]
    assert "red" in top
    assert "POLICY-001" in top


def test_the_hub_is_whole(ladder: Repository, one_sided: Told):
    hub_path = ladder.hub()
    hub = Hub.open(hub_path, clock=lambda: pytest.fail("reading a hub needs no clock"))
    listed = {item.path for item in hub.manifest.artifacts}
    assert set(hub.list_files()) == listed
    done = subprocess.run(
        ["find", ".", "-name", "*.sha1", "-execdir", "sha1sum", "-c", "{}", ";"],
        cwd=hub_path,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert lines
    assert all(line.endswith(": OK") for line in lines)
    history = read_history(hub)
    assert {record.phase for record in history.phases} >= {"EVERY", "ONE", "NEEDS"}


def test_no_path_of_this_machine_is_published(ladder: Repository, one_sided: Told):
    hub = ladder.hub()
    root = str(ladder.root)
    for path in hub.rglob("*"):
        if path.suffix in {".json", ".md", ".txt", ".log"}:
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not re.search(re.escape(root), text), path

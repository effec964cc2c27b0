"""What a hub tells of its runs."""

import pytest

from parityhub.errors import EvidenceError
from parityhub.hub import layout
from parityhub.hub.history import read_history
from parityhub.hub.parity_records import ComparisonRecord, LocalizationRecord
from parityhub.hub.records import (
    AttemptRecord,
    AttemptStart,
    BlockerRecord,
    GateRecord,
    PhaseRecord,
    Record,
    RunStart,
    SideRecord,
    StepRecord,
)
from parityhub.hub.store import Hub


def keep(hub: Hub, path: str, record: Record) -> None:
    hub.keep_record(path, record, made_by="a test", shows="a record")


def make_start(number: int, run: int = 1) -> AttemptStart:
    return AttemptStart(
        phase="C1",
        run=run,
        baseline="torch",
        framework="pytorch",
        number=number,
        rung="as-is",
        rung_title="as is",
        asked_env={},
        options={},
        dataset=None,
        dataset_digests=(),
        revision=None,
        started="2026-11-24T12:00:00Z",
    )


def make_attempt(number: int, run: int = 1) -> AttemptRecord:
    return AttemptRecord(
        phase="C1",
        run=run,
        baseline="torch",
        framework="pytorch",
        number=number,
        rung="as-is",
        rung_title="as is",
        status="passed",
        steps=(),
        asked_env={},
        options={},
        dataset=None,
        dataset_digests=(),
        revision=None,
        proof="launcher",
        started="2026-11-24T12:00:00Z",
        seconds=1.0,
    )


def make_phase(run: int, counts: int | None, ended: str) -> PhaseRecord:
    side = SideRecord(
        name="torch",
        framework="pytorch",
        folder="c1",
        status="passed" if counts else "failed",
        counts=counts,
        attempts=(),
    )
    return PhaseRecord(
        phase="C1",
        title="the pair",
        run=run,
        state="done",
        verdict="PASS",
        reason="each check passed",
        started="2026-11-24T12:00:00Z",
        ended=ended,
        seconds=1.0,
        plan="plan/plan_0.toml",
        plan_sha256="0",
        brief="c1/analysis/brief_C1_1.md",
        git_commit=None,
        git_dirty=None,
        gate=None,
        sides=(side,),
        checks=(),
        dataset_note=None,
        steps=(),
        blockers=(),
        exit_code=0,
    )


def make_run_start(run: int) -> RunStart:
    return RunStart(
        phase="C1",
        run=run,
        started="2026-11-24T12:00:00Z",
        plan="p",
        plan_sha256="0",
        brief="b",
        git_commit=None,
        git_dirty=None,
    )


def test_an_empty_hub_has_no_history(hub: Hub) -> None:
    history = read_history(hub)
    assert history.last_phase("C1") is None
    assert history.last_start("C1") is None
    assert history.list_attempts("C1", "torch") == []
    assert history.counting_attempt("C1", "torch") is None
    assert history.list_open_starts("C1", "torch") == []


def test_attempts_come_in_order_of_their_numbers(hub: Hub) -> None:
    for number in (10, 2, 1):
        keep(hub, layout.attempt_path("c1", "C1", "torch", number), make_attempt(number))
    keep(hub, layout.attempt_path("c1", "C1", "tensorflow", 3), make_attempt(3))
    history = read_history(hub)
    assert [record.number for record in history.list_attempts("C1", "torch")] == [1, 2, 3, 10]
    assert history.list_attempts("C2", "torch") == []


def test_the_newest_run_is_the_one_of_the_highest_number(hub: Hub) -> None:
    """Runs that ended in one second are told apart by their numbers."""
    for run in (1, 10, 2):
        record = make_phase(run, run, "2026-11-24T12:00:00Z")
        keep(hub, layout.phase_path("c1", "C1", run), record)
        keep(hub, layout.run_start_path("c1", "C1", run), make_run_start(run))
        keep(hub, layout.attempt_path("c1", "C1", "torch", run), make_attempt(run, run))
    keep(hub, layout.run_start_path("c1", "C1", 11), make_run_start(11))
    history = read_history(hub)
    last, start = history.last_phase("C1"), history.last_start("C1")
    counting = history.counting_attempt("C1", "torch")
    assert last is not None
    assert start is not None
    assert counting is not None
    assert (last.run, start.run, counting.number) == (10, 11, 10)
    assert [record.run for record in history.phases] == [1, 2, 10]


def test_a_side_of_which_no_attempt_passed_has_none_that_counts(hub: Hub) -> None:
    keep(hub, layout.phase_path("c1", "C1", 1), make_phase(1, None, "2026-11-24T12:00:01Z"))
    keep(hub, layout.attempt_path("c1", "C1", "torch", 1), make_attempt(1))
    assert read_history(hub).counting_attempt("C1", "torch") is None


def test_an_attempt_without_a_record_is_an_open_start(hub: Hub) -> None:
    for number in (1, 2):
        keep(hub, layout.attempt_start_path("c1", "C1", "torch", number), make_start(number))
    keep(hub, layout.attempt_path("c1", "C1", "torch", 1), make_attempt(1))
    step = StepRecord(name="train", status="passed")
    keep(hub, layout.step_path("c1", "C1", "torch", 2, "train"), step)
    history = read_history(hub)
    [(folder, start)] = history.list_open_starts("C1", "torch")
    assert (folder, start.number) == (layout.attempt_folder("c1", "C1", "torch", 2), 2)
    assert history.steps == {layout.step_path("c1", "C1", "torch", 2, "train"): step}


def test_gates_and_blockers_are_read(hub: Hub) -> None:
    gate = GateRecord(
        phase="C1",
        run=1,
        color="red",
        reason="a test failed",
        selectors=("tests",),
        argv=("pytest",),
        passed=0,
        failed=1,
        errors=0,
        skipped=0,
        seconds=1.0,
        exit_code=1,
        log="c1/red/pytest_gate_C1_1.log",
    )
    blocker = BlockerRecord(
        path="c1/red/blocked_x.md",
        title="the gate is red",
        time="2026-11-24T12:00:00Z",
        phase="C1",
        baseline=None,
        attempt=None,
        rung=None,
        signature="a test failed",
        known_issue="unknown",
        issue_summary="",
        causes=(),
        exit_code=1,
        signal=None,
        asked_env={},
        proof=None,
        dataset=None,
        command=("pytest",),
        mitigations=(),
        on_exhausted="",
        references=(),
    )
    keep(hub, layout.gate_path("c1", "C1", 1), gate)
    keep(hub, layout.blocker_record_path(blocker.path), blocker)
    history = read_history(hub)
    assert history.gates == [gate]
    assert history.blockers == {"c1/red/blocked_x.md": blocker}


def make_comparison(pair: str) -> ComparisonRecord:
    return ComparisonRecord(pair=pair, dtype="float32", verdict="PASS", reason="r", outputs=())


def make_localization(pair: str) -> LocalizationRecord:
    return LocalizationRecord(
        pair=pair, dtype="float32", verdict="PASS", reason="r", divergences=(), layers=()
    )


def test_comparisons_and_localizations_are_read_by_their_paths(hub: Hub) -> None:
    comparisons = {
        layout.comparison_path("c2", "C2", "pair", number): make_comparison(f"net {number}")
        for number in (1, 2)
    }
    path = layout.localization_path("c2", "C2", "pair", 2)
    for where, record in (*comparisons.items(), (path, make_localization("net"))):
        keep(hub, where, record)
    history = read_history(hub)
    assert history.comparisons == comparisons
    assert history.localizations == {path: make_localization("net")}


def test_what_a_side_of_a_pair_left_is_not_read_as_a_comparison(hub: Hub) -> None:
    path = layout.pair_output_path("c2", "C2", "pair", 1, "pytorch", "compare_C2_pair_1.json")
    hub.keep_bytes(path, b"not json", made_by="a test", shows="an output")
    history = read_history(hub)
    assert (history.comparisons, history.localizations) == ({}, {})


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (layout.comparison_path("c2", "C2", "pair", 1), "ComparisonRecord"),
        (layout.localization_path("c2", "C2", "pair", 1), "LocalizationRecord"),
    ],
)
def test_a_damaged_comparison_is_named(hub: Hub, path: str, kind: str) -> None:
    hub.keep_bytes(path, b'{"pair": "net"}', made_by="a test", shows="a record")
    with pytest.raises(EvidenceError, match=f"{path}: not a {kind}"):
        read_history(hub)


def test_a_damaged_record_is_named(hub: Hub) -> None:
    path = layout.attempt_path("c1", "C1", "torch", 1)
    hub.keep_bytes(path, b'{"phase": "C1"', made_by="a test", shows="a record")
    with pytest.raises(EvidenceError, match=r"attempt\.json: not a AttemptRecord"):
        read_history(hub)


def test_what_a_program_left_is_not_read_as_history(hub: Hub) -> None:
    path = layout.artifact_path("c1", "C1", "torch", 1, "analysis/phase_C1_1.json")
    hub.keep_bytes(path, b"not json", made_by="a test", shows="an artifact")
    assert read_history(hub).phases == []

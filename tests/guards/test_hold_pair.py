"""What a guard of a pair says of a replay, without any framework."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest

from parityhub.errors import UsageError
from parityhub.guards.hold_pair import Replay, accept_outputs, judge_replay
from parityhub.guards.reference import GuardedOutput, Reference, read_reference
from parityhub.hub.parity_records import ComparisonRecord, OutputRecord
from parityhub.hub.records import CheckRecord

SIDES = ("tensorflow", "pytorch")


def make_comparison(**changes: object) -> ComparisonRecord:
    fields = {"verdict": "PASS", "reason": "within", "max_abs": 1e-7, "tolerance": 1e-6}
    output = OutputRecord(**{"name": "y", **fields, "tolerance_reason": "rounding", **changes})
    return ComparisonRecord(
        pair="net", dtype="float32", verdict="PASS", reason="within", outputs=(output,),
        mapping=(), draws=8, repeats=3, versions={}, inputs_sha256="", weights_sha256="",
    )  # fmt: skip


def make_reference() -> Reference:
    return Reference(
        plan="plans/net/plan.toml", phase="P", hub="reports/1/net", accepted="T", commit=None,
        checks=(CheckRecord(id="same", kind="same-weights", title="", verdict="PASS", reason=""),),
        pair="net",
        comparison=make_comparison(),
        outputs=(
            GuardedOutput(
                name="y", tolerance=1e-6, tolerance_reason="rounding",
                files=dict.fromkeys(SIDES, "y.npy"),
            ),
        ),
    )  # fmt: skip


def make_replay(folder: Path, moved: float | None = 0.0, **changes: object) -> Replay:
    for side in SIDES:
        (folder / side / "float32").mkdir(parents=True)
        np.save(folder / side / "float32" / "y.npy", np.ones(2, np.float32))
    return Replay(
        comparison=make_comparison(**changes),
        moved={("y", side): moved for side in SIDES},
        guilty="",
        folder=folder,
    )


def accept(folder: Path, replay: Replay) -> str:
    for side in SIDES:
        (folder / side).mkdir(parents=True)
    clock = lambda: datetime(2026, 1, 1, tzinfo=UTC)  # noqa: E731
    return accept_outputs(folder, make_reference(), replay, "meant", clock, folder)


def test_what_agrees_and_did_not_move_holds(tmp_path: Path):
    assert judge_replay(make_reference(), make_replay(tmp_path)).verdict == "PASS"


@pytest.mark.parametrize(
    "changes",
    [
        {"max_abs": 2e-6, "tolerance": 1.0},
        {"max_abs": float("nan")},
        {"max_abs": None},
        {"name": "z"},
    ],
)
def test_a_plan_that_asks_for_less_than_was_accepted_does_not_hold(tmp_path: Path, changes: dict):
    held = judge_replay(make_reference(), make_replay(tmp_path, **changes))
    assert held.verdict == "FAIL"
    assert held.reason == "beyond the tolerance that was accepted, or compared no more: y"


@pytest.mark.parametrize("moved", [2e-6, None, float("nan")])
def test_what_moved_on_both_sides_does_not_hold(tmp_path: Path, moved: float | None):
    held = judge_replay(make_reference(), make_replay(tmp_path, moved))
    assert held.verdict == "FAIL"
    assert held.reason.endswith("has changed: y of TensorFlow, y of PyTorch")


def test_another_shape_and_a_wider_tolerance_are_accepted_and_recorded(tmp_path: Path):
    folder = tmp_path / "reference"
    told = accept(folder, make_replay(tmp_path / "work", None, tolerance=1.0))
    assert told.startswith("y: tolerance 1; y of TensorFlow has another shape; ")
    reference = read_reference(folder)
    assert reference.outputs[0].tolerance == 1.0
    assert reference.updates[0].changed[0] == "y: tolerance 1"


def test_what_is_compared_no_more_cannot_be_accepted(tmp_path: Path):
    with pytest.raises(UsageError, match="y: compared no more") as caught:
        accept(tmp_path / "reference", make_replay(tmp_path / "work", name="z"))
    assert "--replace" in caught.value.hint


def test_what_lies_in_a_hub_is_not_written_over(tmp_path: Path):
    reference = msgspec.structs.replace(make_reference(), data="hub")
    clock = lambda: datetime(2026, 1, 1, tzinfo=UTC)  # noqa: E731
    with pytest.raises(UsageError, match="written once"):
        accept_outputs(tmp_path, reference, make_replay(tmp_path / "w"), "why", clock, tmp_path)

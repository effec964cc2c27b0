"""A third side: never passed for want of evidence, and failed with numbers."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parityhub.compare.referee.ask import compare_pair
from parityhub.compare.referee.rejudge import rejudge_comparison
from parityhub.compare.referee.third import Third
from parityhub.compare.referee.tolerance import Override
from parityhub.hub.parity_records import ComparisonRecord, WeightRecord
from parityhub.plan.pair import OnnxFile
from tests.compare.referee.fakes import (
    FakeProbe,
    declare,
    make_pair,
    make_request,
    make_sides,
    make_values,
)


class Network(FakeProbe):
    """A fake child that holds a network in ONNX."""

    weights: dict[str, Any]

    def read(self, request, dtype):
        Path(request["file"]).parent.mkdir(parents=True, exist_ok=True)
        np.savez(request["file"], **self.weights)
        return {"weights": len(self.weights)}

    def run(self, request, dtype):
        return super().run(request, "float32")


def make_third(folder: Path, outputs: Any, weights: Any = None, **changes: Any) -> Third:
    probe = Network({"float32": outputs}, **changes)
    probe.weights = {"w": make_values(6, (3, 3)).astype(np.float32)} if weights is None else weights
    return Third(probe=probe, file=folder / "net.onnx", sha256="0" * 64)


def compare(folder: Path, third: Third, sides: Any = None, **onnx: Any) -> ComparisonRecord:
    weight = WeightRecord(
        tensorflow="w", pytorch="w", rule="same", found="by name", confidence="certain"
    )
    changes = {"outputs": onnx.pop("declared", ())}
    pair = make_pair(onnx=OnnxFile(file="net.onnx", **onnx), **changes)
    request = make_request(folder, pair=pair, mapping=(weight,))
    return compare_pair(*(sides or make_sides()), request, third=third)


def near(error: float = 0.0) -> Any:
    values = make_values().astype(np.float32)
    values[0, 0] += np.float32(error)
    return values


def test_a_network_that_gives_the_same_passes_with_both(tmp_path: Path):
    record = compare(tmp_path, make_third(tmp_path, {"output": near(1e-8)}))
    assert record.verdict == "PASS"
    assert record.onnx is not None
    assert [output.name for output in record.onnx.outputs] == [
        "output: TensorFlow and ONNX",
        "output: PyTorch and ONNX",
    ]
    assert {output.tolerance for output in record.onnx.outputs} == {record.outputs[0].tolerance}
    assert "1 of 1 weights of the pair stand in net.onnx" in record.onnx.reason
    assert record.onnx.versions == {"engine": "1"}


def test_one_that_gives_something_else_fails_the_pair_that_agrees(tmp_path: Path):
    record = compare(tmp_path, make_third(tmp_path, {"output": near(1e-3)}, {"v": np.ones(9)}))
    assert {output.verdict for output in record.outputs} == {"PASS"}
    assert record.verdict == "FAIL"
    assert record.onnx is not None
    assert "PyTorch and ONNX: max |difference| 0.001 is beyond the derived" in record.reason
    assert "0 of 1 weights of the pair stand in net.onnx (not w)" in record.reason
    assert record.onnx.weights_lost == ("w",)
    assert record.onnx.outputs[1].max_abs == pytest.approx(1e-3, rel=1e-3)


@pytest.mark.parametrize(
    ("value", "verdict", "told"),
    [
        (np.full((4, 5), np.nan, np.float32), "FAIL", "not finite"),
        (np.zeros((4, 5), np.float32), "FAIL", "constant in ONNX"),
        (make_values(0, (5, 4)).astype(np.float32), "FAIL", "shape"),
        (make_values(), "FAIL", "float64"),
        (np.zeros((0, 5), np.float32), "FAIL", "shape"),
    ],
)
def test_what_says_nothing_is_no_pass(tmp_path: Path, value: Any, verdict: str, told: str):
    record = compare(tmp_path, make_third(tmp_path, {"output": value}))
    assert record.verdict == verdict
    assert record.onnx is not None
    assert told in record.onnx.reason


def test_one_that_does_not_repeat_itself_is_called_by_its_name(tmp_path: Path):
    record = compare(tmp_path, make_third(tmp_path, {"output": near()}, spread=1e-4))
    assert record.verdict == "INCONCLUSIVE"
    assert record.onnx is not None
    assert "ONNX does not repeat itself" in record.onnx.reason
    assert "PyTorch does not repeat itself" not in record.onnx.reason


def test_an_output_that_the_file_does_not_have_is_no_pass(tmp_path: Path):
    outputs = {"a": near(), "b": near()}
    record = compare(tmp_path, make_third(tmp_path, outputs))
    assert (record.verdict, record.outputs[0].verdict) == ("INCONCLUSIVE", "PASS")
    assert "unmatched: net.onnx has a, b" in record.reason
    named = compare(tmp_path, make_third(tmp_path, outputs), outputs={"output": "b"})
    assert named.verdict == "PASS"


def test_the_only_output_needs_no_name(tmp_path: Path):
    assert compare(tmp_path, make_third(tmp_path, {"y_3": near()})).verdict == "PASS"
    lost = compare(tmp_path, make_third(tmp_path, {"y_3": near()}), outputs={"output": "y_4"})
    assert lost.verdict == "INCONCLUSIVE"


@pytest.mark.parametrize("side", ["tensorflow", "pytorch"])
def test_it_gets_the_input_and_the_axes_of_the_side_that_it_comes_from(tmp_path: Path, side: Any):
    exact = make_values()
    tensorflow = FakeProbe(
        {"float32": {"output": exact.astype(np.float32)}, "float64": {"output": exact}}
    )
    pytorch = FakeProbe(
        {"float32": {"output": exact.T.astype(np.float32)}, "float64": {"output": exact.T}}
    )
    given = near().T.copy() if side == "pytorch" else near()
    third = make_third(tmp_path, {"output": given})
    declared = (declare("output", "output", "output", axes=(1, 0)),)
    record = compare(
        tmp_path, third, (tensorflow, pytorch), declared=declared, exported_from=side,
        inputs={"pixels": "x"},
    )  # fmt: skip
    assert record.verdict == "PASS", record.reason
    probe: Any = third.probe
    for request in probe.asked[:2]:
        assert request["inputs"].endswith(f"inputs_{side}.npz")
        assert request["rename"] == {"pixels": "x"}


def test_weights_are_found_in_either_order_of_axes_and_not_among_integers(tmp_path: Path):
    weights = {"shape": np.arange(9), "w": make_values(6, (3, 3)).astype(np.float32)}
    found = compare(tmp_path, make_third(tmp_path, {"output": near()}, weights)).onnx
    assert found is not None
    assert (found.weights_found, found.weights_lost) == (1, ())
    other = compare(tmp_path, make_third(tmp_path, {"output": near()}, {"shape": np.arange(9)}))
    assert other.onnx is not None
    assert (other.onnx.weights_found, other.onnx.weights_lost) == (0, ("w",))
    assert found.weights_sha256 != other.onnx.weights_sha256
    assert len(found.weights_sha256) == len(hashlib.sha256().hexdigest())


def test_it_is_judged_again_with_the_rest(tmp_path: Path):
    record = compare(tmp_path, make_third(tmp_path, {"output": near(1e-3)}))
    assert rejudge_comparison(record, {}) == record
    again = rejudge_comparison(record, {"output": Override("known", atol=1e-2)})
    assert again.verdict == "PASS"
    assert again.onnx is not None
    assert {output.tolerance_kind for output in again.onnx.outputs} == {"override"}
    back = rejudge_comparison(again, {})
    assert (back.verdict, back.reason) == (record.verdict, record.reason)

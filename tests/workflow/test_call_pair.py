"""parityhub.pair: two implementations in real children, from a test or a notebook."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import parityhub
from parityhub.errors import DataError, EvidenceError, UsageError
from parityhub.workflow.call_pair import PairResult, convert_pair, write_inputs

PAIR = Path(__file__).parents[1] / "pairs" / "checkpoint"
IMAGE = np.random.default_rng(0).normal(size=(3, 8, 8, 3)).astype("float32")
GIVEN: dict[str, Any] = {
    "tensorflow": "keras_model:build",
    "torch": "torch_model.py:build",
    "inputs": {"image": IMAGE},
    "input_axes": {"image": [0, 3, 1, 2]},
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both models, a port with a mistake, and a checkpoint."""
    folder = tmp_path_factory.mktemp("call")
    for name in ("keras_model.py", "torch_model.py"):
        shutil.copy(PAIR / name, folder / name)
    text = (PAIR / "torch_model.py").read_text()
    assert "torch.relu(" in text
    (folder / "mistake.py").write_text(text.replace("torch.relu(", "torch.nn.functional.gelu("))
    subprocess.run(
        [sys.executable, "torch_model.py", "net.pt"],
        cwd=folder,
        env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE"},
        check=True,
    )
    return folder


@pytest.mark.slow
def test_a_right_port_passes_and_nothing_is_left(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = {path.name for path in root.iterdir()} | {"__pycache__"}
    told: list[str] = []
    result = parityhub.pair(**GIVEN, root=root, tell=told.append)
    assert isinstance(result, PairResult)
    assert result.verdict == "PASS", result.reason
    [output] = result.outputs
    assert output.max_abs is not None
    assert output.tolerance is not None
    assert 0 < output.max_abs < output.tolerance
    assert output.tolerance_kind == "derived"
    assert result.first_divergence is None
    assert str(result).startswith("PASS: output: PASS by rounding alone")
    assert f"tolerance {output.tolerance:.3g} (derived)" in str(result)
    assert "comparing" in told
    assert {path.name for path in root.iterdir()} <= before
    assert not list(tmp_path.glob("parityhub*"))
    assert not {"tensorflow", "keras"} & set(sys.modules)


@pytest.mark.slow
def test_a_mistake_is_named_with_its_layer(root: Path):
    mistaken = {"target": "mistake.py:build", "env": {"OMP_WAIT_POLICY": "PASSIVE"}}
    result = parityhub.pair(**GIVEN | {"torch": mistaken}, root=root)
    assert result.verdict == "FAIL"
    first = result.first_divergence
    assert first is not None
    assert first.tensorflow == "relu"
    assert f"first apart: TensorFlow's relu, PyTorch's {first.pytorch}" in str(result)


@pytest.mark.slow
def test_an_npz_and_a_checkpoint_are_taken_from_the_folder(root: Path):
    np.savez(root / "in.npz", image=IMAGE)
    result = parityhub.pair(
        **GIVEN | {"inputs": "in.npz"},
        root=root,
        weights={"checkpoint": "net.pt", "from": "pytorch"},
        draws=4,
    )
    assert result.verdict == "PASS", result.reason
    origin = result.comparison.origin
    assert origin is not None
    assert (origin.source, origin.format) == ("net.pt", "state dict")
    assert result.comparison.draws == 4


@pytest.mark.slow
def test_a_model_that_cannot_be_built_is_told_in_one_line(root: Path):
    with pytest.raises(EvidenceError, match="there is no function 'built' in it") as caught:
        parityhub.pair(**GIVEN | {"torch": "torch_model.py:built"}, root=root)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"torch": "torch_model"}, "pair.pytorch.target: 'torch_model' does not name a function"),
        ({"input_axes": {"image": [0, 0]}}, "pair.input_axes.image: [0, 0] is no order of axes"),
        ({"weights": {"bundle": "C1:a/b"}}, "pair.weights: there is no hub to take a bundle from"),
        ({"weights": {"seed": 3}}, "pair.weights: do not say which side's are meant"),
        ({"weights": {"checkpoint": "a.pt"}}, "pair.weights: does not say of which side"),
        ({"onnx": {"file": "net.pt"}}, "pair.onnx.file: 'net.pt' is no .onnx file"),
        ({"draws": 1}, "pair: Expected `int` >= 2 - at `$.draws`"),
        ({"colour": "red"}, "pair: Object contains unknown field `colour`"),
        (
            {"outputs": [{"name": "a", "tensorflow": "a", "pytorch": "a", "atol": 1.0}]},
            "pair.outputs[0].reason: empty, though a tolerance is given",
        ),
        ({"inputs": {}}, "inputs: there are none"),
        ({"inputs": "none.npz"}, "inputs: there is no file none.npz"),
    ],
)
def test_what_no_plan_would_take_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: Any, told: str
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(UsageError) as caught:
        parityhub.pair(**GIVEN | changes, root=tmp_path)
    assert caught.value.message.startswith(told)
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_array_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match="not numeric"):
        write_inputs({"x": ["a"]}, tmp_path / "in.npz", tmp_path)


def test_a_pair_has_the_keys_that_a_plan_has():
    table = {
        "title": "t",
        "dataset": "d",
        "tensorflow": {"target": "net.keras"},
        "pytorch": {"target": "a:b"},
        "weights": {"from": "tensorflow"},
    }
    pair = convert_pair(table | {"dtype": "bfloat16", "onnx": None})
    assert (pair.dtype, pair.tensorflow.target) == ("bfloat16", "net.keras")


def test_nobody_pays_for_it_who_does_not_ask():
    code = "import sys, parityhub; print('numpy' in sys.modules, callable(parityhub.pair))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False True\n"

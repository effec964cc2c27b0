"""The child as the parent sees it: lines of JSON."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

NETWORKS = str(Path(__file__).parent / "networks.py")
pytestmark = pytest.mark.slow
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    child = subprocess.Popen(
        [sys.executable, "-m", "parityhub.frameworks.pytorch"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"},
    )  # fmt: skip

    def put(**request: Any) -> dict[str, Any]:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(request) + "\n")
        child.stdin.flush()
        answer: dict[str, Any] = json.loads(child.stdout.readline())
        return answer

    yield put
    _, err = child.communicate(timeout=60)
    assert child.returncode == 0
    assert "adding" in err


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("inputs") / "image.npz"
    np.savez(path, image=np.random.default_rng(0).normal(size=(2, 3, 16, 16)))
    return str(path)


@pytest.fixture(scope="module")
def opened(ask: Ask, image: str) -> dict[str, Any]:
    """Open one network in two dtypes."""
    answers = {}
    for dtype in ("float32", "float64"):
        request = {"do": "open", "key": dtype, "target": f"{NETWORKS}:branched", "options": {}}
        answers[dtype] = ask(**request, dtype=dtype, seed=1, threads=1, inputs=image)["answer"]
    return answers


def test_both_dtypes_are_open(opened: dict[str, Any]) -> None:
    for dtype, answer in opened.items():
        assert (answer["dtype"], answer["threads"]) == (dtype, 1)
        assert len(answer["weights"]) == 10
        assert answer["versions"].keys() == {"torch"}


def test_weights_travel_between_models(
    ask: Ask, opened: dict[str, Any], image: str, tmp_path: Path
) -> None:
    file = str(tmp_path / "weights.npz")
    assert ask(do="read", key="float32", file=file) == {"answer": {"weights": 10}}
    assert ask(do="load", key="float64", file=file) == {"answer": {"loaded": 10}}
    values = {}
    for dtype in opened:
        ran = ask(do="run", key=dtype, inputs=image, out=str(tmp_path / dtype), repeats=2)["answer"]
        values[dtype] = np.load(ran["outputs"][0]["file"])
        assert [output["spread"] for output in ran["outputs"]] == [0.0] * 3
    np.testing.assert_allclose(values["float32"], values["float64"], rtol=1e-4, atol=1e-6)
    np.savez(file, **{"first.weight": np.zeros((8, 3, 3, 3))})
    answer = ask(do="load", key="float64", file=file)
    assert answer["error"].startswith("these are not the weights")


def test_trace_values_and_replay_fit_together(
    ask: Ask, opened: dict[str, Any], image: str, tmp_path: Path
) -> None:
    inputs = {"inputs": image}
    traced = ask(do="trace", key="float32", seed=4, **inputs)["answer"]
    names = [node["name"] for node in traced["nodes"]]
    assert set(traced["outputs"]) == {"logits", "shares", "far"}
    other = ask(do="trace", key="float64", seed=4, **inputs)["answer"]
    assert [node["name"] for node in other["nodes"]] == names
    files = ask(do="values", key="float64", nodes=names[:3], out=str(tmp_path), **inputs)["answer"]
    feeds = {name: {"file": file, "axes": None} for name, file in files.items()}
    replayed = ask(do="replay", key="float32", feeds=feeds, force=True, **inputs)["answer"]
    assert set(replayed["sketches"]) == set(names)
    assert all(d["max_abs"] < 1e-6 * d["scale"] for d in replayed["deviations"].values())


def test_noise_gradient_ulps_and_explanation_answer(
    ask: Ask, opened: dict[str, Any], image: str, tmp_path: Path
) -> None:
    ulps = ask(do="ulps", functions=["sigmoid", "silu", "tanh"], dtype="float32")["answer"]
    loss = str(tmp_path / "loss.npz")
    np.savez(loss, logits=np.ones((2, 5)))
    request = {"key": "float64", "inputs": image, "out": str(tmp_path)}
    noisy = ask(do="noise", unit=2**-24, draws=3, seed=0, ulps=ulps, shares=True,
                nodes=["first", "dense"], gradient=loss, **request)["answer"]  # fmt: skip
    assert [response["name"] for response in noisy["responses"]] == ["logits", "shares", "far"]
    assert set(noisy["floors"]) == {"first", "dense"}
    assert noisy["gradients"]["dense.bias"]["size"] == 5
    assert noisy["shares"]
    gradients = ask(do="gradient", loss=loss, nodes=["first"], **request)["answer"]
    assert np.load(gradients["weights"])["dense.bias"].tolist() == [2.0] * 5
    assert np.load(gradients["nodes"]["first"]).shape == (2, 8, 8, 8)
    files = ask(do="values", nodes=["norm", "leaky"], **request)["answer"]
    value = np.load(files["norm"])
    np.save(files["leaky"], np.where(value < 0, 0.3 * value, value))
    found = ask(
        do="explain", node="leaky", peer={"op": "LeakyRelu", "attributes": {}}, peer_weights=None,
        feeds={"norm": {"file": files["norm"], "axes": None}},
        target={"file": files["leaky"], "axes": None}, **request,
    )["answer"]  # fmt: skip
    assert found["cause"] == "activation variant"
    assert found["detail"].startswith("with negative_slope 0.3 instead of 0.2 it agrees to ")


def test_inputs_by_name_and_a_model_that_prints(ask: Ask, tmp_path: Path) -> None:
    path = str(tmp_path / "two.npz")
    np.savez(path, right=np.full(3, 2.0), left=np.full(3, 5.0))
    opened = ask(do="open", key="two", target=f"{NETWORKS}:printing", options={"scale": 3.0},
                 dtype="float32", seed=0, threads=1, inputs=path)  # fmt: skip
    assert opened["answer"]["weights"] == []
    ran = ask(do="run", key="two", inputs=path, out=str(tmp_path), repeats=1)["answer"]
    assert [(o["name"], o["named"]) for o in ran["outputs"]] == [("0", False), ("1", False)]
    assert np.load(ran["outputs"][1]["file"]).tolist() == [30.0] * 3
    assert ask(do="close", key="two") == {"answer": None}
    answer = ask(do="run", key="two", inputs=path, out=str(tmp_path), repeats=1)
    assert answer["error"] == "no model is open under the key 'two'"


def test_bad_requests_are_answered_in_one_line(ask: Ask, opened: dict[str, Any]) -> None:
    answer = ask(do="run", key="float32", inputs="no/such.npz", out="x", repeats=1)
    assert answer["error"].startswith("cannot read the arrays of no/such.npz")
    answer = ask(do="open", key="x", target="nothing", options={}, dtype="float32", inputs="")
    assert "does not name a function" in answer["error"]

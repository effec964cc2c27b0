"""Networks in ONNX, as the package onnx writes them, run by onnxruntime."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from parityhub.errors import EvidenceError, UsageError
from parityhub.frameworks.onnx.network import measure_spread, open_network

W = np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32)
X = np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32)


def write(path: Path, *, domain: str = "", external: bool = False, **inputs: int) -> Path:
    """Write y = x W + 1, with further inputs that are added to it."""
    takes = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3])]
    takes += [helper.make_tensor_value_info(name, kind, [1]) for name, kind in inputs.items()]
    nodes = [
        helper.make_node("Constant", [], ["one"], value=numpy_helper.from_array(np.ones(1, "f4"))),
        helper.make_node("MatMul", ["x", "w"], ["m"], domain=domain),
        helper.make_node("Add", ["m", "one"], ["y"]),
    ]
    gives = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 2])]
    weights = [numpy_helper.from_array(W, "w")]
    graph = helper.make_graph(nodes, "net", takes, gives, weights)
    domains = [helper.make_opsetid("", 17)]
    domains += [helper.make_opsetid(domain, 1)] if domain else []
    model = helper.make_model(graph, opset_imports=domains, ir_version=9)
    onnx.save(model, path, save_as_external_data=external, location="net.data", size_threshold=0)
    return path


@pytest.mark.parametrize("external", [False, True])
def test_a_network_is_run_and_its_weights_are_read(tmp_path: Path, external: bool):
    network = open_network(write(tmp_path / "net.onnx", external=external), 1)
    assert (tmp_path / "net.data").exists() is external
    outputs, seconds = network.run({"whatever": X.astype(np.float64)}, 3)
    np.testing.assert_allclose(outputs["y"], X @ W + 1, rtol=1e-6)
    assert (outputs["y"].dtype, len(seconds), network.spreads) == (np.float32, 3, {"y": 0.0})
    assert network.weights.keys() == {"w", "one"}
    assert np.array_equal(network.weights["w"], W)


def test_inputs_are_taken_by_name_and_in_the_dtype_that_they_have(tmp_path: Path):
    network = open_network(write(tmp_path / "net.onnx", count=TensorProto.INT64), 1)
    given = {"x": X, "count": np.ones(1, np.int32)}
    assert network.run(given, 1)[0]["y"].shape == (4, 2)
    with pytest.raises(UsageError, match="takes x, count, and is given x, n") as caught:
        network.run({"x": X, "n": np.ones(1)}, 1)
    assert "inputs = " in caught.value.hint


def test_what_it_fails_on_is_told(tmp_path: Path):
    network = open_network(write(tmp_path / "net.onnx"), 1)
    with pytest.raises(UsageError, match="fails on its inputs") as caught:
        network.run({"x": X.T}, 1)
    assert "(3, 4)" in caught.value.hint


@pytest.mark.parametrize("kind", ["missing", "junk", "operators", "outside"])
def test_what_cannot_be_run_is_refused(tmp_path: Path, kind: str):
    path = tmp_path / "net.onnx"
    if kind == "junk":
        path.write_bytes(b"junk")
    elif kind == "operators":
        write(path, domain="com.example")
    elif kind == "outside":
        (tmp_path / "inner").mkdir()
        write(tmp_path / "inner" / "net.onnx", external=True)
        (tmp_path / "inner" / "net.data").rename(tmp_path / "net.data")
        model = onnx.load(tmp_path / "inner" / "net.onnx", load_external_data=False)
        for entry in model.graph.initializer[0].external_data:
            if entry.key == "location":
                entry.value = "../net.data"
        path = tmp_path / "inner" / "net.onnx"
        path.write_bytes(model.SerializeToString())
    with pytest.raises(EvidenceError) as caught:
        open_network(path, 1)
    assert "net.onnx" in caught.value.message
    assert "\n" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("first", "second", "spread"),
    [
        ([1.0, 2.0], [1.0, 2.5], 0.5),
        ([1.0, np.nan], [1.0, np.nan], 0.0),
        ([1.0, np.nan], [1.0, 2.0], np.inf),
        ([1.0], [1.0, 1.0], np.inf),
        ([True], [False], 1.0),
    ],
)
def test_repeats_are_held_against_the_first(first: Any, second: Any, spread: float):
    assert measure_spread(np.asarray(first), np.asarray(second)) == spread


def test_a_child_answers_for_a_network(tmp_path: Path):
    write(tmp_path / "net.onnx")
    np.savez(tmp_path / "in.npz", image=X)
    given = {"key": "net", "inputs": str(tmp_path / "in.npz"), "rename": {"x": "image"}}
    requests = [
        {"do": "open", "target": str(tmp_path / "net.onnx"), "dtype": "float32", **given},
        {"do": "run", "out": str(tmp_path / "out"), "repeats": 2, **given},
        {"do": "read", "key": "net", "file": str(tmp_path / "w.npz")},
        {"do": "trace", "key": "net"},
        {"do": "close", "key": "net"},
        {"do": "run", **given},
    ]
    done = subprocess.run(
        [sys.executable, "-m", "parityhub.frameworks.onnx"],
        input="".join(json.dumps(request) + "\n" for request in requests),
        env=os.environ | {"PARITYHUB_CAPTURE": str(tmp_path / "capture")},
        capture_output=True,
        text=True,
        check=True,
    )
    opened, ran, read, traced, closed, gone = map(json.loads, done.stdout.splitlines())
    assert [weight["name"] for weight in opened["answer"]["weights"]] == ["w", "one"]
    assert opened["answer"]["dtype"] == "float32"
    [output] = ran["answer"]["outputs"]
    np.testing.assert_allclose(np.load(output["file"]), X @ W + 1, rtol=1e-6)
    assert (read["answer"], closed["answer"]) == ({"weights": 2}, None)
    assert traced["error"] == "a network in ONNX does not do 'trace'"
    assert "no network is open under 'net'" in gone["error"]
    [record] = (tmp_path / "capture").glob("env_*.json")
    assert "onnxruntime" in json.loads(record.read_text())["versions"]

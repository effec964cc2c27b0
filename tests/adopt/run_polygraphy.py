"""A program for tests: two small networks in ONNX, run by Polygraphy, which saves what they gave.

usage: run_polygraphy.py FOLDER
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from polygraphy.backend.onnxrt import OnnxrtRunner, SessionFromOnnx
from polygraphy.comparator import Comparator, DataLoader

FEATURES = 16


def make_model(path, *, slope, name="out"):
    rng = np.random.default_rng(7)
    weight = rng.standard_normal((FEATURES, FEATURES)).astype(np.float32)
    nodes = [
        helper.make_node("MatMul", ["image", "weight"], ["sums"]),
        helper.make_node("LeakyRelu", ["sums"], ["hidden"], alpha=slope),
        helper.make_node("Softmax", ["hidden"], [name], axis=-1),
    ]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [4, FEATURES])],
        [
            helper.make_tensor_value_info(made, TensorProto.FLOAT, [4, FEATURES])
            for made in ("hidden", name)
        ],
        [numpy_helper.from_array(weight, "weight")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return str(path)


def run(folder, name, *models):
    runners = [
        OnnxrtRunner(SessionFromOnnx(model, providers=["CPUExecutionProvider"]), name=title)
        for title, model in models
    ]
    data = DataLoader(seed=1, iterations=2)
    Comparator.run(runners, data_loader=data).save(str(folder / name))


def main():
    folder = Path(sys.argv[1])
    right = make_model(folder / "right.onnx", slope=0.01)
    wrong = make_model(folder / "wrong.onnx", slope=0.3)
    renamed = make_model(folder / "renamed.onnx", slope=0.01, name="probabilities")
    run(folder, "equal.json", ("tensorflow", right), ("torch", right))
    run(folder, "mistake.json", ("tensorflow", right), ("torch", wrong))
    run(folder, "renamed.json", ("tensorflow", right), ("torch", renamed))


if __name__ == "__main__":
    main()

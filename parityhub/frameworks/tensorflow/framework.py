"""The verbs of a child that holds models of TensorFlow."""

from pathlib import Path
from typing import NoReturn

import keras
import numpy as np
import tensorflow as tf

from parityhub.capture.protocol import (
    Gradients,
    Node,
    Opened,
    Output,
    Ran,
    Restored,
    Traced,
    Ulp,
)
from parityhub.capture.sketch import list_orders, sketch_value
from parityhub.errors import UsageError
from parityhub.frameworks.serve import Request
from parityhub.frameworks.tensorflow.arrays import read_arrays, write_arrays, write_values
from parityhub.frameworks.tensorflow.checkpoints import restore_checkpoint
from parityhub.frameworks.tensorflow.fetch import check_same, iterate_values
from parityhub.frameworks.tensorflow.gradient import compute_gradient
from parityhub.frameworks.tensorflow.model import Model, build_model
from parityhub.frameworks.tensorflow.nodes import find_outputs
from parityhub.frameworks.tensorflow.pick import pick_nodes
from parityhub.frameworks.tensorflow.settings import configure_process, set_threads
from parityhub.frameworks.tensorflow.spread import measure_spread
from parityhub.frameworks.tensorflow.ulps import measure_functions
from parityhub.frameworks.tensorflow.weights import load_weights, read_weights


class TensorFlowFramework:
    """Holds models by key; answers requests as parityhub.capture.protocol has them."""

    def __init__(self) -> None:
        configure_process()
        self._models: dict[str, Model] = {}

    def open(self, request: Request) -> Opened:
        """Build a model and keep it under the key; one that was there is forgotten."""
        threads = set_threads(int(request.get("threads") or 0))
        model = build_model(
            request["target"],
            request.get("options") or {},
            request["dtype"],
            int(request.get("seed") or 0),
            read_arrays(request["inputs"]),
        )
        self._models[request["key"]] = model
        return Opened(
            weights=[weight.describe() for weight in model.weights],
            dtype=model.found_dtype,
            versions={
                "tensorflow": tf.__version__,
                "keras": keras.__version__,
                "numpy": np.__version__,
            },
            threads=threads,
        )

    def close(self, request: Request) -> None:
        """Forget a model."""
        self._find(request)
        del self._models[request["key"]]

    def read(self, request: Request) -> dict[str, int]:
        """Write the weights to a file."""
        arrays = read_weights(self._find(request).weights)
        write_arrays(request["file"], arrays)
        return {"weights": len(arrays)}

    def load(self, request: Request) -> dict[str, int]:
        """Take over the weights of a file."""
        model = self._find(request)
        return {"loaded": load_weights(model.weights, read_arrays(request["file"]))}

    def restore(self, request: Request) -> Restored:
        """Take over the weights of a checkpoint."""
        model = self._find(request)
        return restore_checkpoint(model.call, model.weights, Path(request["file"]))

    def run(self, request: Request) -> Ran:
        """Run inference."""
        model = self._find(request)
        inputs = model.cast(read_arrays(request["inputs"]))
        values, seconds = model.run(inputs, max(1, int(request.get("repeats") or 1)))
        files = write_values(request["out"], {name: each[0] for name, each in values.items()})
        outputs = [
            Output(
                name=output.name,
                named=output.named,
                file=files[output.name],
                shape=list(values[output.name][0].shape),
                dtype=values[output.name][0].dtype.name,
                spread=measure_spread(values[output.name]),
            )
            for output in model.trace(inputs).graph.outputs
        ]
        return Ran(outputs=outputs, seconds=seconds)

    def trace(self, request: Request) -> Traced:
        """Run inference and sketch each operation's value."""
        model = self._find(request)
        inputs = model.cast(read_arrays(request["inputs"]))
        traced = model.trace(inputs)
        computed, _ = model.run(inputs, 1)
        outputs = find_outputs(traced.graph, traced.nodes)
        seed = int(request.get("seed") or 0)
        nodes: list[Node] = []
        names = {node.node["name"] for node in traced.nodes}
        for node, value in iterate_values(traced, inputs, names):
            for name in (name for name, maker in outputs.items() if maker == node["id"]):
                check_same(name, value, computed[name][0])
            sketch = sketch_value(value, seed, list_orders(value.ndim)[:1])
            nodes.append({**node, "shape": list(value.shape), "sketch": sketch})
        placed = {name: -n for n, name in enumerate(traced.graph.inputs, start=1)}
        return Traced(nodes=nodes, inputs=placed, outputs=outputs)

    def values(self, request: Request) -> dict[str, str]:
        """Write values of operations."""
        model = self._find(request)
        inputs = model.cast(read_arrays(request["inputs"]))
        traced = model.trace(inputs)
        names = {node.node["name"] for node in pick_nodes(traced.nodes, request["nodes"])}
        files: dict[str, str] = {}
        for node, value in iterate_values(traced, inputs, names):
            files |= write_values(request["out"], {node["name"]: value})
        return files

    def gradient(self, request: Request) -> Gradients:
        """Run one backward pass."""
        model = self._find(request)
        inputs = model.cast(read_arrays(request["inputs"]))
        loss = read_arrays(request["loss"])
        found = compute_gradient(model, inputs, loss, request.get("nodes") or [])
        file = str(Path(request["out"]) / "weights.npz")
        write_arrays(file, found.weights)
        nodes = write_values(request["out"], found.nodes)
        return Gradients(loss=found.loss, weights=file, nodes=nodes)

    def ulps(self, request: Request) -> dict[str, Ulp]:
        """Measure elementwise functions."""
        return measure_functions(request["functions"], request.get("dtype") or "float32")

    def replay(self, request: Request) -> NoReturn:
        """Refuse: PyTorch's side replays."""
        self._refuse(request)

    def noise(self, request: Request) -> NoReturn:
        """Refuse: PyTorch's side models rounding."""
        self._refuse(request)

    def explain(self, request: Request) -> NoReturn:
        """Refuse: PyTorch's side tries changes."""
        self._refuse(request)

    def _refuse(self, request: Request) -> NoReturn:
        raise UsageError(
            f"TensorFlow's side does not do {request['do']!r}", hint="ask PyTorch's side for it"
        )

    def _find(self, request: Request) -> Model:
        key = request.get("key")
        if key not in self._models:
            raise UsageError(
                f"no model is open under {key!r}",
                hint=f"open it first; open are {sorted(self._models) or 'none'}",
            )
        return self._models[key]

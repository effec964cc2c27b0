"""A network in ONNX: opened, run on the CPU, and its weights."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

from parityhub.errors import EvidenceError, UsageError
from parityhub.frameworks.tensorflow.arrays import Array

TYPES = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(int8)": "int8",
    "tensor(uint8)": "uint8",
    "tensor(bool)": "bool",
}
"""what an input takes, as onnxruntime says it, and numpy's name for it"""


@dataclass
class Network:
    """A network that can be run."""

    session: Any
    weights: dict[str, Array]
    """initialisers by name; none of text"""
    spreads: dict[str, float] = field(default_factory=dict)
    """by output: largest |difference| between the repeats of the last run"""

    def run(
        self, arrays: Mapping[str, Array], repeats: int
    ) -> tuple[dict[str, Array], list[float]]:
        """Run inference; an array is cast to what its input takes.

        Args:
            arrays: the inputs by name; where there is one, by whatever name.
            repeats: how often.

        Returns:
            The outputs of the first run by name, and the seconds of each.

        Raises:
            UsageError: inputs are missing or unknown, or onnxruntime fails on them.
        """
        feeds = self._feed(arrays)
        names = [output.name for output in self.session.get_outputs()]
        first: dict[str, Array] = {}
        seconds: list[float] = []
        self.spreads = dict.fromkeys(names, 0.0)
        for _ in range(repeats):
            start = time.perf_counter()
            try:
                values = self.session.run(names, feeds)
            except Exception as error:
                shapes = {name: array.shape for name, array in feeds.items()}
                raise UsageError(
                    f"the network in ONNX fails on its inputs: {str(error).splitlines()[0]}",
                    hint=f"it was given {shapes}; are axes and the size of the batch right?",
                ) from error
            seconds.append(time.perf_counter() - start)
            for name, value in zip(names, values, strict=True):
                array = np.asarray(value)
                known = first.setdefault(name, array)
                self.spreads[name] = max(self.spreads[name], measure_spread(known, array))
        return first, seconds

    def _feed(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        wanted = {each.name: each.type for each in self.session.get_inputs()}
        if len(wanted) == len(arrays) == 1:
            arrays = dict(zip(wanted, arrays.values(), strict=True))
        if wanted.keys() != arrays.keys():
            raise UsageError(
                f"the network in ONNX takes {', '.join(wanted)}, and is given {', '.join(arrays)}",
                hint='say in the plan which is which: inputs = { NAME = "ARRAY" }',
            )
        return {
            name: np.ascontiguousarray(array, dtype=TYPES.get(wanted[name], array.dtype))
            for name, array in arrays.items()
        }


def open_network(path: Path, threads: int) -> Network:
    """Open an ONNX file, and weights beside it that belong to it; no operators but ONNX's own.

    Args:
        path: the file.
        threads: 0: as onnxruntime chooses.

    Raises:
        EvidenceError: it is missing, damaged, or onnxruntime cannot run it.
    """
    if not path.is_file():
        raise EvidenceError(f"{path.name}: there is no such file", hint="name a file that is there")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    try:
        model = onnx.load(path)
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        words = str(error).splitlines() or [type(error).__name__]
        raise EvidenceError(
            f"{path.name} cannot be opened as ONNX: {words[0]}",
            hint="export it anew, with operators that onnxruntime has",
        ) from error
    return Network(session, read_initializers(model))


def read_initializers(model: Any) -> dict[str, Array]:
    """Return the constants of a network by name: initialisers, and nodes that give a constant."""
    weights = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    for node in model.graph.node:
        for attribute in node.attribute if node.op_type == "Constant" else ():
            if attribute.name == "value":
                weights[node.output[0]] = numpy_helper.to_array(attribute.t)
    return {name: array for name, array in weights.items() if array.dtype.kind in "biufc"}


def measure_spread(first: Array, second: Array) -> float:
    """Return the largest |difference|; infinity where one is not finite or of another shape."""
    if first.shape != second.shape or first.dtype.kind not in "biufc":
        return float("inf")
    if np.array_equal(first, second, equal_nan=first.dtype.kind in "fc"):
        return 0.0
    with np.errstate(invalid="ignore"):
        apart = np.abs(first.astype(np.complex128) - second.astype(np.complex128))
    return float(np.where(np.isnan(apart), np.inf, apart).max())

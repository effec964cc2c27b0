"""A framework in a few lines of numpy: nets as lists of operations, asked as children are.

It computes for real, in float64 or float32; PyTorch's side holds values channels first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.protocol import Deviation, Explained, Floor, Noisy, Replayed, Traced
from parityhub.capture.protocol import Node as Traced_Node
from parityhub.capture.sketch import list_orders, sketch_value
from parityhub.errors import EvidenceError

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Op:
    """An operation on earlier ones, by name; `x` is the input."""

    name: str
    function: Callable[..., Array]
    inputs: tuple[str, ...] = ("x",)
    op: str = "op"
    moves: bool = False
    weights: tuple[str, ...] = ()


@dataclass
class NumpyNet:
    """One side: answers trace, values, replay, noise, gradient and explain."""

    side: str
    ops: Sequence[Op]
    outputs: Mapping[str, str]
    rounding: Mapping[str, Callable[[Array], Array]] = field(default_factory=dict)
    """what happens to a value in float32 alone"""
    asked: list[str] = field(default_factory=list)

    def ask(self, request: Mapping[str, Any]) -> Any:
        self.asked.append(request["do"])
        return getattr(self, f"do_{request['do']}")(request)

    def run(self, request, feeds=None, seen=None, force=True):
        dtype = np.dtype(request["key"])
        with np.load(request["inputs"]) as file:
            values = {"x": file["x"].astype(dtype)}
        for op in self.ops:
            with np.errstate(all="ignore"):
                value = np.asarray(op.function(*(values[name] for name in op.inputs)))
            if value.dtype.kind == "f":
                value = value.astype(dtype)
            if dtype == np.float32 and op.name in self.rounding:
                value = self.rounding[op.name](value).astype(dtype)
            if seen is not None:
                seen[op.name] = value
            if feeds and op.name in feeds and force:
                other = read_feed(feeds[op.name])
                if other.shape != value.shape:
                    raise EvidenceError("another shape", hint="give the same")
                value = other.astype(value.dtype)
            values[op.name] = value
        return values

    def do_trace(self, request) -> Traced:
        seen: dict[str, Array] = {}
        self.run(request, seen=seen)
        ids = {op.name: place + 1 for place, op in enumerate(self.ops)} | {"x": -1}
        nodes = [
            Traced_Node(
                id=ids[op.name],
                op=op.op,
                name=op.name,
                layer=op.name.split(".")[0].split("/")[0],
                inputs=[ids[name] for name in op.inputs],
                weights=list(op.weights),
                moves=op.moves,
                shape=list(seen[op.name].shape),
                dtype=seen[op.name].dtype.name,
                attributes={},
                sketch=self.sketch(seen[op.name], request["seed"]),
            )
            for op in self.ops
        ]
        return Traced(
            nodes=nodes,
            inputs={"x": -1},
            outputs={name: ids[node] for name, node in self.outputs.items()},
        )

    def sketch(self, value, seed):
        own = "".join(map(str, range(value.ndim)))
        return sketch_value(
            value, seed, list_orders(value.ndim) if self.side == "pytorch" else [own]
        )

    def do_values(self, request) -> dict[str, str]:
        seen: dict[str, Array] = {}
        self.run(request, seen=seen)
        files = {}
        for name in request["nodes"]:
            files[name] = str(Path(request["out"]) / f"{name.replace('/', '_')}.npy")
            np.save(files[name], seen[name])
        return files

    def do_replay(self, request) -> Replayed:
        seen: dict[str, Array] = {}
        self.run(request, request["feeds"], seen, request["force"])
        sketches = (
            {name: self.sketch(value, 0) for name, value in seen.items()}
            if request["sketches"]
            else {}
        )
        deviations = {
            name: measure(seen[name], read_feed(feed)) for name, feed in request["feeds"].items()
        }
        return Replayed(sketches=sketches, deviations=deviations)

    def do_noise(self, request) -> Noisy:
        seen: dict[str, Array] = {}
        self.run(request, seen=seen)
        floors = {}
        for name in request["nodes"]:
            scale = float(np.max(np.abs(seen[name])))
            sigma = 8 * request["unit"] * scale
            floors[name] = Floor(
                sigma_max=sigma, sigma_rms=sigma, scale=scale, size=seen[name].size
            )
        return Noisy(draws=8, responses=[], shares=[], floors=floors, gradients={})

    def do_explain(self, request) -> Explained:
        return Explained(
            cause="unknown", detail=f"asked of {request['node']}", before=1.0, after=1.0
        )


def read_feed(feed) -> Array:
    return np.load(feed["file"]).transpose(feed["axes"])


def measure(one: Array, other: Array) -> Deviation:
    with np.errstate(all="ignore"):
        apart = np.abs(one.astype(float) - other.astype(float))
    alike = (one == other) | (np.isnan(one) & np.isnan(other))
    apart = np.where(alike, 0.0, np.where(np.isfinite(apart), apart, np.inf))
    return Deviation(
        max_abs=float(apart.max()),
        rms=float(np.sqrt(np.mean(apart**2))),
        scale=float(np.max(np.abs(other[np.isfinite(other)]), initial=0.0)),
    )

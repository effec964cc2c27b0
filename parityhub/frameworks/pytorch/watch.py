"""What a replay is watched for: sketches, values, deviations from the other side's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from parityhub.capture.protocol import Deviation, Replayed, Sketch, Traced
from parityhub.capture.sketch import list_orders, sketch_value
from parityhub.errors import UsageError
from parityhub.frameworks.pytorch.models import Inputs, Model
from parityhub.frameworks.pytorch.names import make_nodes, name_values
from parityhub.frameworks.pytorch.replay import check_replay, play
from parityhub.frameworks.pytorch.tape import Tape, Value, record_tape
from parityhub.frameworks.pytorch.tensors import read_feed, to_array, write_value


@dataclass
class Watched:
    """A model's tape on some inputs, with its names."""

    model: Model
    inputs: Inputs
    tape: Tape
    names: dict[int, str]
    seed: int = 0
    """of sketches: that of the last trace"""
    ids: dict[str, int] = field(default_factory=dict)

    def find(self, name: str) -> int:
        """Return the value that a name stands for.

        Raises:
            UsageError: there is no such operation.
        """
        if name not in self.ids:
            raise UsageError(
                f"the PyTorch model has no operation {name!r}",
                hint="use the names that `trace` gave for these inputs",
            )
        return self.ids[name]


def watch_model(model: Model, inputs: Inputs, differentiable: bool = False) -> Watched:
    """Record a model's tape, and hold a replay of it against what the model gave.

    Args:
        model: to watch.
        inputs: to it.
        differentiable: record the pass that training would run, not that of inference.

    Raises:
        EvidenceError: the replay gives something else.
    """
    tape = record_tape(model, inputs, differentiable)
    names = name_values(tape)
    watched = Watched(model, inputs, tape, names, ids={name: id for id, name in names.items()})
    with torch.no_grad():
        check_replay(tape, play(model, tape, inputs))
    return watched


def trace_model(watched: Watched, seed: int) -> Traced:
    """Sketch each node in one replay."""
    watched.seed = seed
    sketches: dict[int, Sketch] = {}

    def visit(value: Value, tensor: Tensor) -> None:
        if value.id in watched.names:
            sketches[value.id] = sketch_tensor(tensor, seed)

    with torch.no_grad():
        play(watched.model, watched.tape, watched.inputs, visit)
    nodes = make_nodes(watched.tape, watched.names)
    for node in nodes:
        node["sketch"] = sketches[node["id"]]
    inputs = {name: -1 - place for place, name in enumerate(watched.tape.inputs)}
    ids = {value: inputs[name] for name, value in watched.tape.inputs.items()}
    outputs = {name: ids.get(value, value) for name, value in watched.tape.outputs.items()}
    return Traced(nodes=nodes, inputs=inputs, outputs=outputs)


def write_values(watched: Watched, wanted: list[str], folder: str) -> dict[str, str]:
    """Write values of nodes, and say where they are.

    Raises:
        UsageError: a node is unknown.
    """
    ids = {watched.find(name): name for name in wanted}
    files: dict[str, str] = {}

    def visit(value: Value, tensor: Tensor) -> None:
        if value.id in ids:
            files[ids[value.id]] = write_value(folder, ids[value.id], tensor)

    with torch.no_grad():
        play(watched.model, watched.tape, watched.inputs, visit)
    return files


def replay_model(
    watched: Watched, feeds: Mapping[str, Mapping[str, Any]], force: bool, sketches: bool
) -> Replayed:
    """Run again, hold values against the other side's, and go on with those where forced.

    Args:
        watched: the model.
        feeds: name of a node to the other side's value: `file`, `axes`.
        force: replace each value by the one it was held against.
        sketches: sketch each value that a node gave.

    Raises:
        UsageError: a node is unknown.
        EvidenceError: a value cannot be read, or is of another shape.
    """
    ids = {watched.find(name): name for name in feeds}
    seen: dict[str, Sketch] = {}
    deviations: dict[str, Deviation] = {}

    def visit(value: Value, tensor: Tensor) -> Tensor | None:
        name = watched.names.get(value.id)
        if sketches and name is not None:
            seen[name] = sketch_tensor(tensor, watched.seed)
        if value.id not in ids:
            return None
        other = read_feed(feeds[ids[value.id]], tensor, ids[value.id])
        deviations[ids[value.id]] = measure_deviation(tensor, other)
        return other if force else None

    with torch.no_grad():
        play(watched.model, watched.tape, watched.inputs, visit)
    return Replayed(sketches=seen, deviations=deviations)


def sketch_tensor(tensor: Tensor, seed: int) -> Sketch:
    """Sketch a tensor in each order that the other side may hold it in."""
    return sketch_value(to_array(tensor), seed, list_orders(tensor.ndim))


def measure_deviation(tensor: Tensor, other: Tensor) -> Deviation:
    """Compare two tensors in float64; NaN or infinity on one side alone is infinitely far.

    Where both have the same infinity, or both NaN, they agree.
    """
    wide = torch.complex128 if tensor.is_complex() else torch.float64
    one, two = tensor.detach().to(wide), other.detach().to(wide)
    apart = (one - two).abs()
    if not torch.isfinite(apart).all():
        alike = (one == two) | ((one != one) & (two != two))
        apart = torch.where(alike, 0.0, apart).nan_to_num(nan=torch.inf, posinf=torch.inf)
    size = two.abs()
    size = size[torch.isfinite(size)]
    return Deviation(
        max_abs=float(apart.max()) if apart.numel() else 0.0,
        rms=float(apart.square().mean().sqrt()) if apart.numel() else 0.0,
        scale=float(size.max()) if size.numel() else 0.0,
    )

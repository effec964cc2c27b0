"""Gradients of one loss on both sides, weight by weight and value by value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.files import write_arrays
from parityhub.capture.protocol import Gradients, Node
from parityhub.compare.localize.graph import Graph
from parityhub.compare.localize.pairing import Pairing, ValuePair
from parityhub.compare.localize.request import LocalizeRequest, make_folder
from parityhub.compare.localize.values import match_order
from parityhub.compare.probe import Probe
from parityhub.compare.weights.convert import convert_weights

AGREE = 1e-9
"""of a gradient's largest element: what two float64 backward passes may be apart"""
MEMBERS = 4
"""nodes of TensorFlow's with one value whose gradients are looked at"""

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Apart:
    """How far two gradients are apart."""

    deviation: float
    scale: float

    @property
    def agrees(self) -> bool:
        """Whether rounding in float64 explains it."""
        return self.deviation <= AGREE * self.scale


def write_losses(request: LocalizeRequest, left: Graph) -> dict[str, str]:
    """Draw a seeded loss, linear in the outputs, and write it for each side.

    Returns:
        File by side; none where no output has a gradient.
    """
    generator = np.random.default_rng(request.seed)
    losses: dict[str, dict[str, Array]] = {"tensorflow": {}, "pytorch": {}}
    for pair in request.outputs:
        node = left.nodes.get(left.outputs.get(pair.tensorflow, -1))
        if node is None or not node["dtype"].startswith(("float", "complex")):
            continue
        drawn: Array = generator.standard_normal(node["shape"])
        if node["dtype"].startswith("complex"):
            drawn = drawn + 1j * generator.standard_normal(node["shape"])
        axes = np.argsort(pair.axes) if pair.axes else range(drawn.ndim)
        losses["tensorflow"][pair.tensorflow] = drawn
        losses["pytorch"][pair.pytorch] = drawn.transpose(*axes)
    if not losses["tensorflow"]:
        return {}
    folder = Path(make_folder(request, "gradient"))
    files = {}
    for side, arrays in losses.items():
        write_arrays(folder / f"loss_{side}.npz", arrays)
        files[side] = str(folder / f"loss_{side}.npz")
    return files


def measure_gradients(
    tensorflow: Probe,
    pytorch: Probe,
    request: LocalizeRequest,
    pairing: Pairing,
    left: Graph,
    pairs: Sequence[ValuePair],
) -> tuple[dict[str, Apart], dict[int, Apart]]:
    """Compare the gradients of a loss with respect to weights and to paired values.

    Args:
        tensorflow: holds the float64 model.
        pytorch: the same.
        request: outputs, mapping and budget.
        pairing: of the float64 values.
        left: TensorFlow's graph.
        pairs: of values, with one node each in PyTorch that gives it.

    Returns:
        By PyTorch's name of a weight, and by PyTorch's node.

    Raises:
        EvidenceError: a child refused it.
    """
    losses = write_losses(request, left)
    if not losses:
        return {}, {}
    weights: dict[str, Apart] = {}
    values: dict[int, Apart] = {}
    for window in _cut_windows(pairing.right, pairs, request.budget):
        members = {pair.pytorch: _list_members(left, pairing, pair.pytorch) for pair in window}
        ours = list(dict.fromkeys(node for nodes in members.values() for node, _ in nodes))
        left_names = [left.nodes[node]["name"] for node in ours]
        right_names = [pairing.right.nodes[pair.pytorch]["name"] for pair in window]
        here = _ask(tensorflow, request, "tensorflow", losses, left_names)
        there = _ask(pytorch, request, "pytorch", losses, right_names)
        weights = weights or _compare_weights(request, here, there)
        for pair, name in zip(window, right_names, strict=True):
            theirs = np.load(there["nodes"][name], mmap_mode="r")
            values[pair.pytorch] = min(
                (
                    compare_gradients(
                        np.load(here["nodes"][left.nodes[node]["name"]], mmap_mode="r"),
                        theirs.transpose([int(axis) for axis in order]),
                    )
                    for node, order in members[pair.pytorch]
                ),
                key=lambda apart: apart.deviation,
            )
    return weights, values


def compare_gradients(ours: Array, theirs: Array) -> Apart:
    """Return how far two gradients are apart; what is not finite is infinitely far."""
    scale = max(float(np.max(np.abs(one), initial=0.0)) for one in (ours, theirs))
    deviation = float(np.max(np.abs(ours - theirs), initial=0.0))
    finite = np.isfinite(deviation) and np.isfinite(scale)
    return Apart(deviation, scale) if finite else Apart(float("inf"), 1.0)


def _ask(
    probe: Probe, request: LocalizeRequest, side: Any, losses: Mapping[str, str], nodes: list[str]
) -> Gradients:
    gradients: Gradients = probe.ask(
        {
            "do": "gradient",
            "key": request.referee,
            "inputs": str(request.inputs[side]),
            "loss": losses[side],
            "nodes": nodes,
            "out": make_folder(request, f"gradient/{side}"),
        }
    )
    return gradients


def _compare_weights(
    request: LocalizeRequest, here: Gradients, there: Gradients
) -> dict[str, Apart]:
    """Compare the gradients of weights that both sides train, in PyTorch's order."""
    with np.load(here["weights"]) as ours, np.load(there["weights"]) as theirs:
        # A weight whose partner has two biases has its gradient in each of them.
        both = [
            pair
            for pair in request.mapping
            if pair.tensorflow in ours and pair.pytorch in theirs and not pair.addend
        ]
        converted = convert_weights(
            {p.tensorflow: ours[p.tensorflow] for p in both}, both, "tensorflow"
        )
        return {
            name: compare_gradients(gradient, theirs[name]) for name, gradient in converted.items()
        }


def _list_members(left: Graph, pairing: Pairing, node: int) -> list[tuple[int, str]]:
    """Return TensorFlow's nodes of a value, the one that made it first, each with its order."""
    members = []
    for ours in left.sort(pairing.matches[node].everywhere)[:MEMBERS]:
        order = match_order(left.nodes[ours], pairing.right.nodes[node])
        if order is not None:
            members.append((ours, order))
    return members


def _cut_windows(
    right: Graph, pairs: Sequence[ValuePair], budget: int
) -> Iterator[list[ValuePair]]:
    window: list[ValuePair] = []
    taken = 0
    for pair in pairs:
        size = (1 + MEMBERS) * _count_bytes(right.nodes[pair.pytorch])
        if window and taken + size > budget:
            yield window
            window, taken = [], 0
        window.append(pair)
        taken += size
    if window:
        yield window


def _count_bytes(node: Node) -> int:
    return prod(node["shape"]) * (16 if node["dtype"].startswith("complex") else 8)

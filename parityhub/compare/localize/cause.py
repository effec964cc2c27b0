"""The likely cause of a divergence, found by experiment in PyTorch's child."""

from pathlib import Path
from typing import Any

import numpy as np

from parityhub.capture.files import write_arrays
from parityhub.capture.protocol import Explained
from parityhub.compare.localize.graph import find_border
from parityhub.compare.localize.healer import Divergence, Healer
from parityhub.compare.localize.request import make_folder
from parityhub.compare.localize.search import Candidate, list_region
from parityhub.compare.localize.values import match_moments
from parityhub.compare.weights.convert import convert_weights
from parityhub.errors import EvidenceError

UNKNOWN = "unknown"


def ask_cause(healer: Healer, divergence: Divergence) -> Explained | None:
    """Have PyTorch try changes of the operation; None where it cannot."""
    order = divergence.order or _guess_order(divergence)
    if divergence.tensorflow is None or not order:
        return None
    if does_besides(divergence) and not _only_moves(divergence):
        # Whatever it does besides: some other function gives what TensorFlow has anyway.
        return None
    target = healer.make_feeds([Candidate(divergence.tensorflow, divergence.pytorch, order)])
    name = divergence.front.right.nodes[divergence.pytorch]["name"]
    try:
        explained: Explained = healer.pytorch.ask(
            {
                "do": "explain",
                "key": healer.request.referee,
                "inputs": str(healer.request.inputs["pytorch"]),
                "node": name,
                "feeds": healer.make_feeds(_list_feeds(divergence)),
                "target": target[name],
                "peer": _describe_peer(divergence),
                "peer_weights": _write_peer_weights(healer, divergence),
            }
        )
    except EvidenceError as error:
        return Explained(cause=UNKNOWN, detail=error.message, before=0.0, after=0.0)
    return explained


def does_besides(divergence: Divergence) -> bool:
    """Return whether TensorFlow's value is one that PyTorch's is made of: it does more to it."""
    front = divergence.front
    region = list_region(front.right, front.right_bad, divergence.pytorch)
    return any(
        divergence.tensorflow in match.everywhere
        for node in find_border(front.right, region)
        if (match := front.pairing.matches.get(node)) is not None
    )


def _only_moves(divergence: Divergence) -> bool:
    """Return whether both values have the same finite elements, in another order."""
    if divergence.tensorflow is None:
        return False
    front = divergence.front
    one, other = front.left.nodes[divergence.tensorflow], front.right.nodes[divergence.pytorch]
    return not other["sketch"]["nonfinite"] and match_moments(one["sketch"], other["sketch"])


def _guess_order(divergence: Divergence) -> str:
    """Return the usual order of axes where the shapes differ, but not their number."""
    if divergence.tensorflow is None:
        return ""
    rank = len(divergence.front.left.nodes[divergence.tensorflow]["shape"])
    if rank != len(divergence.front.right.nodes[divergence.pytorch]["shape"]):
        return ""
    return divergence.front.pairing.orders.get(rank, "".join(map(str, range(rank))))


def _list_feeds(divergence: Divergence) -> list[Candidate]:
    """Return the values that the region of a divergence starts from, as TensorFlow has them."""
    front = divergence.front
    region = list_region(front.right, front.right_bad, divergence.pytorch)
    return [
        Candidate(match.tensorflow[0], node, match.order)
        for node in find_border(front.right, region)
        if node >= 0 and (match := front.pairing.matches.get(node)) is not None
    ]


def _describe_peer(divergence: Divergence) -> dict[str, Any]:
    """Describe what TensorFlow does there: the operation with weights, and all attributes."""
    graph, ours = divergence.front.left, divergence.tensorflow
    if ours is None:
        return {"op": "", "attributes": {}}
    nodes = [graph.nodes[node] for node in list_region(graph, divergence.front.left_bad, ours)]
    attributes: dict[str, str] = {}
    for node in nodes:
        attributes |= node["attributes"]
    main = next((node for node in nodes if node["weights"]), nodes[-1])
    return {"op": main["op"], "attributes": attributes}


def _write_peer_weights(healer: Healer, divergence: Divergence) -> str | None:
    """Write TensorFlow's weights of the layer, by PyTorch's names and in its order."""
    graph = divergence.front.right
    region = list_region(graph, divergence.front.right_bad, divergence.pytorch)
    names = {weight for node in region for weight in graph.nodes[node]["weights"]}
    chosen = [pair for pair in healer.request.mapping if pair.pytorch in names]
    if not chosen:
        return None
    folder = Path(make_folder(healer.request, "tensorflow_float64"))
    file = folder / "weights.npz"
    if not file.exists():
        healer.tensorflow.ask({"do": "read", "key": healer.request.referee, "file": str(file)})
    with np.load(file, allow_pickle=False) as stored:
        arrays = {pair.tensorflow: stored[pair.tensorflow] for pair in chosen}
    converted = convert_weights(arrays, chosen, "tensorflow")
    write_arrays(folder / "peer_weights.npz", converted)
    return str(folder / "peer_weights.npz")

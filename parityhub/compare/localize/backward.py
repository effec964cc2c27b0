"""The walk back from a loss: the layer in front of which gradients first part."""

from collections.abc import Mapping, Sequence

from parityhub.compare.localize.gradient import Apart, measure_gradients
from parityhub.compare.localize.graph import Graph, find_descendants, find_nearest
from parityhub.compare.localize.known import Backward
from parityhub.compare.localize.pairing import Pairing, ValuePair, list_value_pairs
from parityhub.compare.localize.request import LocalizeRequest
from parityhub.compare.probe import Probe
from parityhub.compare.weights.pairs import WeightPair
from parityhub.errors import EvidenceError
from parityhub.hub.parity_records import DivergenceRecord, LayerRecord


def look_back(
    tensorflow: Probe,
    pytorch: Probe,
    request: LocalizeRequest,
    left: Graph,
    pairing: Pairing,
    *,
    differs: bool,
) -> Backward:
    """Compare the backward passes of the float64 networks.

    Args:
        tensorflow: holds the float64 model.
        pytorch: the same.
        request: outputs, mapping and budget.
        left: TensorFlow's graph.
        pairing: of the float64 values.
        differs: the forward passes differ, so that gradients say nothing.
    """
    if differs:
        return Backward(reason="not looked at: the forward passes differ")
    right = pairing.right
    pairs = select_differentiable(right, list_value_pairs(left, right, pairing))
    try:
        weights, values = measure_gradients(tensorflow, pytorch, request, pairing, left, pairs)
    except EvidenceError as error:
        return Backward(reason=f"there is none: {error.message}")
    if not values:
        return Backward(reason="there is none: no output and value that has a gradient")
    divergences = walk_back(left, right, pairs, values)
    divergences += find_lone_weights(right, weights, divergences)
    layers = (*judge_values(left, right, pairs, values), *judge_weights(weights, request.mapping))
    agree = sum(one.agrees for one in (*weights.values(), *values.values()))
    reason = f"{agree} of {len(weights) + len(values)} gradients agree in float64"
    return Backward(divergences=tuple(divergences), layers=layers, reason=reason)


def select_differentiable(right: Graph, pairs: Sequence[ValuePair]) -> list[ValuePair]:
    """Return the pairs whose value has a gradient, and that one node alone gives in PyTorch.

    Where a value is handed on, the node that made it has the whole gradient; where several make
    it, each has a part alone, and none is taken.
    """
    same: dict[int, list[int]] = {}
    for pair in pairs:
        same.setdefault(pair.tensorflow, []).append(pair.pytorch)
    return [
        pair
        for pair in pairs
        if pair.pytorch == same[pair.tensorflow][0]
        and set(same[pair.tensorflow][1:]) <= find_descendants(right, [pair.pytorch])
        and right.nodes[pair.pytorch]["dtype"].startswith(("float", "complex"))
    ]


def walk_back(
    left: Graph, right: Graph, pairs: Sequence[ValuePair], apart: Mapping[int, Apart]
) -> list[DivergenceRecord]:
    """Find the layers behind which gradients agree and before which they do not.

    Args:
        left: TensorFlow's graph.
        right: PyTorch's.
        pairs: of values, in PyTorch's order.
        apart: by PyTorch's node: how far the gradients with respect to it are apart.

    Returns:
        A record for each, the one next to the loss first. It names the layer that the value goes
        into, as its backward pass is the one that differs.
    """
    by_node = {pair.pytorch: pair for pair in pairs if pair.pytorch in apart}
    behind: dict[int, list[int]] = {node: [] for node in by_node}
    for node in by_node:
        for source in find_nearest(right, node, by_node):
            behind[source].append(node)
    records = []
    for node in reversed(right.sort(by_node)):
        if apart[node].agrees or not all(apart[other].agrees for other in behind[node]):
            continue
        guilty = by_node[(right.sort(behind[node]) or [node])[0]]
        records.append(_make_record(left, right, guilty, by_node[node], apart[node], behind[node]))
    return records


def find_lone_weights(
    right: Graph, apart: Mapping[str, Apart], told: Sequence[DivergenceRecord]
) -> list[DivergenceRecord]:
    """Return a record for each weight whose gradient alone is wrong, where no value's is."""
    if told:
        return []
    records = []
    for name, one in apart.items():
        if one.agrees:
            continue
        users = [node for node in right.nodes.values() if name in node["weights"]]
        records.append(
            DivergenceRecord(
                tensorflow="",
                pytorch=users[0]["name"] if users else name,
                cause="unknown",
                detail=f"the gradient with respect to the weight {name} differs, that of no value",
                evidence=(f"{one.deviation:.3g} apart, of a scale of {one.scale:.3g}",),
                found_in="gradient",
                local=one.deviation,
                pytorch_op=users[0]["op"] if users else "",
                proven=True,
            )
        )
    return records


def judge_weights(
    apart: Mapping[str, Apart], mapping: Sequence[WeightPair]
) -> tuple[LayerRecord, ...]:
    """Make a record of each weight's gradient."""
    ours = {pair.pytorch: pair.tensorflow for pair in mapping}
    return tuple(
        LayerRecord(
            tensorflow=ours.get(name),
            pytorch=name,
            verdict="rounding" if one.agrees else "local",
            local=one.deviation,
            scale=one.scale,
            note="gradient of a weight",
        )
        for name, one in apart.items()
    )


def judge_values(
    left: Graph, right: Graph, pairs: Sequence[ValuePair], apart: Mapping[int, Apart]
) -> tuple[LayerRecord, ...]:
    """Make a record of the gradient with respect to each value, those next to the loss first."""
    return tuple(
        LayerRecord(
            tensorflow=left.nodes[pair.tensorflow]["name"],
            pytorch=right.nodes[pair.pytorch]["name"],
            verdict="rounding" if apart[pair.pytorch].agrees else "inherited",
            local=apart[pair.pytorch].deviation,
            scale=apart[pair.pytorch].scale,
            shape=tuple(right.nodes[pair.pytorch]["shape"]),
            axes=tuple(int(axis) for axis in pair.order),
        )
        for pair in reversed(pairs)
        if pair.pytorch in apart
    )


def _make_record(
    left: Graph,
    right: Graph,
    guilty: ValuePair,
    before: ValuePair,
    apart: Apart,
    behind: Sequence[int],
) -> DivergenceRecord:
    theirs = right.nodes[guilty.pytorch]
    name = right.nodes[before.pytorch]["name"]
    evidence = [
        f"the gradients with respect to {name} are {apart.deviation:.3g} apart, of a scale of"
        f" {apart.scale:.3g}"
    ]
    named = ", ".join(right.nodes[node]["name"] for node in right.sort(behind))
    evidence.append(
        f"behind it they agree: {named}" if named else "nothing behind it has a partner"
    )
    return DivergenceRecord(
        tensorflow=left.nodes[guilty.tensorflow]["name"],
        pytorch=theirs["name"],
        cause="unknown",
        detail=f"the forward passes agree; the gradient from {theirs['name']} to {name} does not",
        evidence=tuple(evidence),
        found_in="gradient",
        local=apart.deviation,
        tensorflow_op=left.nodes[guilty.tensorflow]["op"],
        pytorch_op=theirs["op"],
        proven=len(behind) == 1,
    )

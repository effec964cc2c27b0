"""What is told of a divergence: names, evidence, and a cause found by experiment."""

from parityhub.capture.protocol import Node
from parityhub.compare.localize.cause import UNKNOWN, ask_cause, does_besides
from parityhub.compare.localize.graph import Graph, find_border
from parityhub.compare.localize.healer import Divergence, Healer
from parityhub.compare.localize.search import list_region
from parityhub.hub.parity_records import DivergenceRecord

ACTIVATIONS = ("relu", "elu", "gelu", "silu", "swish", "tanh", "sigmoid", "softplus", "selu")


def explain_divergence(healer: Healer, divergence: Divergence) -> DivergenceRecord:
    """Make the record of a divergence: what is known of it, and the likely cause.

    Args:
        healer: both children; what was replaced before this divergence does not matter, as its
            inputs are given.
        divergence: a place where the sides part.
    """
    front, theirs = divergence.front, front_node(divergence)
    ours = None if divergence.tensorflow is None else front.left.nodes[divergence.tensorflow]
    evidence = _list_evidence(divergence)
    besides = does_besides(divergence)
    explained = divergence.explained or ask_cause(healer, divergence)
    cause = explained["cause"] if explained else UNKNOWN
    detail = explained["detail"] if explained else _describe_unknown(divergence)
    if besides and cause == UNKNOWN:
        cause = _name_besides(theirs)
        detail = f"PyTorch does {theirs['op']} there, TensorFlow takes the value as it is"
    elif divergence.absent and ours is not None and cause == UNKNOWN:
        cause = _name_absent(ours)
        detail = f"TensorFlow has {ours['op']} there, PyTorch has nothing"
    return DivergenceRecord(
        tensorflow=ours["name"] if ours else "",
        pytorch=theirs["name"],
        cause=cause,
        detail=detail,
        evidence=tuple(evidence),
        found_in="float64",
        local=explained["before"] if explained else None,
        tensorflow_op=", ".join(_list_ops(divergence, front.left)) if ours else "",
        pytorch_op=theirs["op"],
        proven=divergence.proven,
    )


def front_node(divergence: Divergence) -> Node:
    """Return PyTorch's node of a divergence."""
    return divergence.front.right.nodes[divergence.pytorch]


def _list_evidence(divergence: Divergence) -> list[str]:
    front, theirs = divergence.front, front_node(divergence)
    lines = []
    border = find_border(front.right, list_region(front.right, front.right_bad, divergence.pytorch))
    named = [front.right.nodes[node]["name"] if node >= 0 else "the input" for node in border]
    if named and not divergence.absent:
        lines.append(f"what it takes is the same on both sides: {', '.join(named)}")
    lines += _compare_sketches(divergence)
    ending = divergence.pytorch in front.right.outputs.values()
    if divergence.proven and ending:
        lines.append("it is an output itself")
    elif divergence.proven:
        lines.append(
            f"with {theirs['name']} replaced by TensorFlow's value, values behind it agree again"
        )
    else:
        lines.append("no value of TensorFlow's in its place makes what is behind it agree again")
    between = list_region(front.right, front.right_bad, divergence.pytorch)[:-1]
    if between:
        shown = ", ".join(front.right.nodes[node]["name"] for node in between[-4:])
        lines.append(f"between the last value that agrees and this one: {shown}")
    return lines


def _compare_sketches(divergence: Divergence) -> list[str]:
    theirs = front_node(divergence)
    if divergence.tensorflow is None:
        return []
    ours = divergence.front.left.nodes[divergence.tensorflow]
    lines = []
    if sorted(ours["shape"]) != sorted(theirs["shape"]):
        lines.append(f"shape {ours['shape']} in TensorFlow, {theirs['shape']} in PyTorch")
    one, other = ours["sketch"], theirs["sketch"]
    if one["nonfinite"] != other["nonfinite"]:
        lines.append(
            f"elements that are not finite: {one['nonfinite']} in TensorFlow,"
            f" {other['nonfinite']} in PyTorch"
        )
    lines.append(
        f"mean {one['mean']:.9g} and {other['mean']:.9g}, rms {one['rms']:.9g} and"
        f" {other['rms']:.9g}"
    )
    return lines


def _list_ops(divergence: Divergence, graph: Graph) -> list[str]:
    if divergence.tensorflow is None:
        return []
    region = list_region(graph, divergence.front.left_bad, divergence.tensorflow)
    nodes = [graph.nodes[node] for node in region]
    return list(dict.fromkeys(node["op"] for node in nodes if not node["moves"]))


def _name_absent(node: Node) -> str:
    if any(word in node["op"].lower() for word in ACTIVATIONS):
        return "activation variant"
    return "missing bias" if node["weights"] and "add" in node["op"].lower() else UNKNOWN


def _name_besides(node: Node) -> str:
    known = any(word in node["op"].lower() for word in ACTIVATIONS)
    return "activation variant" if known else UNKNOWN


def _describe_unknown(divergence: Divergence) -> str:
    if divergence.tensorflow is None:
        return "TensorFlow's layer could not be told"
    return "no change that was tried makes the two agree"

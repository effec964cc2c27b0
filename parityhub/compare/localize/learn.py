"""What the float64 networks tell: pairs, divergences and floors, to be kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy.typing as npt

from parityhub.capture.protocol import Traced
from parityhub.compare.localize.backward import look_back
from parityhub.compare.localize.explain import explain_divergence
from parityhub.compare.localize.floors import measure_floors
from parityhub.compare.localize.graph import (
    Graph,
    find_descendants,
    find_nearest,
    make_graph,
)
from parityhub.compare.localize.heal import heal
from parityhub.compare.localize.healer import Divergence, Healer
from parityhub.compare.localize.inputs import compare_inputs, make_input_nodes, read_inputs
from parityhub.compare.localize.known import Known, KnownPair
from parityhub.compare.localize.pairing import Pairing, ValuePair, list_value_pairs, pair_values
from parityhub.compare.localize.request import LocalizeRequest
from parityhub.compare.probe import Probe
from parityhub.compare.referee.court import Clock
from parityhub.errors import EvidenceError
from parityhub.plan.pair import Side

CHECKPOINTS = 12
"""about as many pairs are measured first when what was learned is recalled"""


def learn_pair(tensorflow: Probe, pytorch: Probe, request: LocalizeRequest, clock: Clock) -> Known:
    """Trace both float64 networks, pair their values, and find where they part.

    Raises:
        EvidenceError: a child refused it.
    """
    started = clock()
    here, there = read_inputs(request, "tensorflow"), read_inputs(request, "pytorch")
    left = _trace_graph(tensorflow, request, "tensorflow", here)
    right = _trace_graph(pytorch, request, "pytorch", there)
    healer = Healer(tensorflow, pytorch, request, left, right)
    pairing = pair_values(left, right, request.outputs)
    records = compare_inputs(here, there, request.input_axes)
    divergences: list[Divergence] = []
    if not records:
        divergences, pairing = heal(healer, pairing)
        records = tuple(explain_divergence(healer, divergence) for divergence in divergences)
    pairs = list_value_pairs(left, right, pairing)
    kept, notes = _keep_common(tensorflow, pytorch, request, left, right, pairs)
    known_pairs, lost = _know_pairs(pytorch, request, left, pairing, kept)
    few = choose_checkpoints(right, kept)
    checkpoints, _ = _know_pairs(pytorch, request, left, pairing, few)
    differs = bool(records) or bool(pairing.wrong)
    backward = None
    if request.gradient:
        backward = look_back(tensorflow, pytorch, request, left, pairing, differs=differs)
    return Known(
        pairs=known_pairs,
        checkpoints=checkpoints,
        divergences=records,
        places=tuple(
            sum(right.places[pair.pytorch] < right.places[one.pytorch] for pair in kept)
            for one in divergences
        )
        or (0,) * len(records),
        unpaired_tensorflow=_list_unpaired(left, pairing.tensorflow),
        unpaired_pytorch=_list_unpaired(right, pairing.matches),
        notes=(*notes, *lost),
        unfinished=tuple(pair.name for pair in pairing.wrong),
        backward=backward,
        seconds=clock() - started,
    )


def trace(probe: Probe, request: LocalizeRequest, side: Side, key: str) -> Traced:
    """Have a child sketch each operation of a forward pass."""
    traced: Traced = probe.ask(
        {"do": "trace", "key": key, "inputs": str(request.inputs[side]), "seed": request.seed}
    )
    return traced


def _trace_graph(
    probe: Probe, request: LocalizeRequest, side: Side, inputs: Mapping[str, npt.NDArray[Any]]
) -> Graph:
    """Trace a float64 model; its inputs are nodes too."""
    traced = trace(probe, request, side, request.referee)
    return make_graph(traced, make_input_nodes(inputs, traced, side, request.seed))


def _keep_common(
    tensorflow: Probe,
    pytorch: Probe,
    request: LocalizeRequest,
    left: Graph,
    right: Graph,
    pairs: Sequence[ValuePair],
) -> tuple[list[ValuePair], list[str]]:
    """Return the pairs whose nodes the models in the pair's dtype have too, and what is lost."""
    ours = make_graph(trace(tensorflow, request, "tensorflow", request.key)).names
    theirs = make_graph(trace(pytorch, request, "pytorch", request.key)).names
    kept, lost = [], []
    for pair in pairs:
        names = left.nodes[pair.tensorflow]["name"], right.nodes[pair.pytorch]["name"]
        if (pair.tensorflow < 0 or names[0] in ours) and names[1] in theirs:
            kept.append(pair)
        else:
            lost.append(names[1])
    note = f"not there in {request.dtype}, though in float64: {', '.join(lost)}"
    return kept, [note] if lost else []


def choose_checkpoints(right: Graph, pairs: Sequence[ValuePair]) -> list[ValuePair]:
    """Choose a few pairs, evenly spread, and those behind which there is no other."""
    nodes = {pair.pytorch for pair in pairs}
    step = -(-len(pairs) // CHECKPOINTS) or 1
    last = {pair.pytorch for pair in pairs if not find_descendants(right, [pair.pytorch]) & nodes}
    return [
        pair for place, pair in enumerate(pairs) if place % step == step - 1 or pair.pytorch in last
    ]


def _know_pairs(
    pytorch: Probe,
    request: LocalizeRequest,
    left: Graph,
    pairing: Pairing,
    pairs: Sequence[ValuePair],
) -> tuple[tuple[KnownPair, ...], list[str]]:
    """Return what is kept of pairs, with the floors of the stretches between them."""
    names = [pairing.right.nodes[pair.pytorch]["name"] for pair in pairs]
    sigmas, lost = _try_floors(pytorch, request, names)
    nodes = {pair.pytorch for pair in pairs}
    return tuple(_make_known(left, pairing, pair, nodes, sigmas) for pair in pairs), lost


def _try_floors(
    pytorch: Probe, request: LocalizeRequest, nodes: list[str]
) -> tuple[dict[str, float], list[str]]:
    try:
        return measure_floors(pytorch, request, nodes), []
    except EvidenceError as error:
        return {}, [f"what rounding explains could not be measured: {error.message}"]


def _make_known(
    left: Graph,
    pairing: Pairing,
    pair: ValuePair,
    nodes: Collection[int],
    sigmas: dict[str, float],
) -> KnownPair:
    right = pairing.right
    node = right.nodes[pair.pytorch]
    return KnownPair(
        tensorflow=left.nodes[pair.tensorflow]["name"],
        pytorch=node["name"],
        order=pair.order,
        shape=tuple(node["shape"]),
        before=tuple(
            right.nodes[other]["name"] for other in find_nearest(right, pair.pytorch, nodes)
        ),
        healed=pair.pytorch in pairing.healed,
        sigma_max=sigmas.get(node["name"]),
    )


def _list_unpaired(graph: Graph, paired: Iterable[int]) -> tuple[str, ...]:
    """Return the layers that compute something, no value of which has a partner."""
    seen = set(paired)
    layers: dict[str, bool] = {}
    for number, node in graph.nodes.items():
        if node["layer"] and (not node["moves"] or number in seen):
            layers[node["layer"]] = layers.get(node["layer"], False) or number in seen
    return tuple(layer for layer, found in layers.items() if not found)

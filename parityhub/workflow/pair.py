"""A pair put to the test: both children started, given the same numbers, and asked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from parityhub.capture.files import write_arrays
from parityhub.capture.protocol import WeightInfo
from parityhub.compare.probe import Probe
from parityhub.compare.referee.numbers import order_arrays, read_arrays
from parityhub.compare.referee.request import SIDES, PairRequest, name_key
from parityhub.compare.referee.third import Third
from parityhub.compare.weights.pairs import WeightPair
from parityhub.plan.pair import Pair, Side
from parityhub.run.pair_sides import (
    Workplace,
    expand_target_options,
    name_sides,
    open_sides,
)
from parityhub.workflow.pair_checkpoint import digest_checkpoint, find_file
from parityhub.workflow.pair_weights import (
    WeightPlace,
    list_weights,
    record_mapping,
    write_weights,
)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Both children under way, each with its model built and its numbers written."""

    probes: Mapping[Side, Probe]
    request: PairRequest
    mapping: tuple[WeightPair, ...]
    listed: Mapping[Side, Sequence[WeightInfo]]
    """both sides' weights"""
    third: Third | None = None
    """the network in ONNX, where the pair has one"""


@contextmanager
def prepare_pair(
    name: str, pair: Pair, place: Workplace, weights: WeightPlace
) -> Iterator[Prepared]:
    """Start both children and give them the same numbers.

    Args:
        name: of the pair.
        pair: what the plan says of it.
        place: where they work.
        weights: where these come from.

    Raises:
        EvidenceError: a child cannot be started, a model cannot be built, or the weights of the
            two cannot be paired.
    """
    with open_sides(pair, place) as sides:
        probes: dict[Side, Probe] = {"tensorflow": sides.tensorflow, "pytorch": sides.pytorch}
        implementations = name_sides(pair)
        options = {
            side: expand_target_options(implementations[side], place, side) for side in SIDES
        }
        third = find_third(pair, place.root, sides.onnx)
        place.tell(f"pair {name}: building both models")
        prepared = share_numbers(
            probes,
            PairRequest(
                name=name,
                pair=pair,
                inputs=place.data[pair.inputs],
                weights={},
                folder=place.folder / "arrays",
                options=options,
            ),
            weights,
        )
        yield replace(prepared, third=third)


def find_third(pair: Pair, root: Path, probe: Probe | None) -> Third | None:
    """Return the pair's network in ONNX; None: it has none.

    Raises:
        EvidenceError: the file is not there, or leads out of the repository.
    """
    if pair.onnx is None or probe is None:
        return None
    file = find_file(pair.onnx.file, root, "onnx.file")
    return Third(probe=probe, file=file, sha256=digest_checkpoint(file))


def share_numbers(
    probes: Mapping[Side, Probe], request: PairRequest, place: WeightPlace
) -> Prepared:
    """Build both models, pair their weights, and write the numbers that both get.

    Args:
        probes: both children.
        request: what is to be compared; its weights are not known yet.
        place: where they come from.

    Raises:
        EvidenceError: a model cannot be built, or the weights of the two cannot be paired.
    """
    pair, folder = request.pair, request.folder
    key = name_key(request.name, pair.dtype)
    inputs = write_inputs(pair, request.inputs, folder)
    listed = list_weights(probes, pair, request.options, inputs, key)
    written = write_weights(probes, pair, listed, place, key, folder)
    return Prepared(
        probes=probes,
        request=replace(
            request,
            weights=written.files,
            mapping=record_mapping(written.mapping),
            origin=written.origin,
        ),
        mapping=written.mapping,
        listed=listed,
    )


def write_inputs(pair: Pair, inputs: Path, folder: Path) -> dict[Side, Path]:
    """Write the input for each side, in its own order of axes.

    Raises:
        EvidenceError: the input is missing or damaged, or axes are given that do not fit it.
    """
    arrays = read_arrays(inputs)
    files: dict[Side, Path] = {side: folder / f"given_{side}.npz" for side in SIDES}
    write_arrays(files["tensorflow"], arrays)
    write_arrays(files["pytorch"], order_arrays(arrays, pair.input_axes))
    return files

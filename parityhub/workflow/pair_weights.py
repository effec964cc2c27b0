"""The numbers that both sides of a pair get: weights, from a bundle, a checkpoint or a side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parityhub.capture.bundle import read_bundle
from parityhub.capture.files import write_arrays
from parityhub.capture.protocol import Opened, WeightInfo
from parityhub.compare.evidence import Evidence, Missing
from parityhub.compare.probe import Probe
from parityhub.compare.referee.numbers import read_arrays
from parityhub.compare.referee.request import SIDES
from parityhub.compare.weights.bundle import name_as_tensorflow
from parityhub.compare.weights.convert import share_weights
from parityhub.compare.weights.mapping import derive_mapping
from parityhub.compare.weights.pairs import WeightPair
from parityhub.errors import EvidenceError
from parityhub.hub.parity_records import OriginRecord, WeightRecord
from parityhub.plan.pair import Pair, Side
from parityhub.plan.references import parse_bundle
from parityhub.workflow.pair_checkpoint import restore_weights

Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class WeightPlace:
    """The file that a pair's weights come from; where there is none, one of its sides."""

    bundle: Path | None = None
    checkpoint: Path | None = None
    accepted: Path | None = None
    """an .npz by TensorFlow's names: what a guard holds both sides to"""


class Written(NamedTuple):
    """The weights as both sides get them."""

    files: dict[Side, Path]
    mapping: tuple[WeightPair, ...]
    origin: OriginRecord


def list_weights(
    probes: Mapping[Side, Probe],
    pair: Pair,
    options: Mapping[Side, Mapping[str, bool | int | float | str]],
    inputs: Mapping[Side, Path],
    key: str,
) -> dict[Side, list[WeightInfo]]:
    """Build both models, and list their weights.

    Raises:
        EvidenceError: a child cannot build its model.
    """
    listed: dict[Side, list[WeightInfo]] = {}
    for side in SIDES:
        implementation = pair.tensorflow if side == "tensorflow" else pair.pytorch
        opened: Opened = probes[side].ask(
            {
                "do": "open",
                "key": key,
                "target": implementation.target,
                "options": dict(options[side]),
                "dtype": pair.dtype,
                "seed": pair.weights.seed,
                "threads": pair.threads,
                "inputs": str(inputs[side]),
            }
        )
        listed[side] = opened["weights"]
    return listed


def find_bundle(pair: Pair, evidence: Evidence | None) -> Path | Missing | None:
    """Return the bundle that a pair's weights come from; None: from one of its sides.

    Raises:
        EvidenceError: the hub does not keep it.
    """
    reference = parse_bundle(pair.weights.bundle) if pair.weights.bundle else None
    if reference is None:
        return None
    if evidence is None:
        raise EvidenceError(
            f"{pair.weights.bundle}: there is no hub to take it from",
            hint="run the phase that trains it",
        )
    ref = f"{reference.run.phase}:{reference.run.baseline}"
    found = evidence.find_artifact(ref, reference.artifact)
    return found if isinstance(found, Missing) else evidence.locate(found[1])


def read_bundle_weights(bundle: Path, pair: Pair) -> dict[str, npt.NDArray[Any]]:
    """Read a bundle's weights, and the numbers of its params.json that are weights too.

    Raises:
        EvidenceError: it is damaged, or lacks a number.
    """
    weights, params = read_bundle(bundle)
    for name in pair.weights.params:
        value = params.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise EvidenceError(
                f"{bundle.name}: params.json has no number {name!r}",
                hint="name in the plan's weights.params only numbers that the bundle has",
            )
        weights[name] = np.asarray(value, dtype=np.float64)
    return weights


def write_weights(
    probes: Mapping[Side, Probe],
    pair: Pair,
    listed: Mapping[Side, list[WeightInfo]],
    place: WeightPlace,
    key: str,
    folder: Path,
) -> Written:
    """Write the weights for each side, by its own names and in its own order.

    Args:
        probes: both children; each holds its model under the key.
        pair: what the plan says of it.
        listed: both sides' weights.
        place: where they come from.
        key: of the models.
        folder: where the files go.

    Raises:
        EvidenceError: a weight has no partner, or several; or what they come from does not
            fit.
    """
    mapping = derive_mapping(listed["tensorflow"], listed["pytorch"], pair.mapping)
    bundle = place.bundle
    given = bundle is not None or place.accepted is not None
    source: Side = "tensorflow" if given else pair.weights.source or "tensorflow"
    origin = OriginRecord(kind="initial", side=source)
    arrays: Arrays
    if place.accepted is not None:
        origin = OriginRecord(kind="accepted")
        arrays = read_arrays(place.accepted)
        check_accepted(arrays, listed["tensorflow"], mapping)
    elif bundle is not None:
        origin = OriginRecord(kind="bundle", source=pair.weights.bundle or "")
        arrays = name_as_tensorflow(
            read_bundle_weights(bundle, pair), listed["tensorflow"], pair.mapping
        )
    else:
        if place.checkpoint is not None:
            origin = restore_weights(probes[source], pair, place.checkpoint, key)
        file = folder / f"given_by_{source}.npz"
        probes[source].ask({"do": "read", "key": key, "file": str(file)})
        arrays = read_arrays(file)
    ours, theirs = share_weights(arrays, mapping, source)
    shared: dict[Side, Arrays] = {"tensorflow": ours, "pytorch": theirs}
    files = {side: folder / f"shared_{side}.npz" for side in SIDES}
    for side, file in files.items():
        write_arrays(file, shared[side])
    return Written(files, mapping, origin)


def check_accepted(
    arrays: Arrays, listed: Sequence[WeightInfo], mapping: Sequence[WeightPair]
) -> None:
    """See that the weights that were accepted are those that the model has, by name.

    Raises:
        EvidenceError: the model has others; all of them are named.
    """
    new = {pair.tensorflow for pair in mapping} - set(arrays)
    gone = set(arrays) - {weight["name"] for weight in listed}
    told = [
        f"{what} {', '.join(sorted(names))}"
        for what, names in (("has", new), ("lacks", gone))
        if names
    ]
    if told:
        raise EvidenceError(
            f"TensorFlow's weights are not those that were accepted: it {' and '.join(told)}",
            hint="if that is meant, run the phase again and write the guard with --replace",
        )


def record_mapping(mapping: tuple[WeightPair, ...]) -> tuple[WeightRecord, ...]:
    """Return a mapping as it is kept."""
    return tuple(
        WeightRecord(
            tensorflow=pair.tensorflow,
            pytorch=pair.pytorch,
            rule=pair.rule,
            found=pair.found,
            confidence=pair.confidence,
        )
        for pair in mapping
    )

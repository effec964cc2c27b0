"""The numbers that both sides of a pair get: weights, from a bundle or from one of the sides."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.bundle import read_bundle
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
from parityhub.hub.parity_records import WeightRecord
from parityhub.plan.pair import Pair, Side
from parityhub.plan.references import parse_bundle

Arrays = Mapping[str, npt.NDArray[Any]]


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
    bundle: Path | None,
    key: str,
    folder: Path,
) -> tuple[dict[Side, Path], tuple[WeightPair, ...]]:
    """Write the weights for each side, by its own names and in its own order.

    Args:
        probes: both children; each holds its model under the key.
        pair: what the plan says of it.
        listed: both sides' weights.
        bundle: where they come from: a bundle, or an .npz by TensorFlow's names; None: from the
            side that the plan names.
        key: of the models.
        folder: where the files go.

    Raises:
        EvidenceError: a weight has no partner, or several; or the bundle does not fit.
    """
    mapping = derive_mapping(listed["tensorflow"], listed["pytorch"], pair.mapping)
    source: Side = "tensorflow" if bundle is not None else pair.weights.source or "tensorflow"
    arrays: Arrays
    if bundle is not None and bundle.suffix == ".npz":
        arrays = read_arrays(bundle)
    elif bundle is not None:
        arrays = name_as_tensorflow(
            read_bundle_weights(bundle, pair), listed["tensorflow"], pair.mapping
        )
    else:
        file = folder / f"initial_{source}.npz"
        probes[source].ask({"do": "read", "key": key, "file": str(file)})
        arrays = read_arrays(file)
    ours, theirs = share_weights(arrays, mapping, source)
    shared: dict[Side, Arrays] = {"tensorflow": ours, "pytorch": theirs}
    files = {side: folder / f"shared_{side}.npz" for side in SIDES}
    for side, file in files.items():
        write_arrays(file, shared[side])
    return files, mapping


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write named arrays as .npz; a name may be any text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not by np.savez: a weight may be called as one of its own arguments.
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as stream:
                np.lib.format.write_array(stream, np.asarray(array), allow_pickle=False)


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

"""The models of a pair: opened with the same numbers, and run."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from parityhub.capture.files import write_arrays
from parityhub.capture.protocol import Opened, Output, Ran
from parityhub.compare.probe import Probe
from parityhub.compare.referee.distance import Array
from parityhub.compare.referee.numbers import (
    check_axes,
    digest_arrays,
    order_arrays,
    read_arrays,
    round_arrays,
)
from parityhub.compare.referee.opened import open_numbers
from parityhub.compare.referee.request import SIDES, PairRequest, name_key
from parityhub.errors import EvidenceError
from parityhub.plan.pair import Side


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The files of the numbers that both sides get, and what they are known by."""

    inputs: Mapping[Side, Path]
    weights: Mapping[Side, Path]
    inputs_sha256: str
    weights_sha256: str


@dataclass(frozen=True)
class Answered:
    """A model of one side in one dtype, and what it made of the input."""

    opened: Opened
    ran: Ran

    @property
    def outputs(self) -> list[Output]:
        """What it gave."""
        return self.ran["outputs"]

    @property
    def seconds(self) -> float:
        """Median of a forward pass."""
        return median(self.ran["seconds"]) if self.ran["seconds"] else 0.0


def write_numbers(request: PairRequest) -> Numbers:
    """Round inputs and weights to the pair's dtype and write each side's files.

    Raises:
        EvidenceError: a file is missing, damaged or holds numbers beyond the dtype; or axes are
            given that do not fit.
    """
    dtype = request.pair.dtype
    request.folder.mkdir(parents=True, exist_ok=True)
    inputs = round_arrays(read_arrays(request.inputs), dtype)
    ordered = {"tensorflow": inputs, "pytorch": order_arrays(inputs, request.pair.input_axes)}
    files: dict[str, dict[Side, Path]] = {"inputs": {}, "weights": {}}
    digests = {"inputs": digest_arrays(inputs), "weights": ""}
    for side in SIDES:
        weights = round_arrays(read_arrays(request.weights[side]), dtype)
        digests["weights"] = digest_arrays(weights)
        for what, arrays in (("inputs", ordered[side]), ("weights", weights)):
            files[what][side] = request.folder / f"{what}_{side}.npz"
            write_arrays(files[what][side], arrays)
    return Numbers(
        inputs=files["inputs"],
        weights=files["weights"],
        inputs_sha256=digests["inputs"],
        weights_sha256=digests["weights"],
    )


def answer_input(
    probe: Probe, side: Side, request: PairRequest, numbers: Numbers, dtype: str, repeats: int
) -> Answered:
    """Open a side's model in a dtype, give it the weights, and run it on the input.

    The model stays open under `name_key`, for what else is asked of it.

    Raises:
        EvidenceError: the child refused something, or ended.
    """
    key = name_key(request.name, dtype)
    inputs = str(numbers.inputs[side])
    opened: Opened = probe.ask(
        {
            "do": "open",
            "key": key,
            "target": request.implementation(side).target,
            "options": dict(request.options[side]),
            "dtype": dtype,
            "seed": request.pair.weights.seed,
            "threads": request.pair.threads,
            "inputs": inputs,
        }
    )
    probe.ask({"do": "load", "key": key, "file": str(numbers.weights[side])})
    out = request.folder / side / dtype
    out.mkdir(parents=True, exist_ok=True)
    ran: Ran = probe.ask(
        {"do": "run", "key": key, "inputs": inputs, "out": str(out), "repeats": repeats}
    )
    return Answered(opened, ran)


def read_output(output: Output, axes: tuple[int, ...] = ()) -> Array:
    """Read an output's file, its axes in the order given; bfloat16 comes as float32.

    Raises:
        EvidenceError: it is missing or damaged, or the axes do not fit.
    """
    array, _ = open_numbers(Path(output["file"]))
    if not axes:
        return array
    check_axes(output["name"], array.ndim, axes)
    return array.transpose(axes)


def digest_output(output: Output) -> str:
    """Return the SHA-256 of an output's file.

    Raises:
        EvidenceError: it cannot be read.
    """
    try:
        with Path(output["file"]).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EvidenceError(
            f"{output['name']}: its file cannot be read: {error.strerror}",
            hint="the child ended while it wrote it; run it again",
        ) from error

"""What takes long to find out about a pair, kept outside the hub for the next time on this machine.

A comparison is recalled by the checks of `recall_noise`. What a localisation found holds while both
models give the very same bits, in float64 and in the pair's dtype, for the same weights and input.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from parityhub.capture.files import open_atomically
from parityhub.compare.localize.known import Known
from parityhub.compare.referee.request import PairRequest
from parityhub.hub.parity_records import ComparisonRecord

T = TypeVar("T", ComparisonRecord, Known)


def recall_comparison(cache: Path, pair: str) -> ComparisonRecord | None:
    """Return the newest comparison of a pair that was kept; None: none can be read."""
    return read_kept(cache / f"compare_{pair}.json", ComparisonRecord)


def keep_comparison(cache: Path, record: ComparisonRecord) -> None:
    """Keep a comparison, if it measured the response to rounding."""
    if record.ulps:
        write_kept(cache / f"compare_{record.pair}.json", record)


def recall_known(cache: Path, key: str) -> Known | None:
    """Return what a localisation found; None: there is none that can be read."""
    return read_kept(cache / f"localize_{key}.json", Known)


def keep_known(cache: Path, key: str, known: Known) -> None:
    """Keep what a localisation found."""
    write_kept(cache / f"localize_{key}.json", known)


def make_key(request: PairRequest, comparison: ComparisonRecord) -> str:
    """Return what a localisation is kept under: all that it depends on, and what it was seen of."""
    seen = {
        "pair": request.name,
        "dtype": request.pair.dtype,
        "draws": request.pair.draws,
        "declared": msgspec.to_builtins(
            (request.pair.outputs, request.pair.input_axes, request.mapping)
        ),
        "targets": [request.pair.tensorflow.target, request.pair.pytorch.target],
        "options": {side: dict(options) for side, options in request.options.items()},
        "inputs": comparison.inputs_sha256,
        "weights": comparison.weights_sha256,
        "versions": comparison.versions,
        "outputs": digest_outputs(request.folder),
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:32]


def digest_outputs(folder: Path) -> Mapping[str, str]:
    """Digest each array that the children left for a comparison, by its path."""
    digests = {}
    for file in sorted(folder.glob("*/*/*.npy")):
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        digests[file.relative_to(folder).as_posix()] = digest
    return digests


def read_kept(file: Path, kind: type[T]) -> T | None:
    """Read what was kept; a file that is missing or damaged is as if nothing had been."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None


def write_kept(file: Path, value: msgspec.Struct) -> None:
    """Write a file, whole or not at all."""
    with open_atomically(file) as stream:
        stream.write(msgspec.json.encode(value))

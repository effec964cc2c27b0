"""Polygraphy's JSON of runs (`polygraphy run … --save-outputs FILE`), read without Polygraphy.

Its arrays are .npy files in base64, of old versions .npz. Nothing in it is unpickled: a tensor of
PyTorch, which is a pickle, is refused.
"""

import base64
import binascii
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from parityhub.compare.referee.numbers import BROKEN_ZIP
from parityhub.errors import EvidenceError

MOST_BYTES = 1 << 30
"""of a file, and of what one array unpacks to"""
AGAIN = "save it again: polygraphy run MODEL --onnxrt --save-outputs FILE.json"


class Iteration(msgspec.Struct):
    """What a runner gave for one input, as the file has it."""

    outputs: dict[str, dict[str, Any]]


class RunResults(msgspec.Struct):
    """A whole file: runners by name, each with its iterations."""

    lst: list[tuple[str, list[Iteration]]]


@dataclass(frozen=True)
class FoundOutput:
    """One output of one iteration."""

    iteration: int
    """from 0"""
    name: str
    key: str
    """where in the file it stands"""
    payload: Mapping[str, Any]
    """encoded"""


@dataclass(frozen=True)
class Runner:
    """A runner, as the file calls it."""

    name: str
    iterations: int
    outputs: tuple[FoundOutput, ...]


def read_runners(file: Path) -> tuple[Runner, ...]:
    """Read the runners of a file; their arrays stay encoded.

    Raises:
        EvidenceError: it cannot be read, is too large, or is no JSON of runs; the message names
            the key.
    """
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise EvidenceError(
                f"{file.name}: {size >> 20} MiB, at most {MOST_BYTES >> 20} are read",
                hint="save fewer outputs or iterations in one file",
            )
        results = msgspec.json.decode(file.read_bytes(), type=RunResults)
    except OSError as error:
        raise EvidenceError(
            f"{file.name}: cannot be read: {error.strerror}", hint="name a file of Polygraphy's"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        told = re.sub(r"\s+", " ", str(error))
        raise EvidenceError(
            f"{file.name}: no RunResults of Polygraphy: {told}", hint=AGAIN
        ) from error
    runners = tuple(
        Runner(name, len(iterations), tuple(list_outputs(at, iterations)))
        for at, (name, iterations) in enumerate(results.lst)
    )
    if not runners:
        raise EvidenceError(f"{file.name}: lst: no runner in it", hint=AGAIN)
    for runner in runners:
        for name in (runner.name, *(output.name for output in runner.outputs)):
            if not name.isprintable():
                raise EvidenceError(
                    f"{file.name}: {name!a}: a name that is not printable", hint="rename it"
                )
    return runners


def list_outputs(at: int, iterations: list[Iteration]) -> Iterator[FoundOutput]:
    """Yield the outputs of a runner: the one at that place of `lst`."""
    for number, iteration in enumerate(iterations):
        for name, payload in iteration.outputs.items():
            key = f"lst[{at}][1][{number}].outputs[{name!a}]"
            yield FoundOutput(number, name, key, payload)


def decode_output(output: FoundOutput, file: str) -> bytes:
    """Return the bytes of an output's .npy, not looked into.

    Raises:
        EvidenceError: it is no array in base64, or unpacks to more than is read.
    """
    where = f"{file}: {output.key}"
    held = output.payload
    inner = held.get("values")
    held = inner if isinstance(inner, dict) else held
    if "tensor" in held:
        raise EvidenceError(
            f"{where}: a tensor of PyTorch, which is a pickle and is not opened",
            hint="save outputs as NumPy arrays: tensor.numpy() before the run is saved",
        )
    text = held.get("array")
    if not isinstance(text, str):
        raise EvidenceError(f"{where}: holds no array", hint=AGAIN)
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EvidenceError(f"{where}: not base64: {error}", hint=AGAIN) from error
    return unpack_first(data, where) if data.startswith(b"PK") else data


def unpack_first(data: bytes, where: str) -> bytes:
    """Return the first array of an .npz, as Polygraphy takes it.

    Raises:
        EvidenceError: it is damaged, empty, or unpacks to more than is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if not members:
                raise EvidenceError(f"{where}: an .npz without arrays", hint=AGAIN)
            with archive.open(members[0]) as stream:
                array = stream.read(MOST_BYTES + 1)
    except (*BROKEN_ZIP, OSError, EOFError, ValueError) as error:
        raise EvidenceError(f"{where}: not a whole .npz: {error}", hint=AGAIN) from error
    if len(array) > MOST_BYTES:
        raise EvidenceError(
            f"{where}: unpacks to more than {MOST_BYTES >> 20} MiB", hint="save it as .npy"
        )
    return array

"""How far each layer deviates in the pair's dtype: by itself, and in all."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from parityhub.capture.protocol import Deviation, Replayed
from parityhub.compare.localize.inputs import INPUT, write_inputs
from parityhub.compare.localize.known import KnownPair
from parityhub.compare.localize.request import LocalizeRequest, make_folder
from parityhub.compare.localize.values import invert_order
from parityhub.compare.probe import Probe

BYTES = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2}


@dataclass(frozen=True)
class Measured:
    """Deviations of one layer's value from TensorFlow's."""

    local: Deviation
    """PyTorch's inputs of the layer being TensorFlow's"""
    total: Deviation


def measure_deviations(
    tensorflow: Probe, pytorch: Probe, request: LocalizeRequest, pairs: Sequence[KnownPair]
) -> dict[str, Measured]:
    """Measure each pair, in windows of values that fit the budget.

    In a window PyTorch's tape runs twice: once as it is, held against TensorFlow's values, and
    once with each of them in PyTorch's place, so that an error does not go on to the next layer
    (teacher forcing). The values that a window starts from are replaced too.

    Args:
        tensorflow: holds the model in the pair's dtype.
        pytorch: the same.
        request: keys, inputs, folder and budget.
        pairs: in the order in which PyTorch has them.

    Returns:
        By PyTorch's name.

    Raises:
        EvidenceError: a child refused it.
    """
    by_name = {pair.pytorch: pair for pair in pairs}
    measured: dict[str, Measured] = {}
    for window in cut_windows(pairs, request.dtype, request.budget):
        starts = {name for pair in window for name in pair.before} & set(by_name)
        fed = [*window, *(by_name[name] for name in sorted(starts - {p.pytorch for p in window}))]
        feeds = _write_values(tensorflow, request, fed)
        total = _replay(pytorch, request, feeds, force=False)
        local = _replay(pytorch, request, feeds, force=True)
        for pair in window:
            measured[pair.pytorch] = Measured(local[pair.pytorch], total[pair.pytorch])
    shutil.rmtree(_name_folder(request), ignore_errors=True)
    return measured


def cut_windows(
    pairs: Sequence[KnownPair], dtype: str, budget: int
) -> Iterator[tuple[KnownPair, ...]]:
    """Cut pairs into stretches whose values take at most the budget; one pair at least."""
    window: list[KnownPair] = []
    taken = 0
    for pair in pairs:
        size = prod(pair.shape) * BYTES.get(dtype, 8)
        if window and taken + size > budget:
            yield tuple(window)
            window, taken = [], 0
        window.append(pair)
        taken += size
    if window:
        yield tuple(window)


def _write_values(
    tensorflow: Probe, request: LocalizeRequest, pairs: Sequence[KnownPair]
) -> dict[str, dict[str, Any]]:
    """Have TensorFlow write its values; return them as feeds."""
    shutil.rmtree(_name_folder(request), ignore_errors=True)
    names = list(dict.fromkeys(pair.tensorflow for pair in pairs))
    asked: dict[str, str] = tensorflow.ask(
        {
            "do": "values",
            "key": request.key,
            "inputs": str(request.inputs["tensorflow"]),
            "nodes": [name for name in names if not name.startswith(INPUT)],
            "out": make_folder(request, "tensorflow_values"),
        }
    )
    files = asked | write_inputs(request, [name for name in names if name.startswith(INPUT)])
    return {
        pair.pytorch: {"file": files[pair.tensorflow], "axes": invert_order(pair.order)}
        for pair in pairs
    }


def _replay(
    pytorch: Probe, request: LocalizeRequest, feeds: Mapping[str, Mapping[str, Any]], *, force: bool
) -> dict[str, Deviation]:
    replayed: Replayed = pytorch.ask(
        {
            "do": "replay",
            "key": request.key,
            "inputs": str(request.inputs["pytorch"]),
            "feeds": feeds,
            "force": force,
            "sketches": False,
        }
    )
    return replayed["deviations"]


def _name_folder(request: LocalizeRequest) -> Path:
    return request.folder / "tensorflow_values"

"""Where two implementations first part: the record."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from parityhub.compare.localize.deviations import measure_deviations
from parityhub.compare.localize.known import Backward, Known
from parityhub.compare.localize.layers import (
    UNDERIVED,
    find_float_divergences,
    judge_layers,
    judge_stretches,
)
from parityhub.compare.localize.learn import learn_pair
from parityhub.compare.localize.request import LocalizeRequest
from parityhub.compare.probe import Probe
from parityhub.compare.referee.court import Clock
from parityhub.errors import EvidenceError
from parityhub.hub.parity_records import DivergenceRecord, LayerRecord, LocalizationRecord
from parityhub.hub.records import Verdict


@dataclass(frozen=True)
class Localized:
    """A localisation, and what of it may be kept for the next one."""

    record: LocalizationRecord
    known: Known


def localize(
    tensorflow: Probe,
    pytorch: Probe,
    request: LocalizeRequest,
    clock: Clock = time.perf_counter,
) -> Localized:
    """Find the layers at which two implementations part, forward and backward.

    In float64 two right implementations give the same values, so values pair themselves; where
    they part, TensorFlow's value is put in PyTorch's place until all agrees again. In the pair's
    dtype each layer is then given the other side's inputs, and held against what rounding
    explains.

    Args:
        tensorflow: the child that holds TensorFlow's models.
        pytorch: the one that holds PyTorch's.
        request: keys, inputs, outputs; what an earlier localisation found.
        clock: what time is taken with.

    Raises:
        EvidenceError: a child refused something.
    """
    known = request.known
    started = clock()
    if known is None or (request.gradient and known.backward is None):
        known = learn_pair(tensorflow, pytorch, request, clock)
    learned = clock()
    layers, unmeasured = _measure_layers(tensorflow, pytorch, request, known)
    ended = clock()
    found = find_float_divergences(layers, known, request.dtype)
    divergences = sort_divergences(known, found)
    backward = known.backward if request.gradient and known.backward else Backward()
    verdict, reason = conclude(known, layers, divergences, backward, unmeasured)
    record = LocalizationRecord(
        pair=request.pair,
        dtype=request.dtype,
        verdict=verdict,
        reason=reason,
        divergences=divergences,
        layers=layers,
        gradient=backward.divergences,
        gradient_layers=backward.layers,
        gradient_reason=backward.reason,
        seconds={"float64": learned - started, "deviations": ended - learned},
    )
    return Localized(record, known)


def _measure_layers(
    tensorflow: Probe, pytorch: Probe, request: LocalizeRequest, known: Known
) -> tuple[tuple[LayerRecord, ...], str]:
    """Judge each layer in the pair's dtype; where that cannot be done, say why.

    Where pairs and floors are recalled, a few pairs are measured first: if the longer stretches
    between these are explained by rounding, so are the layers in them.
    """
    try:
        if request.known is not None and not known.divergences:
            few = measure_deviations(tensorflow, pytorch, request, known.checkpoints)
            layers = judge_stretches(known, few, request.dtype)
            if all(layer.verdict in ("same", "rounding", "unpaired") for layer in layers):
                return layers, ""
        measured = measure_deviations(tensorflow, pytorch, request, known.pairs)
    except EvidenceError as error:
        why = f"no layer could be measured in {request.dtype}: {error.message}"
        return judge_layers(known, {}, request.dtype), why
    return judge_layers(known, measured, request.dtype), ""


def sort_divergences(
    known: Known, found: Sequence[DivergenceRecord]
) -> tuple[DivergenceRecord, ...]:
    """Order the divergences of float64, and those that were found besides, as PyTorch runs."""
    places = {pair.pytorch: place for place, pair in enumerate(known.pairs)}
    placed = [
        *zip(known.places, known.divergences, strict=True),
        *((places[divergence.pytorch], divergence) for divergence in found),
    ]
    return tuple(divergence for _, divergence in sorted(placed, key=lambda one: one[0]))


def conclude(
    known: Known,
    layers: Sequence[LayerRecord],
    divergences: Sequence[DivergenceRecord],
    backward: Backward,
    unmeasured: str = "",
) -> tuple[Verdict, str]:
    """Return the verdict and its reason. It is PASS only where every pair was held to a floor."""
    if divergences:
        first = divergences[0]
        more = f", and {len(divergences) - 1} more" if len(divergences) > 1 else ""
        return "FAIL", f"{describe(first)} first differ, by {first.cause}{more}: {first.detail}"
    if backward.divergences:
        return "FAIL", f"forward the sides agree; {backward.divergences[0].detail}"
    if known.unfinished:
        return "FAIL", f"outputs differ, at no layer that could be told: {_list(known.unfinished)}"
    if unmeasured:
        return "INCONCLUSIVE", unmeasured
    paired = [layer for layer in layers if layer.verdict != "unpaired"]
    if not paired:
        return "INCONCLUSIVE", "no value of one side was found in the other"
    beyond = [layer for layer in paired if layer.verdict not in ("same", "rounding")]
    if beyond:
        return "FAIL", f"{beyond[0].pytorch} is {beyond[0].verdict}: {beyond[0].note}"
    told = "".join(f"; {note}" for note in known.notes)
    if any(layer.note == UNDERIVED for layer in paired):
        return "INCONCLUSIVE", f"no layer differs, but for some a bound is only assumed{told}"
    unpaired = len(layers) - len(paired)
    rest = f"; {unpaired} layers have no partner of their own" if unpaired else ""
    return "PASS", f"{len(paired)} pairs of values agree but for rounding{rest}{told}"


def describe(divergence: DivergenceRecord) -> str:
    """Name a divergence's layers on both sides."""
    ours = divergence.tensorflow or "unpaired"
    return f"TensorFlow's {ours} and PyTorch's {divergence.pytorch or 'unpaired'}"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)

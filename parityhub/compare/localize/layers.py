"""Each layer's verdict: rounding, inherited, or its own."""

from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Literal

from parityhub.compare.localize.deviations import Measured
from parityhub.compare.localize.floors import find_floor
from parityhub.compare.localize.known import Known, KnownPair
from parityhub.compare.referee.tolerance import assume_relative
from parityhub.hub.parity_records import DivergenceRecord, LayerRecord

Verdict = Literal["same", "rounding", "inherited", "local", "unpaired", "not-finite"]

PRECISION = "dtype"
INSIDE = "in a stretch whose deviation rounding explains as a whole"
UNDERIVED = "what rounding explains is not known: a bound is assumed"


def judge_layers(
    known: Known, measured: Mapping[str, Measured], dtype: str
) -> tuple[LayerRecord, ...]:
    """Judge each pair of layers that was measured, and list those that are unpaired.

    Args:
        known: pairs, with what rounding explains of each.
        measured: deviations in the pair's dtype, by PyTorch's name.
        dtype: what both sides computed in.
    """
    return (*_judge_pairs(known.pairs, measured, dtype), *_list_unpaired(known))


def judge_stretches(
    known: Known, measured: Mapping[str, Measured], dtype: str
) -> tuple[LayerRecord, ...]:
    """Judge the stretches between checkpoints; layers inside one share its verdict.

    Args:
        known: checkpoints, with what rounding explains of the stretch before each.
        measured: their deviations in the pair's dtype, by PyTorch's name.
        dtype: what both sides computed in.
    """
    found = {str(one.pytorch): one for one in _judge_pairs(known.checkpoints, measured, dtype)}
    inside = [
        found.get(pair.pytorch)
        or LayerRecord(
            tensorflow=pair.tensorflow,
            pytorch=pair.pytorch,
            verdict="rounding",
            shape=pair.shape,
            axes=tuple(int(axis) for axis in pair.order),
            note=INSIDE,
        )
        for pair in known.pairs
    ]
    return (*inside, *_list_unpaired(known))


def _judge_pairs(
    pairs: Sequence[KnownPair], measured: Mapping[str, Measured], dtype: str
) -> list[LayerRecord]:
    tainted: set[str] = set()
    records = []
    for pair in pairs:
        if pair.pytorch not in measured:
            continue
        record = _judge_pair(pair, measured[pair.pytorch], dtype, tainted)
        if record.verdict in ("local", "inherited", "not-finite"):
            tainted.add(pair.pytorch)
        records.append(record)
    return records


def _list_unpaired(known: Known) -> list[LayerRecord]:
    ours = [
        LayerRecord(tensorflow=name, pytorch=None, verdict="unpaired")
        for name in known.unpaired_tensorflow
    ]
    theirs = [
        LayerRecord(tensorflow=None, pytorch=name, verdict="unpaired")
        for name in known.unpaired_pytorch
    ]
    return [*ours, *theirs]


def find_float_divergences(
    layers: Sequence[LayerRecord], known: Known, dtype: str
) -> tuple[DivergenceRecord, ...]:
    """Return the layers that deviate by themselves though in float64 both are the same.

    As the operation is the same, what is left is the precision in which one side computes it.
    """
    told = {pair.pytorch for pair in known.pairs if pair.healed}
    return tuple(
        _tell_precision(layer, dtype)
        for layer in layers
        if layer.verdict == "local" and layer.pytorch not in told
    )


def _judge_pair(pair: KnownPair, measured: Measured, dtype: str, tainted: set[str]) -> LayerRecord:
    local, total = measured.local["max_abs"], measured.total["max_abs"]
    scale = measured.total["scale"]
    floor = find_floor(pair, scale, dtype)
    note = "" if floor is not None else UNDERIVED
    bound = assume_relative(dtype, dtype) * scale if floor is None else floor
    verdict: Verdict = "rounding"
    inherits = bool(tainted.intersection(pair.before))
    if not (isfinite(local) and isfinite(total)):
        verdict = "inherited" if inherits and isfinite(local) else "not-finite"
        note = "NaN or infinity on one side alone"
    elif pair.healed or local > bound:
        verdict = "local"
    elif inherits and total > local:
        verdict = "inherited"
    elif local == total == 0:
        verdict = "same"
    return LayerRecord(
        tensorflow=pair.tensorflow,
        pytorch=pair.pytorch,
        verdict=verdict,
        local=_keep_finite(local),
        inherited=_keep_finite(max(0.0, total - local) if isfinite(local) else inf),
        floor=floor,
        scale=scale,
        shape=pair.shape,
        axes=tuple(int(axis) for axis in pair.order),
        note=note,
    )


def _keep_finite(number: float) -> float | None:
    return number if isfinite(number) else None


def _tell_precision(layer: LayerRecord, dtype: str) -> DivergenceRecord:
    relative = (layer.local or 0.0) / layer.scale if layer.scale else 0.0
    return DivergenceRecord(
        tensorflow=layer.tensorflow or "",
        pytorch=layer.pytorch or "",
        cause=PRECISION,
        detail=f"in float64 both agree; in {dtype} it deviates by {relative:.2g} of its scale",
        evidence=(
            "in float64 both sides give the same value there",
            f"fed TensorFlow's inputs, it deviates by {layer.local}; rounding explains"
            f" {layer.floor}",
        ),
        found_in="float32",
        local=layer.local,
        floor=layer.floor,
        proven=True,
    )

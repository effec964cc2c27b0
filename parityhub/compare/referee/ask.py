"""A pair is put to its two children and judged: the same numbers, both sides, and the referee."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from msgspec import structs

from parityhub.capture.protocol import Output
from parityhub.compare.findings import Finding, summarize
from parityhub.compare.probe import Probe
from parityhub.compare.referee.admit import suggest_axes
from parityhub.compare.referee.court import (
    Clock,
    Court,
    call_referee,
    find_dtype_trouble,
    hold_court,
)
from parityhub.compare.referee.decide import Setting
from parityhub.compare.referee.judge import Taken, judge_output
from parityhub.compare.referee.match import Matching, match_outputs
from parityhub.compare.referee.models import (
    Answered,
    Numbers,
    answer_input,
    read_output,
    write_numbers,
)
from parityhub.compare.referee.request import TITLES, PairRequest
from parityhub.compare.referee.third import Bench, Third, judge_third
from parityhub.compare.referee.tolerance import Override, read_override
from parityhub.hub.parity_records import ComparisonRecord, OnnxRecord, OutputRecord
from parityhub.hub.records import Verdict
from parityhub.plan.pair import PairOutput, Side


def compare_pair(
    tensorflow: Probe,
    pytorch: Probe,
    request: PairRequest,
    clock: Clock = time.perf_counter,
    *,
    third: Third | None = None,
) -> ComparisonRecord:
    """Compare the two implementations of a pair with the same weights and the same input.

    Opens both models in the pair's dtype and in float64; they stay open under `name_key`. The
    response to rounding, which is what takes long, is in the record, and is recalled from
    `request.earlier` where that still holds.

    Args:
        tensorflow: the child that holds TensorFlow's models.
        pytorch: the one that holds PyTorch's.
        request: what is compared, and where arrays may be left.
        clock: what time is taken with.
        third: the child that holds the pair's network in ONNX, where it has one.

    Returns:
        the comparison: INCONCLUSIVE at best where an output is unmatched, or nothing could be
        derived.

    Raises:
        EvidenceError: a file is missing or damaged, or a child refused what no comparison can do
            without.
        UsageError: an override of the pair has no reason.
    """
    overrides = {output.name: read_override(output) for output in request.pair.outputs}
    numbers = write_numbers(request)
    probes: dict[Side, Probe] = {"tensorflow": tensorflow, "pytorch": pytorch}
    sides = {
        side: answer_input(probe, side, request, numbers, request.pair.dtype, request.pair.repeats)
        for side, probe in probes.items()
    }
    matching = match_outputs(
        request.pair.outputs, sides["tensorflow"].outputs, sides["pytorch"].outputs
    )
    begun = begin_record(request, numbers, sides)
    needed = [pair.pytorch for pair, _, _ in matching.pairs]
    court = hold_court(probes, request, numbers, begun, clock, needed)
    court = _drop_noise(court, sides, request.pair.dtype)
    judged = judge_outputs(request.name, matching, court, request.pair.dtype, overrides)
    outputs = (*judged, *matching.unmatched)
    bench = Bench(matching=matching, court=court, overrides=overrides)
    onnx = judge_third(third, request, numbers, bench) if third is not None else None
    verdict, reason = summarize_outputs(outputs, onnx)
    ulps = court.noise.ulps if court.noise else {}
    return structs.replace(
        begun,
        verdict=verdict,
        reason=reason,
        outputs=outputs,
        onnx=onnx,
        referee=court.told,
        ulps={name: dict(errors) for name, errors in ulps.items()},
        seconds={side: run.seconds for side, run in sides.items()} | dict(court.seconds),
    )


def judge_outputs(
    name: str,
    matching: Matching,
    court: Court,
    dtype: str,
    overrides: Mapping[str, Override | None],
) -> Iterator[OutputRecord]:
    """Judge each matched output of a pair.

    Raises:
        EvidenceError: an output's file is damaged, or its axes do not fit.
    """
    for pair, here, there in matching.pairs:
        left, right = _take(here, "tensorflow", ()), _take(there, "pytorch", pair.axes)
        record = judge_output(
            pair.name,
            left,
            right,
            call_referee(court, pair),
            Setting(dtype, court.told, overrides.get(pair.name)),
            image=pair.image,
        )
        axes = suggest_axes(left.values.shape, right.values.shape)
        if axes and not pair.axes:
            record = structs.replace(
                record, reason=f"{record.reason}; {tell_axes(name, pair, axes)}"
            )
        digest = court.digests.get(pair.pytorch)
        yield structs.replace(record, metrics={**record.metrics, "referee_sha256": digest})


def tell_axes(name: str, pair: PairOutput, axes: tuple[int, ...]) -> str:
    """Say how a plan declares that an output is the same in another order of axes."""
    sides = f'tensorflow = "{pair.tensorflow}", pytorch = "{pair.pytorch}"'
    return (
        "if that is the same in another order of axes, declare it: "
        f'[[pair.{name}.outputs]] name = "{pair.name}", {sides}, axes = {list(axes)}'
    )


def summarize_outputs(
    outputs: Sequence[OutputRecord], onnx: OnnxRecord | None = None
) -> tuple[Verdict, str]:
    """Return the verdict on a pair, and one line of reasons, output by output."""
    findings = [Finding(output.verdict, f"{output.name}: {output.reason}") for output in outputs]
    if onnx is not None:
        findings.append(Finding(onnx.verdict, onnx.reason))
    return summarize(findings)


def begin_record(
    request: PairRequest, numbers: Numbers, sides: Mapping[Side, Answered]
) -> ComparisonRecord:
    """Return what is known of a comparison before anything is judged."""
    return ComparisonRecord(
        pair=request.name,
        dtype=request.pair.dtype,
        verdict="INCONCLUSIVE",
        reason="not judged",
        outputs=(),
        mapping=request.mapping,
        draws=request.pair.draws,
        repeats=request.pair.repeats,
        versions={side: dict(answered.opened["versions"]) for side, answered in sides.items()},
        inputs_sha256=numbers.inputs_sha256,
        weights_sha256=numbers.weights_sha256,
        origin=request.origin,
    )


def _drop_noise(court: Court, sides: Mapping[Side, Answered], dtype: str) -> Court:
    """Drop the response to a dtype's rounding where the sides did not compute in that dtype."""
    troubles = [find_dtype_trouble(side, answered, dtype) for side, answered in sides.items()]
    told = "; ".join(trouble for trouble in troubles if trouble)
    return replace(court, noise=None, told=told) if told else court


def _take(output: Output, side: Side, axes: tuple[int, ...]) -> Taken:
    return Taken(
        side=TITLES[side],
        source=output["name"],
        values=read_output(output, axes),
        dtype=output["dtype"],
        spread=output["spread"],
    )

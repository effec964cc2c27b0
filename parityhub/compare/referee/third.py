"""A third side: the same network in ONNX, held against both others under the same tolerances.

An ONNX file brings its weights along. What it gives is held against what the two sides give with
the weights of the pair: another network, or other weights, is beyond the tolerance. So that a
reader can tell which, the weights are looked for in the file, number by number.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from parityhub.capture.protocol import Opened, Output, Ran
from parityhub.compare.findings import Finding, summarize
from parityhub.compare.probe import Probe
from parityhub.compare.referee.court import Court, call_referee
from parityhub.compare.referee.decide import Setting, decide_output
from parityhub.compare.referee.distance import Array
from parityhub.compare.referee.judge import Taken, judge_output
from parityhub.compare.referee.match import Matching
from parityhub.compare.referee.models import Numbers, read_output
from parityhub.compare.referee.numbers import digest_arrays, read_arrays
from parityhub.compare.referee.request import TITLES, PairRequest
from parityhub.compare.referee.tolerance import Override
from parityhub.hub.parity_records import ComparisonRecord, OnnxRecord, OutputRecord
from parityhub.plan.pair import OnnxFile, PairOutput, Side

NAME = "ONNX"
LISTED = 6
"""weights that a reason names; the record has all"""


@dataclass(frozen=True, kw_only=True)
class Third:
    """A child that holds the network in ONNX, and what its file is known by."""

    probe: Probe
    file: Path
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What both sides gave, and what it is judged by."""

    matching: Matching
    court: Court
    overrides: Mapping[str, Override | None]


def judge_third(third: Third, request: PairRequest, numbers: Numbers, bench: Bench) -> OnnxRecord:
    """Run the network in ONNX on the pair's input, and hold it against both sides.

    Raises:
        EvidenceError: the child refused the file or the input, or ended; or axes do not fit.
    """
    declared = request.pair.onnx
    assert declared is not None
    opened, outputs = _run(third, request, numbers, declared)
    weights = read_weights(third, request)
    found, lost = find_weights(weights, request, numbers)
    records = tuple(_judge(request, declared, outputs, bench))
    record = OnnxRecord(
        file=declared.file,
        sha256=third.sha256,
        weights_sha256=digest_arrays(weights),
        verdict="INCONCLUSIVE",
        reason="not judged",
        outputs=records,
        weights_found=found,
        weights_lost=tuple(lost),
        versions=dict(opened["versions"]),
    )
    return conclude_third(record)


def rejudge_third(comparison: ComparisonRecord, overrides: Mapping[str, Override]) -> OnnxRecord:
    """Judge the third side of a stored comparison again, from its record alone."""
    onnx = comparison.onnx
    assert onnx is not None
    judged = []
    for record in onnx.outputs:
        name, _, sides = record.name.rpartition(": ")
        left, _, right = sides.partition(" and ")
        setting = Setting(comparison.dtype, comparison.referee, overrides.get(name), (left, right))
        judged.append(decide_output(record, setting))
    return conclude_third(structs.replace(onnx, outputs=tuple(judged)))


def conclude_third(record: OnnxRecord) -> OnnxRecord:
    """Return a record with the verdict and the reason that its outputs come to."""
    findings = [Finding(each.verdict, f"{each.name}: {each.reason}") for each in record.outputs]
    verdict, reason = summarize(findings or [Finding("INCONCLUSIVE", "no output to compare")])
    lost = record.weights_lost
    more = ", …" if len(lost) > LISTED else ""
    named = f" (not {', '.join(lost[:LISTED])}{more})" if lost else ""
    total = record.weights_found + len(lost)
    told = f"{record.weights_found} of {total} weights of the pair stand in {record.file}{named}"
    return structs.replace(record, verdict=verdict, reason=f"{reason}; {told}")


def _run(
    third: Third, request: PairRequest, numbers: Numbers, declared: OnnxFile
) -> tuple[Opened, list[Output]]:
    key = f"{request.name}/onnx"
    out = request.folder / "onnx" / request.pair.dtype
    out.mkdir(parents=True, exist_ok=True)
    given = {
        "key": key,
        "inputs": str(numbers.inputs[declared.exported_from]),
        "rename": dict(declared.inputs),
    }
    opened: Opened = third.probe.ask(
        {
            "do": "open",
            "target": str(third.file),
            "dtype": request.pair.dtype,
            "threads": request.pair.threads,
            **given,
        }
    )
    ran: Ran = third.probe.ask(
        {"do": "run", "out": str(out), "repeats": request.pair.repeats, **given}
    )
    return opened, ran["outputs"]


def read_weights(third: Third, request: PairRequest) -> Mapping[str, Array]:
    """Return the file's initialisers by name."""
    file = request.folder / "onnx" / "initializers.npz"
    third.probe.ask({"do": "read", "key": f"{request.name}/onnx", "file": str(file)})
    return read_arrays(file)


def find_weights(
    weights: Mapping[str, Array], request: PairRequest, numbers: Numbers
) -> tuple[int, list[str]]:
    """Count the pair's weights whose numbers stand in the file, in either side's order.

    Exporters fold some weights into others and turn matrices round: one that is not found says
    nothing by itself.

    Returns:
        How many are found, and PyTorch's names of those that are not.
    """
    known = {_digest(array) for array in weights.values() if array.dtype.kind == "f"}
    shared = {side: read_arrays(path) for side, path in numbers.weights.items()}
    lost: dict[str, None] = {}
    for pair in request.mapping:
        theirs, ours = shared["pytorch"][pair.pytorch], shared["tensorflow"][pair.tensorflow]
        if not {_digest(theirs), _digest(ours)} & known:
            lost[pair.pytorch] = None
    names = {pair.pytorch for pair in request.mapping}
    return len(names) - len(lost), list(lost)


def _digest(array: Array) -> str:
    return hashlib.sha256(array.astype("<f4").tobytes()).hexdigest()


def _judge(
    request: PairRequest, declared: OnnxFile, outputs: list[Output], bench: Bench
) -> Iterator[OutputRecord]:
    for pair, here, there in bench.matching.pairs:
        output = match_output(pair, declared, outputs)
        for side, given, axes in (("tensorflow", here, ()), ("pytorch", there, pair.axes)):
            title = TITLES[side]  # type: ignore[index]
            name = f"{pair.name}: {title} and {NAME}"
            if output is None:
                names = ", ".join(each["name"] for each in outputs) or "none"
                told = f"unmatched: {declared.file} has {names}"
                yield OutputRecord(name=name, verdict="INCONCLUSIVE", reason=told)
                continue
            yield judge_output(
                name,
                _take(given, title, axes),
                _take(output, NAME, pair.axes if declared.exported_from == "pytorch" else ()),
                call_referee(bench.court, pair),
                Setting(
                    request.pair.dtype,
                    bench.court.told,
                    bench.overrides.get(pair.name),
                    (title, NAME),
                ),
                image=pair.image,
            )


def match_output(pair: PairOutput, declared: OnnxFile, outputs: list[Output]) -> Output | None:
    """Return the file's output that is one of the pair's: as declared, by name, or the only one."""
    by_name = {output["name"]: output for output in outputs}
    if pair.name in declared.outputs:
        return by_name.get(declared.outputs[pair.name])
    side: Side = declared.exported_from
    for name in (getattr(pair, side), pair.name):
        if name in by_name:
            return by_name[name]
    return outputs[0] if len(outputs) == 1 and not declared.outputs else None


def _take(output: Output, side: str, axes: tuple[int, ...]) -> Taken:
    return Taken(
        side=side,
        source=output["name"],
        values=read_output(output, axes),
        dtype=output["dtype"],
        spread=output["spread"],
    )

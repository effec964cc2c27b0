"""The JSON documents that scripts read. Fields may be added; those that are here stay."""

from collections.abc import Sequence
from typing import Any

import msgspec

from parityhub.compare.findings import Finding, summarize
from parityhub.hub import layout
from parityhub.hub.history import History
from parityhub.hub.parity_records import DivergenceRecord, LocalizationRecord, SelftestRecord
from parityhub.hub.records import (
    AttemptRecord,
    CheckRecord,
    PhaseRecord,
    SideRecord,
)
from parityhub.hub.stat_records import DiffRecord
from parityhub.hub.store import Hub


def describe_run(hub: Hub, record: PhaseRecord) -> dict[str, Any]:
    """Return the document of run-phase."""
    return {
        "phase": record.phase,
        "hub": str(hub.root),
        "verdict": record.verdict,
        "reason": record.reason,
        "state": record.state,
        "summary": str(hub.root / layout.SUMMARY),
        "page": str(hub.root / layout.SUMMARY_PAGE),
        "baselines": [describe_side(hub, side) for side in record.sides],
        "gate": record.gate,
        "checks": record.checks,
        "dataset_note": record.dataset_note,
        "blockers": record.blockers,
    }


def describe_side(hub: Hub, side: SideRecord) -> dict[str, Any]:
    """Return a baseline and its attempts; an attempt shows the last command that it ran."""
    attempts = []
    for path in side.attempts:
        attempt = hub.read_record(path, AttemptRecord)
        ran = [step for step in attempt.steps if step.status in ("passed", "failed")]
        attempts.append(
            {
                "rung": attempt.rung,
                "status": attempt.status,
                "exit_code": ran[-1].exit_code if ran else None,
                "seconds": attempt.seconds,
                "log": ran[-1].log if ran else None,
                "blocker": attempt.blocker,
                "number": attempt.number,
                "counts": attempt.number == side.counts,
            }
        )
    return {
        "name": side.name,
        "framework": side.framework,
        "status": side.status,
        "attempts": attempts,
    }


def describe_diff(
    base: str, candidate: str, record: DiffRecord, artifacts: Sequence[str]
) -> dict[str, Any]:
    """Return the document of diff-stats: both sides as they were named, and as they were found."""
    return {
        "baseline": base,
        "candidate": candidate,
        "compared": [record.baseline, record.candidate],
        "verdict": record.verdict,
        "reason": record.reason,
        "rows": record.rows,
        "artifacts": artifacts,
    }


def describe_comparison(
    phase: str, hub: Hub, checks: Sequence[CheckRecord], history: History
) -> dict[str, Any]:
    """Return the document of compare: the outputs of each check, and its verdict."""
    verdict, reason = summarize(
        [Finding(check.verdict, f"{check.id}: {check.reason}") for check in checks]
    )
    outputs: list[dict[str, Any]] = []
    for check in checks:
        comparison = history.comparisons.get(check.comparison or "")
        if comparison is not None:
            outputs += [
                {"check": check.id, **msgspec.to_builtins(output)} for output in comparison.outputs
            ]
        elif check.kind == "trained":
            outputs += describe_trained(check)
    return {
        "phase": phase,
        "hub": str(hub.root),
        "verdict": verdict,
        "reason": reason,
        "outputs": outputs,
        "checks": [
            {
                "id": check.id,
                "kind": check.kind,
                "verdict": check.verdict,
                "reason": check.reason,
                "record": check.comparison,
            }
            for check in checks
        ],
    }


def describe_trained(check: CheckRecord) -> list[dict[str, Any]]:
    """Return the amplitude and the phase of a `trained` check as outputs."""
    numbers = {number.name: number.value for number in check.numbers}
    outputs = []
    for part in ("amplitude", "phase"):
        found = next((name for name in numbers if name.startswith(f"{part} ssim, ")), None)
        if found is None:
            continue
        of = found.partition(", ")[2]
        outputs.append(
            {
                "check": check.id,
                "name": f"{part} of {of}",
                "verdict": check.verdict,
                "reason": check.reason,
                "max_abs": numbers.get(f"{part} max_abs, {of}"),
                "tolerance": None,
                "tolerance_reason": check.tolerance,
                "margin": None,
                "mae": numbers.get(f"{part} mae, {of}"),
                "ssim": numbers[found],
            }
        )
    return outputs


def describe_localization(
    phase: str, hub: Hub, found: Sequence[tuple[str, LocalizationRecord]]
) -> dict[str, Any]:
    """Return the document of localize: of the first pair whose sides part, and of all."""
    pairs = [describe_pair(path, record) for path, record in found]
    shown = next((pair for pair in pairs if pair["verdict"] != "PASS"), pairs[0])
    return {"phase": phase, "hub": str(hub.root), **shown, "pairs": pairs}


def describe_pair(path: str, record: LocalizationRecord) -> dict[str, Any]:
    """Return where the sides of one pair part."""
    first = next(iter((*record.divergences, *record.gradient)), None)
    return {
        "pair": record.pair,
        "verdict": record.verdict,
        "reason": record.reason,
        "record": path,
        "first_divergence": {"tensorflow": first.tensorflow, "torch": first.pytorch}
        if first
        else None,
        "cause": first.cause if first else None,
        "detail": first.detail if first else None,
        "divergences": [describe_divergence(item) for item in record.divergences],
        "gradient": [describe_divergence(item) for item in record.gradient],
        "layers": [
            {
                "tensorflow": layer.tensorflow,
                "torch": layer.pytorch,
                "local": layer.local,
                "inherited": layer.inherited,
                "floor": layer.floor,
                "verdict": layer.verdict,
                "note": layer.note,
            }
            for layer in record.layers
        ],
    }


def describe_divergence(item: DivergenceRecord) -> dict[str, Any]:
    """Return one place where the sides part."""
    return {
        "tensorflow": item.tensorflow,
        "torch": item.pytorch,
        "cause": item.cause,
        "detail": item.detail,
        "found_in": item.found_in,
        "evidence": item.evidence,
        "proven": item.proven,
    }


def describe_selftest(record: SelftestRecord) -> dict[str, Any]:
    """Return the document of selftest. Passed: all caught, each layer named, no false alarm."""
    missed = [
        fault.name
        for fault in record.faults
        if fault.verdict != "FAIL" or fault.equivalent or fault.localized is False
    ]
    return {
        "passed": bool(record.faults) and not missed and not record.false_alarms,
        "faults": record.faults,
        "missed": missed,
        "false_alarms": record.false_alarms,
        "runs": record.runs,
        "alarms": record.alarms,
        "seconds": record.seconds,
    }

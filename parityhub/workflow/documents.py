"""The JSON documents that scripts read. Fields may be added; those that are here stay."""

from collections.abc import Sequence
from typing import Any

from parityhub.hub import layout
from parityhub.hub.records import AttemptRecord, PhaseRecord, SideRecord, TickRecord
from parityhub.hub.stat_records import DiffRecord
from parityhub.hub.store import Hub
from parityhub.workflow.ledger import LedgerRow


def describe_run(hub: Hub, record: PhaseRecord) -> dict[str, Any]:
    """Return the document of run-phase."""
    return {
        "phase": record.phase,
        "hub": str(hub.root),
        "verdict": record.verdict,
        "reason": record.reason,
        "state": record.state,
        "summary": str(hub.root / layout.SUMMARY),
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


def describe_status(
    hub: Hub, rows: Sequence[LedgerRow], criteria: Sequence[TickRecord]
) -> dict[str, Any]:
    """Return the document of status."""
    return {"hub": str(hub.root), "phases": rows, "exit_criteria": criteria}

"""Where an initiative stands: each phase's state, and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass

from parityhub.compare.decisions import Standing
from parityhub.hub.history import History
from parityhub.hub.records import PhaseRecord, State, TickRecord, Verdict
from parityhub.plan.model import Phase, Plan


@dataclass(frozen=True)
class LedgerRow:
    """One phase in the ledger."""

    id: str
    title: str
    state: State
    verdict: Verdict | None
    reason: str
    when: str | None
    blockers: tuple[str, ...]
    next: str | None
    """the command that takes the phase further, or None where nothing is owed"""
    steps: tuple[TickRecord, ...] = ()
    """its sub-steps, ticked by its newest whole run"""
    accepted: str | None = None
    """the decision that accepts that the phase is one-sided; its verdict stays what it is"""


def list_ledger(
    plan: Plan, history: History, standings: Sequence[Standing] = ()
) -> list[LedgerRow]:
    """Return the ledger, in the plan's order.

    Args:
        plan: whose phases they are.
        history: of the hub.
        standings: the decisions, and whether they hold.
    """
    rows = []
    for phase in plan.phases:
        record = history.last_phase(phase.id)
        start = history.last_start(phase.id)
        resume = start is not None and (record is None or start.run > record.run)
        if record is None:
            reason = "interrupted" if resume else explain_pending(phase, history)
            start_it = f"parityhub run-phase {phase.id}" + (" --resume" if resume else "")
            rows.append(
                LedgerRow(
                    phase.id,
                    phase.title,
                    "pending",
                    None,
                    reason,
                    start.started if start else None,
                    (),
                    None if phase.idle else start_it,
                    steps=list_open_steps(phase),
                )
            )
            continue
        command = None
        accepted = find_acceptance(record, standings)
        if resume:
            command = f"parityhub run-phase {phase.id} --resume"
        elif record.dataset_note and record.dataset_note.owed:
            command = f"parityhub run-phase {phase.id} --rerun-owed"
        elif record.verdict != "PASS" and accepted is None:
            command = f"parityhub run-phase {phase.id}"
        rows.append(
            LedgerRow(
                phase.id,
                phase.title,
                record.state,
                record.verdict,
                record.reason,
                record.ended,
                record.blockers,
                command,
                steps=record.steps,
                accepted=accepted,
            )
        )
    return rows


def explain_pending(phase: Phase, history: History) -> str:
    """Say why a phase without a run is where it is: what was imported of it is no run."""
    imported = history.imported
    found = imported.find_phase(phase.id) if imported else None
    if imported is None or found is None:
        return "not run in this hub"
    compared = [
        f"{path} is {history.comparisons[path].verdict}"
        for path in imported.comparisons
        if path in history.comparisons
    ]
    told = f"not run here; imported: {found.files} files"
    return "; ".join([told, *compared])


def list_open_steps(phase: Phase) -> tuple[TickRecord, ...]:
    """Return the sub-steps of a phase that has no whole run: none is ticked."""
    return tuple(
        TickRecord(id=step.id, text=step.text, ticked=False, evidence=()) for step in phase.steps
    )


def find_acceptance(record: PhaseRecord, standings: Sequence[Standing]) -> str | None:
    """Return the decision that accepts a one-sided phase, if one stands."""
    for standing in reversed(standings):
        made = standing.record
        if standing.stands and made.phase == record.phase and made.lets == "one-sided":
            return made.id if record.state == "one-sided" else None
    return None


def list_next_steps(rows: list[LedgerRow]) -> list[str]:
    """Return what is next, a line each: what did not pass first, then what has not run."""
    tried = [row for row in rows if row.next and row.state != "pending"]
    pending = [row for row in rows if row.next and row.state == "pending"]
    return [f"{row.next} ({row.title}: {row.reason})" for row in tried + pending]

"""Where an initiative stands: each phase's state, and what is next."""

from dataclasses import dataclass

from parityhub.hub.history import History
from parityhub.hub.records import State, Verdict
from parityhub.plan.model import Plan


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


def list_ledger(plan: Plan, history: History) -> list[LedgerRow]:
    """Return the ledger, in the plan's order."""
    rows = []
    for phase in plan.phases:
        record = history.last_phase(phase.id)
        start = history.last_start(phase.id)
        resume = start is not None and (record is None or start.run > record.run)
        if record is None:
            reason = "interrupted" if resume else "not run in this hub"
            rows.append(
                LedgerRow(
                    phase.id,
                    phase.title,
                    "pending",
                    None,
                    reason,
                    start.started if start else None,
                    (),
                    f"parityhub run-phase {phase.id}" + (" --resume" if resume else ""),
                )
            )
            continue
        command = None
        if resume:
            command = f"parityhub run-phase {phase.id} --resume"
        elif record.dataset_note and record.dataset_note.owed:
            command = f"parityhub run-phase {phase.id} --rerun-owed"
        elif record.verdict != "PASS":
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
            )
        )
    return rows


def list_next_steps(rows: list[LedgerRow]) -> list[str]:
    """Return what is next, a line each: what did not pass first, then what has not run."""
    tried = [row for row in rows if row.next and row.state != "pending"]
    pending = [row for row in rows if row.next and row.state == "pending"]
    return [f"{row.next} ({row.title}: {row.reason})" for row in tried + pending]

"""Where an initiative stands: each phase's state, and what is next."""

from dataclasses import dataclass

from parityhub.hub.history import History
from parityhub.hub.records import State, Verdict
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


def list_ledger(plan: Plan, history: History) -> list[LedgerRow]:
    """Return the ledger, in the plan's order."""
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


def list_next_steps(rows: list[LedgerRow]) -> list[str]:
    """Return what is next, a line each: what did not pass first, then what has not run."""
    tried = [row for row in rows if row.next and row.state != "pending"]
    pending = [row for row in rows if row.next and row.state == "pending"]
    return [f"{row.next} ({row.title}: {row.reason})" for row in tried + pending]

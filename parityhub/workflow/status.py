"""Where an initiative stands: phases, criteria, blockers that wait, decisions, the last turn."""

from dataclasses import dataclass
from typing import Any

from parityhub.compare.decisions import Standing, list_standings
from parityhub.compare.ticks import tick_criterion
from parityhub.hub.history import History
from parityhub.hub.import_records import ImportRecord
from parityhub.hub.ledger_records import TurnRecord
from parityhub.hub.records import TickRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import Plan
from parityhub.workflow.journal_documents import describe_blocker
from parityhub.workflow.ledger import LedgerRow, list_ledger, list_next_steps
from parityhub.workflow.triage import list_waiting


@dataclass(frozen=True)
class Status:
    """Where an initiative stands in one hub."""

    hub: Hub
    rows: list[LedgerRow]
    criteria: list[TickRecord]
    blockers: list[dict[str, Any]]
    """those that somebody has to look at, as `triage` lists them"""
    decisions: list[Standing]
    turn: TurnRecord | None
    next_steps: list[str]
    imported: str
    """what the hub was made of, in a line; empty: of runs alone"""


def read_status(plan: Plan, hub: Hub, history: History) -> Status:
    """Return where an initiative stands, from evidence alone."""
    standings = list_standings(plan, history, hub)
    rows = list_ledger(plan, history, standings)
    return Status(
        hub=hub,
        rows=rows,
        criteria=[tick_criterion(item, history) for item in plan.exit_criteria],
        blockers=[describe_blocker(standing) for standing in list_waiting(history)],
        decisions=standings,
        turn=history.turns[-1] if history.turns else None,
        next_steps=list_next_steps(rows),
        imported=tell_imported(history.imported) if history.imported else "",
    )


def tell_imported(record: ImportRecord) -> str:
    """Say what was imported, when, and how much of it is of no phase or was left out."""
    loose = sum(file.phase is None for file in record.files)
    what = "a hub kept by hand" if record.source == "folder" else "runs of Polygraphy"
    counts = [f"{len(record.files)} files"]
    counts += [f"{loose} of no phase"] if loose else []
    counts += [f"{len(record.left_out)} left out"] if record.left_out else []
    return f"{record.name}, {what}, at {record.time}: {', '.join(counts)}"


def describe_status(status: Status) -> dict[str, Any]:
    """Return the document of status."""
    return {
        "hub": str(status.hub.root),
        "phases": status.rows,
        "exit_criteria": status.criteria,
        "blockers": status.blockers,
        "decisions": [describe_standing(standing) for standing in status.decisions],
        "turn": status.turn,
        "next": status.next_steps,
        "imported": status.imported,
    }


def describe_standing(standing: Standing) -> dict[str, Any]:
    """Return a decision and whether it holds."""
    made = standing.record
    return {
        "id": made.id,
        "number": made.number,
        "time": made.time,
        "phase": made.phase,
        "policy": made.policy,
        "lets": made.lets,
        "until": made.until,
        "stands": standing.stands,
        "lapsed": standing.lapsed,
        "evidence": made.evidence,
    }

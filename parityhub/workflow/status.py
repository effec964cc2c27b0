"""Where an initiative stands: phases, criteria, blockers that wait, decisions, the last turn."""

from dataclasses import dataclass
from typing import Any

from parityhub.compare.decisions import Standing, list_standings
from parityhub.compare.ticks import tick_criterion
from parityhub.hub.history import History
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
    )


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

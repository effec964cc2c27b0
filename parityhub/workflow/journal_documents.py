"""The JSON documents of note, decide and triage. Fields may be added; those that are here stay."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from parityhub.compare.blockers import UNKNOWN, BlockerStanding
from parityhub.hub.records import AttemptRecord
from parityhub.hub.store import Hub
from parityhub.workflow.audit import describe_finding
from parityhub.workflow.decide import Decided
from parityhub.workflow.note import Noted
from parityhub.workflow.prose import Judged
from parityhub.workflow.triage import Triaged


def describe_note(noted: Noted) -> dict[str, Any]:
    """Return the document of note."""
    return {
        "hub": str(noted.hub.root),
        **describe_judged(noted.judged),
        "turn": noted.record,
    }


def describe_decision(decided: Decided) -> dict[str, Any]:
    """Return the document of decide."""
    return {
        "hub": str(decided.hub.root),
        **describe_judged(decided.judged),
        "decision": decided.record,
    }


def describe_judged(judged: Judged) -> dict[str, Any]:
    """Return whether prose was accepted, and what stands against it."""
    checked = judged.result.checked
    return {
        "accepted": judged.accepted,
        "findings": [describe_finding(finding) for finding in judged.objections],
        "checked": {
            "claims": checked.claims,
            "confirmed": checked.confirmed,
            "refuted": checked.refuted,
            "unverifiable": checked.unverifiable,
        },
    }


def describe_triage(done: Triaged) -> dict[str, Any]:
    """Return the document of triage where it said what became of a blocker."""
    return {
        "hub": str(done.hub.root),
        "triage": done.record,
        "plan": None if done.plan is None else str(done.plan),
    }


def describe_blockers(hub: Hub, standings: Sequence[BlockerStanding]) -> dict[str, Any]:
    """Return the document of triage where it lists."""
    return {"hub": str(hub.root), "blockers": [describe_blocker(item) for item in standings]}


def describe_blocker(standing: BlockerStanding) -> dict[str, Any]:
    """Return a blocker and what became of it, with the commands that take it further."""
    record = standing.record
    return {
        "path": record.path,
        "name": PurePosixPath(record.path).stem,
        "title": record.title,
        "phase": record.phase,
        "baseline": record.baseline,
        "attempt": record.attempt,
        "time": record.time,
        "signature": record.signature,
        "logs": [path for path in record.references if path.endswith(".log")],
        "state": standing.state,
        "known_issue": standing.issue,
        "passed_by": describe_later(standing),
        "next": list_commands(standing),
    }


def describe_later(standing: BlockerStanding) -> str | None:
    """Say what passed after a blocker."""
    later = standing.later
    if isinstance(later, AttemptRecord):
        return f"attempt {later.number}"
    return None if later is None else f"run {later.run}"


def list_commands(standing: BlockerStanding) -> list[str]:
    """List the commands that take a blocker further."""
    name = PurePosixPath(standing.record.path).stem
    commands = []
    if standing.issue == UNKNOWN:
        commands.append(
            f"parityhub triage {name} --issue ID --pattern REGEX --summary TEXT --mitigation TEXT"
        )
    if standing.state == "passed" and isinstance(standing.later, AttemptRecord):
        commands.append(f"parityhub triage {name} --closed-by {standing.later.number}")
    if standing.state == "open":
        commands.append(f"parityhub run-phase {standing.record.phase}")
    return commands

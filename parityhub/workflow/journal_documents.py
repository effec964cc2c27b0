"""The JSON documents of note, decide and triage. Fields may be added; those that are here stay."""

from typing import Any

from parityhub.workflow.audit import describe_finding
from parityhub.workflow.decide import Decided
from parityhub.workflow.note import Noted
from parityhub.workflow.prose import Judged


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

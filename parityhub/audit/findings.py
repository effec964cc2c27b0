"""What an audit comes to: findings, the standing of each claim, and all together."""

from dataclasses import dataclass, field
from typing import Literal

from parityhub.audit.claims import Claim, Spot
from parityhub.hub.records import Place, Verdict

Severity = Literal["error", "warning", "note"]
State = Literal["confirmed", "refuted", "unverifiable"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A claim, or a file of the hub, that the evidence does not bear out."""

    code: str
    slug: str
    severity: Severity
    spot: Spot
    claim: str
    """the words that are at fault; of a file of the hub, its path"""
    found: str
    """what the evidence says"""
    evidence: Place | None
    """where it says so, relative to the hub"""
    hint: str
    """what would make it true"""
    also: tuple[Spot, ...] = ()
    """further places of the same file that say the same"""
    silenced: str = ""
    """reason given for ignoring it"""
    moved_to: int | None = None
    """the line of the evidence that shows what another line was cited for"""

    @property
    def artifact(self) -> str:
        """Where the evidence is, as text: `cli/train.log:26`, `stats.json#/mean`."""
        return describe_place(self.evidence)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What one rule says of a claim."""

    state: State
    reason: str
    evidence: Place | None = None


@dataclass(frozen=True, kw_only=True)
class JudgedClaim:
    """A claim and where it stands after all rules."""

    claim: Claim
    state: State
    reason: str
    evidence: Place | None
    codes: tuple[str, ...] = ()
    """of the findings against it"""
    moved_to: int | None = None
    """of the finding that refutes it"""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """How much was looked at."""

    claims: int
    artifacts: int
    confirmed: int
    refuted: int
    unverifiable: int


@dataclass(frozen=True, kw_only=True)
class SkippedRule:
    """A rule that could not be asked, and why."""

    code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AuditResult:
    """Whether what a hub and its reports say is true of the evidence."""

    verdict: Verdict
    reason: str
    checked: Checked
    findings: tuple[Finding, ...]
    """by file, line, column and code"""
    claims: tuple[JudgedClaim, ...]
    silenced: tuple[Finding, ...] = ()
    skipped: tuple[SkippedRule, ...] = ()
    reports: tuple[str, ...] = ()
    """files that were read for claims"""
    notes: tuple[str, ...] = field(default=())


def describe_place(place: Place | None) -> str:
    """Write a place as text; empty for none."""
    if place is None:
        return ""
    pointer = "" if place.pointer is None else f"#{place.pointer}"
    line = "" if place.line is None else f":{place.line}"
    return f"{place.file}{pointer}{line}"


def conclude(checked: Checked, findings: tuple[Finding, ...]) -> tuple[Verdict, str]:
    """Return the verdict of an audit and why.

    An error is FAIL. A warning, or nothing that the evidence confirms, is INCONCLUSIVE.
    """
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = sum(finding.severity == "warning" for finding in findings)
    if errors:
        return "FAIL", f"{count(errors, 'error')}, {count(warnings, 'warning')}"
    if warnings:
        return "INCONCLUSIVE", count(warnings, "warning")
    if not checked.claims:
        return "INCONCLUSIVE", "no claim was found to check"
    if not checked.confirmed:
        return "INCONCLUSIVE", f"none of {count(checked.claims, 'claim')} is confirmed by evidence"
    reason = f"{checked.confirmed} of {count(checked.claims, 'claim')} confirmed"
    return "PASS", f"{reason}, {checked.unverifiable} unverifiable"


def count(number: int, noun: str) -> str:
    """Write a number of things."""
    return f"{number} {noun}{'' if number == 1 else 's'}"

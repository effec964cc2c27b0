"""What a rule is: a stable code, what it needs, and what it says of a claim or of a hub."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from parityhub.audit.claims import Claim, ClaimKind, Spot
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding, Severity, Standing
from parityhub.hub.records import Place

FactKind = Literal["files", "manifest", "records", "times", "captures", "previous"]


@dataclass(frozen=True, kw_only=True)
class Said:
    """A finding that a rule makes of a claim, before it gets its code."""

    found: str
    hint: str
    evidence: Place | None = None
    severity: Severity | None = None
    """None: the rule's own"""
    moved_to: int | None = None
    """the line of the evidence that shows what another line was cited for"""


class Rule(ABC):
    """One check. The docstring of each class says what it asks and why."""

    code: ClassVar[str]
    slug: ClassVar[str]
    severity: ClassVar[Severity]
    requires: ClassVar[frozenset[FactKind]] = frozenset({"files"})
    example: ClassVar[str]

    def find(self, spot: Spot, claim: str, said: Said) -> Finding:
        """Make a finding."""
        return Finding(
            code=self.code,
            slug=self.slug,
            severity=said.severity or self.severity,
            spot=spot,
            claim=" ".join(claim.split())[:400],
            found=said.found,
            evidence=said.evidence,
            hint=said.hint,
            moved_to=said.moved_to,
        )


class ClaimRule(Rule):
    """A check of single claims."""

    kinds: ClassVar[frozenset[ClaimKind]]

    @abstractmethod
    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Say what the facts make of a claim; nothing where the rule is not concerned."""


class HubRule(Rule):
    """A check of a hub and its reports as a whole."""

    of_reports: ClassVar[bool] = False
    """it looks at reports, and is asked where only one of them is audited"""

    @abstractmethod
    def check(self, facts: Facts) -> Iterator[Finding]:
        """Say what is wrong with the hub."""


def spot_of(file: str, line: int = 1) -> Spot:
    """Return the start of a line of a file as a spot."""
    return Spot(file=file, line=line, column=1, end_column=1)


def confirmed(reason: str, evidence: Place | None = None) -> Standing:
    """Say that the evidence bears a claim out."""
    return Standing(state="confirmed", reason=reason, evidence=evidence)


def unverifiable(reason: str, evidence: Place | None = None) -> Standing:
    """Say that the evidence neither bears a claim out nor refutes it."""
    return Standing(state="unverifiable", reason=reason, evidence=evidence)


def missing_fact(kind: FactKind, facts: Facts) -> str:
    """Say why a kind of fact is not to be had; empty where it is."""
    if kind == "manifest" and facts.manifest is None:
        return "the hub has no manifest.json of parityhub"
    if kind == "records" and facts.history is None:
        return "the hub has no records of parityhub, or one is damaged"
    if kind == "times" and not any(facts.contents.clock(path) for path in facts.logs):
        return "no log of the hub prints times"
    if kind == "captures" and not facts.captures:
        return "the hub holds no environment capture"
    if kind == "previous" and facts.previous is None:
        return "no hub of the same plan before this one is known"
    return ""

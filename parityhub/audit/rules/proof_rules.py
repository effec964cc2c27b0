"""How well an environment is said to be proven, against what the records say of it."""

import re
from collections.abc import Iterator

from parityhub.audit.claims import Spot
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding
from parityhub.audit.rules.rule import HubRule, Said
from parityhub.hub.history import History
from parityhub.hub.records import Place

PROOF = re.compile(r"\b[Pp]roof: `?(?P<word>[\w-]+)")
HEADING = re.compile(r"^## (?P<phase>\S+): ")
SIDE = re.compile(r"\(`(?P<side>[^`]+)`\)")


class ProofShown(HubRule):
    """A rendered report gives the level of proof that the records have.

    What the program itself wrote down is worth more than what its launcher saw.
    """

    code, slug, severity = "PH502", "environment-unproven", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`Environment proof: self-reported` of an attempt whose record says `launcher`"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        assert facts.history is not None
        for name, lines in facts.reports.items():
            phase = ""
            for number, line in enumerate(lines, 1):
                if heading := HEADING.match(line):
                    phase = heading["phase"]
                shown = PROOF.search(line) if name in facts.rendered else None
                true = find_proof(name, phase, line, facts.history) if shown else None
                if shown is None or true is None or shown["word"] == true:
                    continue
                start, end = shown.span("word")
                spot = Spot(file=name, line=number, column=start + 1, end_column=end + 1)
                said = Said(
                    found=f"the record has {true}",
                    hint=f"write {true}, or render the report again",
                    evidence=Place(file=name.removesuffix(".md") + ".json"),
                )
                yield self.find(spot, shown.group(), said)


def find_proof(report: str, phase: str, line: str, history: History) -> str | None:
    """Return the level of proof that a line speaks of: of a blocker, or of a side's attempt."""
    blocker = history.blockers.get(report)
    if blocker is not None:
        return blocker.proof
    side = SIDE.search(line)
    attempt = history.counting_attempt(phase, side["side"]) if side else None
    return None if attempt is None else attempt.proof

"""How many checks passed, as a person wrote it, against the records."""

import re
from collections.abc import Iterator

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Standing
from parityhub.audit.rules.rule import ClaimRule, Said, confirmed
from parityhub.audit.rules.told_statuses import list_runs

COUNT = re.compile(
    r"\b(?P<passed>\d{1,6}) (?:of|out of|/) (?P<total>\d{1,6}) checks (?:pass|are PASS)", re.I
)


class CountTold(ClaimRule):
    """How many checks of a phase are said to have passed, its record says too.

    A count reads like a verdict: three of four are no PASS.
    """

    code, slug, severity = "PH401", "number-mismatch", "error"
    kinds = frozenset({"number"})
    requires = frozenset({"records"})
    example = "`4 of 4 checks pass` in a note, where the record of the phase has 3 of 4"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        found = COUNT.search(claim.text)
        if found is None or facts.is_rendered(claim) or claim.mood != "said":
            return
        runs = list_runs(claim, facts)
        counts = [
            (sum(check.verdict == "PASS" for check in run.checks), len(run.checks)) for run in runs
        ]
        if not counts:
            return
        place = facts.records.phase_place(runs[-1], "checks")
        passed, total = counts[-1]
        said = int(found["passed"]), int(found["total"])
        if said == counts[-1]:
            yield confirmed(f"{passed} of {total} checks of {runs[-1].phase} pass", place)
        else:
            before = next(
                (run.run for run, had in zip(runs, counts, strict=True) if had == said), 0
            )
            past = f"; that was so in run {before}" if before else ""
            yield Said(
                found=f"{passed} of {total} checks of {runs[-1].phase} pass in run {runs[-1].run}"
                f"{past}",
                hint=f"write {passed} of {total}",
                evidence=place,
                severity="warning" if before else None,
            )

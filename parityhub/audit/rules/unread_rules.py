"""What of a report is too long to be read."""

from collections import Counter
from collections.abc import Iterator

from parityhub.audit.extract.passages import LONGEST_LINE, MOST_IN_PIECE, MOST_LINES
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding
from parityhub.audit.rules.rule import HubRule, Said, spot_of


class ReportUnread(HubRule):
    """A report is read whole.

    Beyond a length of lines, a number of lines and a number of claims in one stretch of a line
    nothing is read, so that a report without end can't keep an audit from ending. What is not read
    is not true for that, so it is told.
    """

    code, slug, severity = "PH001", "report-damaged", "warning"
    of_reports = True
    example = "a summary of which one line holds 10 MB"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the reports."""
        counts = Counter((claim.spot.file, claim.spot.line) for claim in facts.claims)
        crowded = {place: held for place, held in counts.items() if held >= MOST_IN_PIECE}
        for name, lines in facts.reports.items():
            for number, line in enumerate(lines[:MOST_LINES], 1):
                if len(line) > LONGEST_LINE:
                    yield self._tell(name, number, f"{LONGEST_LINE} of {len(line)} characters")
                elif (name, number) in crowded:
                    yield self._tell(name, number, f"{MOST_IN_PIECE} claims of a stretch of it")
            if len(lines) > MOST_LINES:
                yield self._tell(name, MOST_LINES, f"{MOST_LINES} of {len(lines)} lines")

    def _tell(self, name: str, line: int, read: str) -> Finding:
        hint = "write it in lines that a person can read"
        return self.find(spot_of(name, line), name, Said(found=f"only {read} were read", hint=hint))

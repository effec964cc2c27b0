"""The lines of the reports, and the claims that stand on each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from parityhub.audit.claims import Claim
from parityhub.audit.extract.inline import clean_line


@dataclass
class Lines:
    """Reports by name, line by line, and all claims of them."""

    reports: Mapping[str, tuple[str, ...]]
    claims: tuple[Claim, ...]
    _clean: dict[str, str] = field(default_factory=dict)

    def of(self, claim: Claim) -> str:
        """Return the line that a claim stands in."""
        lines = self.reports.get(claim.spot.file, ())
        return lines[claim.spot.line - 1] if 0 < claim.spot.line <= len(lines) else ""

    def at(self, file: str, number: int) -> str:
        """Return a line of a report; empty where there is none."""
        lines = self.reports.get(file, ())
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def clean(self, claim: Claim) -> str:
        """Return the line that a claim stands in without markup."""
        line = self.of(claim)
        if not claim.spot.file.endswith((".md", ".markdown")):
            return line
        if line not in self._clean:
            self._clean[line] = clean_line(line[:16384], 1, 1).text
        return self._clean[line]

    def pointer(self, claim: Claim) -> str:
        """Return the whole pointer of a claim: in the text of a link it may hold blanks."""
        pointer = claim.pointer or ""
        line = self.of(claim)
        at = line.find(f"#{pointer} ", max(0, claim.spot.column - 2)) if pointer else -1
        end = line.find("](", at)
        return line[at + 1 : end] if 0 <= at < end <= at + len(pointer) + 200 else pointer

    def beside(self, claim: Claim) -> list[Claim]:
        """Return the claims that stand on the same line."""
        return self._by_line.get((claim.spot.file, claim.spot.line), [])

    @cached_property
    def _by_line(self) -> dict[tuple[str, int], list[Claim]]:
        found: dict[tuple[str, int], list[Claim]] = {}
        for claim in self.claims:
            found.setdefault((claim.spot.file, claim.spot.line), []).append(claim)
        return found

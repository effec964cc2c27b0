"""Prose that a rendered summary quotes against the file that holds it."""

from collections.abc import Iterator
from itertools import zip_longest

from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding
from parityhub.audit.rules.rule import HubRule, Said, spot_of
from parityhub.hub.records import Place


class QuoteChanged(HubRule):
    """A rendered summary quotes the prose that people added word for word.

    The prose was held against the evidence when it was added, and is at each audit; another
    wording in the summary was not.
    """

    code, slug, severity = "PH801", "contradiction", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`> The fit ended at 0.12` in the summary, where turns/turn_0001.md has 0.49"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        for name, quotes in facts.quotes.items():
            for quote in quotes:
                for at, (here, there) in enumerate(zip_longest(quote.lines, quote.true)):
                    if here != there:
                        true = "ends here" if there is None else f"says {there[2:200]!r}"
                        place = Place(file=quote.path, line=at + 1)
                        said = Said(
                            found=f"{quote.path} {true}", hint="render it again", evidence=place
                        )
                        spot = spot_of(name, quote.first + at + 1)
                        yield self.find(spot, here or "nothing", said)

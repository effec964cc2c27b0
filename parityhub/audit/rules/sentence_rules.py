"""Lines of rendered reports that are recorded sentences but for one number or status word."""

from collections.abc import Iterator
from typing import Literal

from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.sentences import DIGEST, STATUS
from parityhub.audit.findings import Finding, describe_place
from parityhub.audit.rules.rule import HubRule, Said, spot_of

Kind = Literal["number", "word", "digest"]


class SentenceNumber(HubRule):
    """A number in a recorded sentence is shown as the record has it.

    Reasons and tolerances are shown word for word; the numbers in them have no source of their own.
    """

    code, slug, severity = "PH401", "number-mismatch", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`4 passed of 5` where the record's reason is `4 passed of 4`"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        yield from tell_changed(self, facts, "number")


class SentenceDigest(HubRule):
    """A digest in a recorded sentence is shown as the record has it.

    `byte-identical` stands and falls with the digests behind it.
    """

    code, slug, severity = "PH101", "digest-mismatch", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`start.npy is byte-identical: 3849c008edbb` where the record has 3849c008edbc"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        yield from tell_changed(self, facts, "digest")


class SentenceWord(HubRule):
    """A status word in a recorded sentence is shown as the record has it.

    A reason that says red where the record says green turns the verdict over.
    """

    code, slug, severity = "PH602", "status-contradicted", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`the gate is red: 4 passed of 4` where the record's reason says green"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        yield from tell_changed(self, facts, "word")


def tell_changed(rule: HubRule, facts: Facts, kind: Kind) -> Iterator[Finding]:
    """Yield the findings of changed status words, digests or numbers."""
    for changed in facts.changed:
        ((here, there),) = changed.shown.differences
        if find_kind(here, there) != kind:
            continue
        place = changed.shown.recorded.place
        said = Said(
            found=f"{describe_place(place)} says {there}",
            hint=f"write {there}, or render the report again",
            evidence=place,
        )
        yield rule.find(spot_of(changed.file, changed.line), changed.text, said)


def find_kind(here: str, there: str) -> Kind:
    """Say what kind of token was changed."""
    if here.lower() in STATUS:
        return "word"
    return "digest" if DIGEST.fullmatch(here) or DIGEST.fullmatch(there) else "number"

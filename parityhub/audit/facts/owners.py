"""Whose quantity a number is: the object of a JSON document that a sentence names."""

from parityhub.audit.claims import Claim
from parityhub.audit.facts.numbers import NumberFact, normalize_name

CALLED = {"pytorch": "torch", "tf": "tensorflow"}
"""other names of what documents call by one"""


def list_owners(numbers: list[NumberFact]) -> frozenset[str]:
    """Return the names of the objects that hold numbers, normalized."""
    return frozenset(key for fact in numbers for key in fact.keys if key and not key.isdigit())


def find_owner(claim: Claim, owners: frozenset[str]) -> str:
    """Return the owner that a claim is about: named nearest before it, beside it or above it.

    Empty where its words name none.
    """
    if not owners:
        return ""
    at = claim.sentence.find(claim.value)
    own = claim.sentence[:at] if at >= 0 else ""
    behind = claim.sentence[at + len(claim.value) :].partition(",")[0] if at >= 0 else ""
    above = (*reversed(claim.subject.under), *claim.subject.headings[-1:])
    for words in (own, claim.row, claim.column, claim.label, behind, *above):
        if found := _find_last(words, owners):
            return found
    return ""


def _find_last(words: str, owners: frozenset[str]) -> str:
    """Return the owner that is named last, the longest of those that end there."""
    parts = [CALLED.get(part, part) for part in normalize_name(words).split("_")]
    for end in range(len(parts), 0, -1):
        for start in range(max(0, end - 4), end):
            name = "_".join(parts[start:end])
            if name in owners:
                return name
    return ""

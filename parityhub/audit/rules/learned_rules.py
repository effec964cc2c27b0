"""Values that are called learned, against what training printed."""

import re
from collections.abc import Iterator

from parityhub.audit.claims import Claim
from parityhub.audit.facts.files import phase_folder
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.numbers import NumberFact
from parityhub.audit.facts.rounding import match_number
from parityhub.audit.findings import Standing
from parityhub.audit.rules.rule import ClaimRule, Said, unverifiable


class NotLearned(ClaimRule):
    """A value that is called learned came out of training.

    A value that the training log never prints, and that a formula gives, was put in by hand.
    """

    code, slug, severity = "PH603", "not-learned", "error"
    kinds = frozenset({"status"})
    example = "`learned scale 9.882118` where training prints mean_input_scale=1.000000"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if not re.match(r"learn(ed|t)$", claim.value, re.IGNORECASE) or claim.mood != "said":
            return
        word = re.split(r"[^A-Za-z]", claim.name)[-1].lower() if claim.name else ""
        prints = self._list_printed(claim, word, facts)
        if not word or not prints:
            yield unverifiable("no training log of the phase prints it")
            return
        numbers = [
            other
            for other in facts.claims
            if other.kind == "number"
            and other.spot.file == claim.spot.file
            and 0 <= other.spot.line - claim.spot.line <= 1
            and word in other.name.lower()
        ]
        ones = {fact.value for fact in prints}
        said = numbers[0].value if numbers else ""
        if len(ones) == 1 and (not said or not said_among(said, ones)):
            first = prints[0]
            yield Said(
                found=f"training prints {first.name}={first.value:g} throughout; "
                f"it learnt none{f', and not {said}' if said else ''}",
                hint="say where the value comes from",
                evidence=first.place,
                severity=None if said else "warning",
            )
        else:
            yield unverifiable("training prints it, which does not show that it was learnt")

    def _list_printed(self, claim: Claim, word: str, facts: Facts) -> list[NumberFact]:
        folder = facts.phase_of(claim)
        logs = [
            path
            for path in facts.logs
            if "train" in path.rsplit("/", 1)[-1] and (not folder or phase_folder(path) == folder)
        ]
        return [
            fact
            for path in logs
            for fact in facts.contents.numbers(path)
            if word and (fact.name == word or fact.name.endswith(f"_{word}"))
        ]


def said_among(said: str, values: set[float | int]) -> bool:
    """Tell whether a written number is one of some values."""
    return any(match_number(said, "", value) == "equal" for value in values)

"""Values that are called learned, against what training printed."""

import re
from collections.abc import Iterator

from parityhub.audit.claims import Claim
from parityhub.audit.facts.files import phase_folder
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.numbers import NumberFact
from parityhub.audit.facts.rounding import match_number
from parityhub.audit.findings import Standing
from parityhub.audit.rules.field_rules import is_own
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
        if len(ones) == 1 and said_among(said, ones) and spans_training(prints):
            first = prints[0]
            yield Said(
                found=f"{word} is {first.value:g} at first and at last: it did not change",
                hint="say that it was kept, not learned",
                evidence=prints[-1].place,
            )
        elif len(ones) == 1 and (not said or not said_among(said, ones)):
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
        """List what logs print of it: the one that the sentence names, training's, or any.

        A log of something else counts only where it prints the value at first and at last.
        """
        folder = facts.phase_of(claim)
        own = [path for path in facts.logs if not folder or phase_folder(path) == folder]
        training = [path for path in own if "train" in path.rsplit("/", 1)[-1]]
        named = [path for path in facts.governing(claim)[:1] if facts.is_log(path)]
        for logs in (training, named if is_own(claim, facts) else [], own):
            prints = list_prints(word, logs, facts)
            if prints and (logs is training or spans_training(prints)):
                return prints
        return []


def list_prints(word: str, logs: list[str], facts: Facts) -> list[NumberFact]:
    """List the numbers of some logs whose name holds a word."""
    numbers = (fact for path in logs for fact in facts.contents.numbers(path))
    return [fact for fact in numbers if word and word in fact.name.split("_")]


FIRST = re.compile(r"(?:^|_)(?:init|initial|first|start|before)(?:_|$)")
LAST = re.compile(r"(?:^|_)(?:last|final|end|trained|after|learned|learnt)(?:_|$)")


def spans_training(prints: list[NumberFact]) -> bool:
    """Tell whether values are printed as the first and as the last ones."""
    words = ["_".join((*fact.keys[-2:], fact.name)) for fact in prints]
    return any(FIRST.search(w) for w in words) and any(LAST.search(w) for w in words)


def said_among(said: str, values: set[float | int]) -> bool:
    """Tell whether a written number is one of some values."""
    return any(match_number(said, "", value) == "equal" for value in values)

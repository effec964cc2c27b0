"""Numbers that a report derives from others in reach."""

import re
from collections.abc import Iterator
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import permutations

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.rounding import Written, compare_number, parse_number
from parityhub.audit.findings import Standing
from parityhub.audit.rules.record_evidence import judge_sentence, list_sources_above
from parityhub.audit.rules.rule import ClaimRule, Said, confirmed, unverifiable

WORDS = {
    "double": 2, "two": 2, "three": 3, "triple": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "hundred": 100, "thousand": 10**3, "million": 10**6,
    "billion": 10**9, "trillion": 10**12, "quadrillion": 10**15,
}  # fmt: skip
COMPARED = re.compile(
    r"\b(?:higher|lower|larger|smaller|faster|slower|more|less|greater|bigger|increase\w*|fold|fewer|fell|rose|grew|reduced|shrank|longer|shorter|saving|improved|down|up|together|combined|"
    r"decrease\w*|reduction|drop\w*|speed-?up|ratio|equation)\b|[-+*/]\s?[\d.]+\s?=|fold",
    re.IGNORECASE,
)
FAR = 10
"""times that a "-fold" in words may be off: it names an order of magnitude"""


class Arithmetic(ClaimRule):
    """A ratio, difference, percentage or sum follows from the numbers beside it.

    Whoever reads "a billion-fold" beside 1e-5 and 1e-17 is told a thousandth of it.
    """

    code, slug, severity = "PH403", "arithmetic", "error"
    kinds = frozenset({"derived"})
    example = "`4.0e-5 against 1.0e-5, a 6x increase`"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        value = read_value(claim.value)
        if value is not None and (exact := list_sources_above(claim, facts)):
            yield from self._check_exact(claim, value, exact)
            return
        if facts.is_rendered(claim) and (said := list(judge_sentence(claim, facts))):
            yield from said
            return
        operands = [number for text in claim.operands if (number := parse_number(text))]
        if value is None or len(operands) < 2:
            yield unverifiable("the numbers that it comes of are not in reach")
            return
        results = dict(list_results(claim, operands))
        if not results:
            yield unverifiable(f"{claim.unit} of what is in reach is not defined")
            return
        for how, result in results.items():
            if agrees(claim, value, result):
                yield confirmed(f"{how} = {result:.6g}")
                return
        if claim.unit == "%" and not COMPARED.search(f"{claim.name} {claim.text}"):
            yield unverifiable("a percentage that says nothing of two numbers")
            return
        yield self._say(claim, value, results, len(operands))

    def _check_exact(
        self, claim: Claim, value: Written, sources: list[float]
    ) -> Iterator[Said | Standing]:
        """Compute it from the sources of the two values above: baseline, candidate."""
        results = {}
        if len(sources) == 2:
            base, candidate = sources
            if claim.unit == "-":
                results["candidate - baseline"] = Decimal(candidate - base)
            elif claim.unit in {"ratio", "fold"} and base:
                results["candidate / baseline"] = Decimal(candidate / base)
        for how, result in results.items():
            if compare_number(value, result) == "equal":
                yield confirmed(f"{how} = {result:.9g}")
            else:
                yield Said(found=f"{how} = {result:.9g}", hint=f"write {result:.9g}")
        if not results:
            yield unverifiable("the two values that it comes of are not in reach")

    def _say(
        self, claim: Claim, value: Written, results: dict[str, Decimal], operands: int
    ) -> Said:
        how, nearest = min(results.items(), key=lambda item: distance(item[1], value.value))
        far = distance(nearest, value.value)
        labelled = claim.name == "equation" or claim.label.lower() in {
            "ratio",
            "delta",
            "difference",
            "sum",
            "total",
        }
        two = labelled or (operands == 2 and COMPARED.search(f"{claim.name} {claim.text}"))
        sure = claim.mood == "said" and (two or (claim.value in WORDS and far >= 2))
        return Said(
            found=f"{how} = {nearest:.6g}",
            hint=f"write {nearest:.3g}, or name the numbers that it comes of",
            severity=None if sure and (two or far >= 2) else "warning",
        )


def read_value(text: str) -> Written | None:
    """Read a derived number: digits, or a word (`billion`)."""
    word = text.strip().lower()
    if word in WORDS:
        value = Decimal(WORDS[word])
        return Written(value, value * FAR if word.endswith("illion") else Decimal(1), True)
    return parse_number(text)


def list_results(claim: Claim, operands: list[Written]) -> Iterator[tuple[str, Decimal]]:
    """List what the operands come to, two at a time, in the way that the claim says."""
    unit = claim.unit
    if unit == "+":
        numbers = [operand.value for operand in operands]
        yield " + ".join(f"{n:g}" for n in numbers), sum(numbers, Decimal(0))
    if unit == "+" and claim.name == "equation":
        return
    for a, b in permutations(operands, 2):
        x, y = a.value, b.value
        try:
            if unit in {"fold", "ratio", "/"} and y:
                yield f"{x:g} / {y:g}", x / y
            elif unit == "%" and y:
                yield f"{x:g} / {y:g}", 100 * x / y
                yield f"({x:g} - {y:g}) / {y:g}", 100 * (x - y) / abs(y)
            elif unit == "-":
                yield f"{x:g} - {y:g}", x - y
            elif unit == "*":
                yield f"{x:g} * {y:g}", x * y
            elif unit == "+":
                yield f"{x:g} + {y:g}", x + y
            elif unit == "magnitude" and x * y > 0:
                yield f"log10({x:g} / {y:g})", (x / y).log10()
        except (DivisionByZero, InvalidOperation):
            continue


def agrees(claim: Claim, value: Written, result: Decimal) -> bool:
    """Tell whether a derived number is a result, with the rounding of what it comes of."""
    if claim.value.lower() in WORDS:
        word = value.value
        if re.search(r"illion|thousand|hundred", claim.value.lower()):
            return word / 3 <= abs(result) < word * 1000 / 3
        return abs(abs(result) - word) <= word / 4
    operands = [number for text in claim.operands if (number := parse_number(text))]
    loose = max((n.quantum / 2 / abs(n.value) for n in operands if n.value), default=Decimal(0))
    largest = max(abs(n.value) for n in operands)
    # A difference of rounded numbers is off by what they are, a quotient by its share of itself.
    off = largest if claim.unit in {"-", "+"} else abs(result)
    slack = value.quantum + 2 * loose * off
    gaps = [abs(result - value.value)]
    if claim.unit not in {"-", "%"} or value.value >= 0:
        gaps.append(abs(abs(result) - abs(value.value)))
    return min(gaps) <= slack


def distance(a: Decimal, b: Decimal) -> float:
    """Return by how many orders of magnitude two numbers are apart."""
    if not a or not b:
        return 0.0 if a == b else 99.0
    return abs(float((abs(a) / abs(b)).log10()))

"""Numbers in reports against the numbers that the evidence holds."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.logs import Text
from parityhub.audit.facts.numbers import NumberFact, normalize_name
from parityhub.audit.facts.owners import CALLED
from parityhub.audit.facts.rounding import SECONDS, match_number, printed_quantum
from parityhub.audit.findings import Standing, describe_place
from parityhub.audit.rules.citation_rules import NUMBER, shows_number
from parityhub.audit.rules.gate_evidence import is_gate_number, judge_gate_number
from parityhub.audit.rules.number_evidence import (
    SECONDS_NAME,
    Weight,
    count_digits,
    exact_name,
    weigh,
)
from parityhub.audit.rules.path_rules import COUNTED, LISTED, is_size
from parityhub.audit.rules.record_evidence import (
    judge_collapse,
    judge_numbered,
    judge_run,
    judge_rung,
    judge_sentence,
    judge_source_below,
)
from parityhub.audit.rules.record_pointed import judge_pairing
from parityhub.audit.rules.rule import ClaimRule, Said, confirmed, unverifiable
from parityhub.hub.records import Place

MEASURED = re.compile(
    r"\b(mean|std|var\w*|loss|ssim|psnr|rmse?|mae|max|min|stat\w*|measured|logged|seconds|duration|"
    r"scale|amplitude|error|accuracy|range)\b",
    re.IGNORECASE,
)
FEW = 3
"""significant digits from which a number is taken for a measured one"""


def has_source(claim: Claim) -> bool:
    """Tell whether the report itself says where a number stands."""
    return bool(claim.path) and (claim.pointer is not None or claim.first_line is not None)


def is_other_rules(claim: Claim) -> bool:
    """Tell whether a number is a size or count, which PH206 judges."""
    if has_source(claim):
        return False
    counted = bool(COUNTED.match(claim.name.lower())) and bool(claim.path)
    return is_size(claim) or counted or bool(LISTED.match(claim.name.lower().replace("_", " ")))


class NumberMismatch(ClaimRule):
    """A number is the one that its source holds, rounded to the digits shown.

    With a source behind it, that source decides. Without one, the evidence that the sentence, its
    section or its phase names is searched for the name; unit prefixes and rounding are understood.
    """

    code, slug, severity = "PH401", "number-mismatch", "error"
    kinds = frozenset({"number", "environment"})
    example = "`var_zero_mean=8.96e9 (stats.json)` where stats.json holds 8965544960.0, so 8.97e9"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if claim.kind == "environment":
            yield from self._check_labelled(claim, facts)
        elif has_source(claim):
            yield from self._check_source(claim, facts)
        elif is_other_rules(claim):
            return
        elif facts.is_rendered(claim):
            yield from judge_rendered(claim, facts)
        elif is_gate_number(claim, facts):
            yield from judge_gate_number(claim, facts)
        elif claim.name and claim.value:
            yield from self._check_name(claim, facts)
        else:
            yield unverifiable("nothing says what the number is")

    def _check_labelled(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Look at a number behind the name of a framework, which reads like a version."""
        if claim.name not in {"tensorflow", "torch"} or not facts.is_rendered(claim):
            return
        behind = [
            other
            for other in facts.lines.beside(claim)
            if other.kind == "citation" and other.spot.column > claim.spot.column
        ]
        if behind and behind[0].pointer is not None:
            first = behind[0]
            target = next(
                (o.target or o.path for o in facts.lines.beside(claim) if o.kind == "path"), ""
            )
            file = facts.resolve(first.target or target or first.path, claim).file
            there, value = (
                facts.contents.pointer(file, first.pointer or "") if file else (False, None)
            )
            if there:
                place = Place(file=file, pointer=first.pointer)
                yield from self._compare(claim, [value], place)

    def _check_source(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        file = facts.resolve(claim.target or claim.path, claim).file
        if file not in facts.table.files:
            yield unverifiable(f"its source {claim.path} is not one file of the hub")
        elif claim.pointer is not None:
            there, value, place = facts.pointed(claim, file)
            if there:
                yield from self._compare(claim, [value], place)
        else:
            text = facts.texts.read(file)
            first = claim.first_line or 1
            if text is not None and 1 <= first <= text.lines:
                yield from self._check_line(claim, text, first)

    def _check_line(self, claim: Claim, text: Text, first: int) -> Iterator[Said | Standing]:
        last = min(claim.last_line or first, text.lines, first + 1000)
        lines = [text.line(number)[:8192] for number in range(first, last + 1)]
        if not any(shows_number(line, claim.value) for line in lines):
            # The number may be true and the line wrong, which PH301 tells.
            start = claim.value.lstrip("+-")
            near = text.find(start[: max(3, len(start) - 2)])
            if moved := next((n for n in near if shows_number(text.line(n), claim.value)), None):
                yield confirmed(f"line {moved} holds it", Place(file=text.file, line=moved))
                return
        values = [value for line in lines for value in NUMBER.findall(line)]
        yield from self._compare(claim, values, Place(file=text.file, line=first))

    def _compare(self, claim: Claim, values: list[Any], place: Place) -> Iterator[Said | Standing]:
        unnamed = claim.unit.lower() in SECONDS and not SECONDS_NAME.search(
            (place.pointer or "s").replace("/", "_")
        )
        for value in values:
            if same_value(claim, value) or (unnamed and same_value(replace(claim, unit=""), value)):
                yield confirmed(f"{describe_place(place)} holds {value}", place)
                return
        shown = ", ".join(map(str, values[:6])) or "no number"
        yield Said(
            found=f"{describe_place(place)} holds {shown[:200]}",
            hint=f"write {shown[:60]}" if len(values) == 1 else "write the number that is there",
            evidence=place,
            severity=None if claim.mood in {"said", "quoted"} else "warning",
        )

    def _check_name(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        weight = weigh(claim, facts)
        if weight.equal is not None:
            yield confirmed(
                f"{describe_place(weight.equal.place)} holds {weight.equal.value}",
                weight.equal.place,
            )
        elif weight.consistent is not None:
            reason = f"the evidence prints {weight.consistent.value}, with fewer digits"
            yield unverifiable(reason, weight.consistent.place)
        elif not weight.others and weight.stray is None:
            yield unverifiable(f"no evidence that was searched bears the name {claim.name}")
        elif claim.mood != "said" or claim.subject.when:
            # What a dated entry or a word on an earlier run speaks of may have been overwritten.
            yield unverifiable(describe_others(weight.others), first_place(weight.others))
        elif count_digits(claim.value) >= FEW or weight.reach == "own":
            yield self._say(claim, weight)
        else:
            yield unverifiable(describe_others(weight.others), first_place(weight.others))

    def _say(self, claim: Claim, weight: Weight) -> Said:
        exact = [fact for fact in weight.others if exact_name(claim, fact)]
        sure = (
            weight.reach == "own"
            and bool(exact)
            and weight.stray is None
            and count_digits(claim.value) >= FEW
            and "~" not in claim.value
        )
        own_side = list_own_side(claim, exact)
        if own_side and count_digits(claim.value) >= FEW and weight.stray is None:
            exact, sure = own_side, sure or "~" not in claim.value
        stray = weight.stray
        apart = f"; {describe_place(stray.place)} has it, of something else" if stray else ""
        return Said(
            found=f"{describe_others(tuple(exact) or weight.others)}{apart}",
            hint="write what the evidence holds, or cite where this number stands",
            evidence=first_place(tuple(exact) or weight.others) or (stray.place if stray else None),
            severity=None if sure else "warning",
        )


class NumberUnsupported(ClaimRule):
    """A number that is presented as measured bears a name that the evidence knows.

    Of one that no file of the hub has under any name nobody can tell where it came from.
    """

    code, slug, severity = "PH402", "number-unsupported", "warning"
    kinds = frozenset({"number"})
    example = "`PSNR 31.42 dB` in a hub none of whose files has a psnr"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if facts.is_rendered(claim):
            return
        if claim.mood != "said" or has_source(claim) or is_other_rules(claim) or not claim.name:
            return
        words = f"{claim.name} {claim.label} {claim.subject.section}"
        if count_digits(claim.value) < FEW or not MEASURED.search(words.replace("_", " ")):
            return
        if is_gate_number(claim, facts) or not facts.whole_search:
            return
        weight = weigh(claim, facts)
        if weight.equal or weight.others or weight.stray or weight.consistent:
            return
        plain = normalize_name(claim.name)
        if any(name.endswith(f"_{plain}") for name in facts.by_name):
            return
        yield Said(
            found=f"no evidence of the hub has a number called {claim.name}",
            hint="cite where it stands, or keep the evidence of it",
        )


RECORD_JUDGES = (
    judge_source_below,
    judge_numbered,
    judge_pairing,
    judge_collapse,
    judge_run,
    judge_rung,
    judge_sentence,
)


def judge_rendered(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold a number of a rendered report against the records: the first that speaks of it."""
    for judge in RECORD_JUDGES:
        said = list(judge(claim, facts))
        if said:
            yield from said
            return
    weight = weigh(claim, facts) if claim.name else None
    if weight is not None and weight.equal is not None:
        yield confirmed(f"{describe_place(weight.equal.place)} holds it", weight.equal.place)
    else:
        yield unverifiable("no record speaks of it")


def same_value(claim: Claim, value: Any) -> bool:
    """Tell whether a number as written is a value as the evidence holds it."""
    if isinstance(value, bool) or value is None:
        return claim.value.lower() == str(value).lower()
    if isinstance(value, int | float):
        return match_number(claim.value, claim.unit, value) == "equal"
    if isinstance(value, str):
        printed = printed_quantum(value)
        equal = match_number(claim.value, claim.unit, value, printed) == "equal"
        return equal or value.strip() == claim.value.strip()
    return isinstance(value, list | dict) and match_number(claim.value, "", len(value)) == "equal"


def list_own_side(claim: Claim, found: list[NumberFact]) -> list[NumberFact]:
    """Return the one number whose file alone bears a word of the claim's row or column."""
    words = set(re.findall(r"[a-z0-9]+", f"{claim.row} {claim.column}".lower()))
    words = {CALLED.get(word, word) for word in words}
    own = [fact for fact in found if words & set(re.findall(r"[a-z0-9]+", fact.place.file.lower()))]
    values = {fact.value for fact in own}
    return own[:1] if len(values) == 1 and len(own) < len(found) else []


def describe_others(found: tuple[NumberFact, ...]) -> str:
    """Say which values the evidence has."""
    shown = dict.fromkeys(f"{f.value} at {describe_place(f.place)}" for f in found)
    more = f" and {len(shown) - 3} more" if len(shown) > 3 else ""
    return f"the evidence has {', '.join(list(shown)[:3])}{more}" if shown else "no value of it"


def first_place(found: tuple[NumberFact, ...]) -> Place | None:
    """Return where the first of the values stands."""
    return found[0].place if found else None

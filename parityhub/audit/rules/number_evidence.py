"""Which numbers of the evidence a number in a report may stand for.

Three answers: a recorded value of that name that rounds to it; recorded values of that name, and
none that does; no value of that name. Which files count, and which phase, stage and section, the
sentence and its headings say.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from parityhub.audit.claims import Claim
from parityhub.audit.facts.files import phase_folder
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.numbers import NumberFact, normalize_name
from parityhub.audit.facts.owners import find_owner
from parityhub.audit.facts.rounding import SECONDS, Match, match_number, parse_number

Reach = Literal["own", "section", "phase", "hub"]
"""how a file came to count: the sentence or its section names it, it is of the phase, of the hub"""

SAME_NAMES = (
    frozenset({"mean", "global_mean", "average", "avg"}),
    frozenset({"std", "global_std", "stddev", "std_dev", "standard_deviation"}),
    frozenset({"var_zero_mean", "var", "variance", "zero_mean_variance"}),
    frozenset({"max", "maximum", "global_max"}),
    frozenset({"min", "minimum", "global_min"}),
    frozenset({"epochs", "epoch", "nepochs", "max_epochs", "starting_training_with"}),
    frozenset({"batch", "batch_size"}),
    frozenset({"images", "n_images", "n_groups", "groups", "nsamples", "n_subsample"}),
    frozenset({"intensity_scale", "loaded_intensity_scale", "scale"}),
    frozenset({"duration", "seconds", "time", "wall_time", "elapsed", "wall_seconds"}),
    frozenset({"n", "patch_size"}),
)
DURATION = 9
"""index of the durations among them"""
STAGES = {
    "train": re.compile(r"(^|[^a-z])(train|training)"),
    "inference": re.compile(r"(^|[^a-z])(infer|inference|debug_dump|forward_parity_debug)"),
}
SIDES = {
    "torch": re.compile(r"(^|[/_.-])(torch|pytorch)"),
    "tensorflow": re.compile(r"(^|[/_.-])(tf|tensorflow)([/_.-]|$)"),
}
SECONDS_NAME = re.compile(r"(?:^|_)(?:s|secs?|seconds?|duration|elapsed|wall_time)(?:_|$)")
SECTION_WORDS = ("patch", "canvas", "amplitude", "phase", "input", "output", "pred")


@dataclass(frozen=True)
class Weight:
    """What the evidence makes of a number."""

    equal: NumberFact | None
    """a recorded value that rounds to it, in a fitting context"""
    others: tuple[NumberFact, ...]
    """recorded values of that name in a fitting context that do not"""
    stray: NumberFact | None
    """a recorded value that rounds to it, of another phase, stage, side or section"""
    reach: Reach
    consistent: NumberFact | None = None
    """evidence with fewer digits that agrees"""


def weigh(claim: Claim, facts: Facts) -> Weight:
    """Weigh a number against the evidence, the files that the sentence names first."""
    names = same_names(claim.name)
    stray: NumberFact | None = None
    others: tuple[NumberFact, ...] = ()
    reach: Reach = "hub"
    consistent: NumberFact | None = None
    for at, files in list_reaches(claim, facts):
        found = [fact for path in files for fact in facts.contents.named(path, names)]
        fitting = [fact for fact in found if fits(claim, fact, facts, own=at == "own")]
        for fact in sort_facts(claim, fitting):
            match = match_fact(claim, fact)
            if match == "equal":
                return Weight(fact, (), None, at)
            consistent = consistent or (fact if match == "consistent" else None)
        if fitting and not others:
            others, reach = tuple(sort_facts(claim, fitting)), at
        stray = stray or find_equal(claim, (f for f in found if f not in fitting))
    in_hub = [fact for name in names for fact in facts.by_name.get(name, ())]
    fitting = [fact for fact in in_hub if fits(claim, fact, facts, own=False)]
    equal = find_equal(claim, fitting)
    if equal is not None and not others:
        return Weight(equal, (), None, "hub")
    stray = stray or equal or find_equal(claim, in_hub)
    others = others or tuple(sort_facts(claim, fitting)[:20])
    return Weight(None, others, stray, reach, consistent)


def list_reaches(claim: Claim, facts: Facts) -> list[tuple[Reach, list[str]]]:
    """List the files that count, in steps from the sentence outwards."""
    own = [path for path in facts.governing(claim) if facts.is_evidence(path)]
    section = [path for path in facts.section_files(claim) if facts.is_evidence(path)]
    folder = facts.phase_of(claim)
    phase = [p for p in facts.searched if folder and phase_folder(p) == folder]
    reaches: list[tuple[Reach, list[str]]] = [("own", own), ("section", section), ("phase", phase)]
    return [(at, files) for at, files in reaches if files]


def same_names(name: str) -> frozenset[str]:
    """Return the names that mean the same as a name, normalized."""
    plain = normalize_name(name)
    if not plain:
        return frozenset()
    for family in SAME_NAMES:
        if plain in family:
            return family
    if plain.endswith("_seconds"):
        return frozenset({plain}) | SAME_NAMES[DURATION]
    words = [word for word in name.lower().split() if re.fullmatch(r"[a-z]\w*_\w+", word)]
    if len(words) == 1 and words[0] != plain:
        return frozenset({plain}) | same_names(words[0])
    tails = [
        (len(member), family)
        for family in SAME_NAMES[:5]
        for member in family
        if plain.endswith(f"_{member}")
    ]
    tails += [
        (len(member), family)
        for family in SAME_NAMES
        for member in family
        if "_" in member and plain.startswith(f"{member}_")
    ]
    tail = max(tails, default=(0, frozenset[str]()), key=lambda item: item[0])[1]
    return frozenset({plain}) | tail


def exact_name(claim: Claim, fact: NumberFact) -> bool:
    """Tell whether a recorded number bears the very name."""
    plain = normalize_name(claim.name)
    return fact.name == plain or fact.name == f"global_{plain}"


def fits(claim: Claim, fact: NumberFact, facts: Facts, *, own: bool) -> bool:
    """Tell whether a recorded number is of the phase, stage, side and section spoken of."""
    subject = claim.subject
    file = fact.place.file.lower()
    context = f"{file} {' '.join(fact.keys)}"
    if subject.section and not _fits_section(normalize_name(subject.section), fact.keys):
        return False
    owner = find_owner(claim, facts.contents.owners(fact.place.file))
    if owner and owner not in fact.keys:
        return False
    if own:
        return _fits_stage(subject.stage, context)
    if not _fits_stage(subject.stage, context) or not _fits_side(subject.side, file):
        return False
    known = phase_folder(fact.place.file)
    folder = facts.phase_of(claim) if known in facts.phases.values() else ""
    return not folder or known not in facts.phases.values() or known == folder


def sort_facts(claim: Claim, found: Iterable[NumberFact]) -> list[NumberFact]:
    """Put exact names before others, and totals before parts: shorter pointers first."""
    return sorted(
        found,
        key=lambda fact: (
            not exact_name(claim, fact),
            (fact.place.pointer or "").count("/"),
            fact.place.file,
        ),
    )


def find_equal(claim: Claim, found: Iterable[NumberFact]) -> NumberFact | None:
    """Return the first recorded number that rounds to the claim."""
    return next(
        (f for f in found if match_fact(claim, f) == "equal"),
        None,
    )


def match_fact(claim: Claim, fact: NumberFact) -> Match:
    """Compare a number with a recorded one, which may be kept in the unit that the claim has.

    Of `p50: 41.82` nothing says that it is in seconds; of `seconds: 41.82` its name does.
    """
    match = match_number(claim.value, claim.unit, fact.value, fact.printed)
    if match != "differs" or claim.unit.lower() not in SECONDS:
        return match
    if SECONDS_NAME.search("_".join((*fact.keys, fact.name))):
        return match
    return match_number(claim.value, "", fact.value, fact.printed)


def count_digits(text: str) -> int:
    """Count the significant digits of a number as written."""
    written = parse_number(text)
    if written is None or not written.value:
        return 0
    return len((written.value / written.quantum).to_integral_value().as_tuple().digits)


def _fits_stage(stage: str, context: str) -> bool:
    if stage not in STAGES:
        return True
    other = "inference" if stage == "train" else "train"
    return not (STAGES[other].search(context) and not STAGES[stage].search(context))


def _fits_side(side: str, file: str) -> bool:
    if side not in SIDES:
        return True
    other = "tensorflow" if side == "torch" else "torch"
    return not (SIDES[other].search(file) and not SIDES[side].search(file))


def _fits_section(section: str, keys: Sequence[str]) -> bool:
    """Tell whether keys name the section, or none that is a section at all."""
    if not keys or section in keys or any(section in key for key in keys):
        return True
    words = [word for word in SECTION_WORDS if word in section]
    mentioned = [key for key in keys if any(word in key for word in SECTION_WORDS)]
    return not mentioned or any(all(word in key for word in words) for key in mentioned)

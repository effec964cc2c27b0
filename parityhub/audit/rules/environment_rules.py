"""Environment in reports against what the processes recorded that they saw."""

import re
from collections.abc import Iterator

from parityhub.audit.claims import Claim
from parityhub.audit.facts.environment import Capture, clean_value
from parityhub.audit.facts.files import phase_folder
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Standing
from parityhub.audit.rules.field_rules import is_own
from parityhub.audit.rules.rule import ClaimRule, Said, confirmed, unverifiable
from parityhub.hub.records import Place

VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|FLAGS_\w+")
UNNAMED = re.compile(r"(?:flags|env\w*|switches)\b", re.IGNORECASE)
"""what calls variables that a report doesn't name"""
PROVEN = re.compile(
    r"\b(confirm\w*|verif\w*|captur\w*|logged|recorded|proven|working|works|effective|exported|set|"
    r"successfully|enabled|disabled)\b|[✅✓]",
    re.IGNORECASE,
)
SET_WORDS = {"set", "exported", "enabled", "defined"}
UNSET_WORDS = {"absent", "unset", "not set", "removed", "cleared", "disabled"}


def list_captures(claim: Claim, facts: Facts) -> list[Capture]:
    """Return the captures that speak of a claim's phase: those it names, its phase's, or all."""
    named = [facts.captures[path] for path in facts.governing(claim) if path in facts.captures]
    if named:
        return named[:1] if is_own(claim, facts) else named
    folder = facts.phase_of(claim)
    own = [c for path, c in facts.captures.items() if folder and phase_folder(path) == folder]
    inner = [c for path, c in facts.captures.items() if folder and path.startswith(f"{folder}/")]
    return own or inner or list(facts.captures.values())


def is_variable(claim: Claim) -> bool:
    """Tell whether a claim speaks of an environment variable, not of an option or version."""
    return VARIABLE.fullmatch(claim.name) is not None or (
        claim.name.isupper() and len(claim.name) > 8 and "=" in claim.text
    )


def agrees(claim: Claim, value: str) -> bool:
    """Tell whether a captured value is what a claim says."""
    said = clean_value(claim.value)
    if claim.unit == "state":
        return said.lower() not in UNSET_WORDS
    return said == value or said.strip("`\"'") == value.strip("`\"'")


class EnvironmentMismatch(ClaimRule):
    """A variable had the value that a report says.

    What the process saw is what counts, not what somebody meant to set.
    """

    code, slug, severity = "PH501", "environment-not-as-claimed", "error"
    kinds = frozenset({"environment"})
    requires = frozenset({"captures"})
    example = "`TF_XLA_FLAGS=--tf_xla_auto_jit=2` where the capture has `--tf_xla_auto_jit=0`"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if not is_variable(claim):
            return
        if facts.is_rendered(claim):
            yield from self._check_recorded(claim, facts)
            return
        captures = [self_or_part(claim, c) for c in list_captures(claim, facts)]
        held = [c.variables[claim.name] for c in captures if claim.name in c.variables]
        if not held:
            return
        good = next((place for value, place in held if agrees(claim, value)), None)
        if good is not None:
            yield confirmed("the process that ran recorded it", good)
        elif claim.mood == "said" and not claim.value.startswith("Captured"):
            value, place = held[0]
            # Another attempt may have had another value; the capture that is named has this one.
            named = place.file in facts.governing(claim)
            yield Said(
                found=f"{claim.name}={value!r} is what the process saw",
                hint="say what was captured, or run it again with the variable set",
                evidence=place,
                severity=None if named and len(held) == 1 else "warning",
            )
        else:
            yield unverifiable("it is not said to have been so", held[0][1])

    def _check_recorded(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Hold a variable of a rendered report against what the records asked for and saw."""
        known = facts.records.values.get(claim.name, set())
        if any(agrees(claim, value) for value in known):
            yield confirmed("a record has it")
        elif known and claim.unit != "state":
            shown = " or ".join(repr(value) for value in sorted(known)[:3])
            yield Said(found=f"the records have {shown}", hint="render the report again")


class EnvironmentUnproven(ClaimRule):
    """A variable that is said to have been set is in a capture of the processes that ran.

    A command line that exports it proves nothing: shells, wrappers and subprocesses lose
    variables. A capture that is empty, or lacks the variable, is no proof that it was set.
    """

    code, slug, severity = "PH502", "environment-unproven", "warning"
    kinds = frozenset({"environment"})
    example = "`USE_XLA=0 confirmed set` where env_capture.txt is empty"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if claim.mood != "said" or facts.is_rendered(claim):
            return
        captures = list_captures(claim, facts)
        if claim.unit == "state" and UNNAMED.match(claim.name):
            yield from self._check_unnamed(claim, captures)
            return
        if not is_variable(claim):
            return
        captures = [self_or_part(claim, capture) for capture in captures]
        if any(claim.name in capture.variables for capture in captures):
            return
        unset = claim.unit == "state" and claim.value.lower() in UNSET_WORDS
        if not PROVEN.search(facts.lines.of(claim)) or unset:
            yield unverifiable("no capture of a process that ran has it")
            return
        empty = [capture for capture in captures if capture.empty]
        if not captures:
            found = "the hub holds no environment capture"
        elif empty and len(empty) == len(captures):
            found = f"{empty[0].file} is empty"
        else:
            found = f"{captures[0].file} does not hold {claim.name}"
        yield Said(
            found=found,
            hint="capture the environment inside the process that runs",
            evidence=Place(file=captures[0].file) if captures else None,
            severity="error" if empty and len(empty) == len(captures) else None,
        )

    def _check_unnamed(self, claim: Claim, captures: list[Capture]) -> Iterator[Said | Standing]:
        """Look at flags that are not named: an empty capture shows none of them."""
        if captures and all(capture.empty for capture in captures):
            yield Said(
                found=f"{captures[0].file} is empty",
                hint="capture the environment inside the process that runs",
                evidence=Place(file=captures[0].file),
                severity="error",
            )
        else:
            yield unverifiable("which variables are meant is not said")


def self_or_part(claim: Claim, capture: Capture) -> Capture:
    """Return the part of a capture that is of the claim's side, where it has such parts."""
    words = set(re.findall(r"[a-z0-9]+", f"{claim.sentence} {claim.row} {claim.column}".lower()))
    named = [part for key, part in capture.parts.items() if words & names_of_side(key)]
    return named[0] if len(named) == 1 else capture


def names_of_side(key: str) -> set[str]:
    """Return the words by which a side is called: its own, and its framework's."""
    plain = key.lower()
    return {plain, {"torch": "pytorch", "pytorch": "torch", "tf": "tensorflow"}.get(plain, plain)}

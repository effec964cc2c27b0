"""What a check takes from the evidence: a value with its source, or the finding that it is not one.

For every check alike: what is missing is INCONCLUSIVE, what is not finite is FAIL.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from parityhub.compare.evidence import Evidence, Missing
from parityhub.compare.findings import Finding
from parityhub.compare.measured import classify, describe
from parityhub.hub.records import CheckNumber, Measured, Place

T_co = TypeVar("T_co", float, float | str, covariant=True)


@dataclass(frozen=True)
class Reading(Generic[T_co]):
    """A value that a check can use, as it was recorded."""

    name: str
    value: T_co
    source: Place | None

    @property
    def used(self) -> tuple[CheckNumber, ...]:
        """The value as a number of the check's record."""
        return (CheckNumber(name=self.name, value=self.value, source=self.source),)


def take_number(name: str, found: Measured | Missing) -> Reading[float] | Finding:
    """Take a finite number.

    Args:
        name: how the value is called in reasons and in the record.
        found: what the evidence has of it.
    """
    if isinstance(found, Missing):
        return defer(found)
    if classify(found) == "finite" and isinstance(found.value, int | float):
        return Reading(name, found.value, found.source)
    return Finding(
        "FAIL" if classify(found) == "not-finite" else "INCONCLUSIVE",
        f"{name} is {describe(found)}",
        (CheckNumber(name=name, value=found.value, source=found.source),),
    )


def take_value(name: str, found: Measured | Missing) -> Reading[float | str] | Finding:
    """Take a finite number, or a text that is not blank."""
    if isinstance(found, Measured) and found.status == "text" and isinstance(found.value, str):
        if found.value.strip():
            return Reading(name, found.value, found.source)
        return Finding("INCONCLUSIVE", f"{name} is a blank text")
    number = take_number(name, found)
    return number if isinstance(number, Finding) else Reading(name, number.value, number.source)


def defer(missing: Missing) -> Finding:
    """Return the finding that something is missing."""
    return Finding("INCONCLUSIVE", missing.reason, deferred=missing.deferred)


def refuse_same(evidence: Evidence, left: str, right: str) -> Finding | None:
    """Refuse to put a thing to itself: that shows nothing."""
    if evidence.name_run(left) != evidence.name_run(right):
        return None
    return Finding("INCONCLUSIVE", f"{evidence.name_run(left)} is put to itself")

"""What a guard says: what was accepted, what is now, and how far they may be apart."""

from collections.abc import Iterator

from parityhub.guards.reference import Reference
from parityhub.hub.records import Record, Verdict


class HeldNumber(Record, frozen=True, kw_only=True):
    """A number that is held against what it was."""

    name: str
    accepted: float | int | str | None
    now: float | int | str | None
    tolerance: str = ""
    """how far they may be apart, and why; empty: it is only shown"""


class Held(Record, frozen=True, kw_only=True):
    """What became of one guard."""

    guard: str
    """PHASE/CHECK"""
    title: str
    verdict: Verdict
    reason: str
    accepted: str
    """when and where what it is held against was accepted"""
    numbers: tuple[HeldNumber, ...] = ()
    guilty: str = ""
    """the layer at which the sides part, where one was found"""
    updated: str = ""
    """what was accepted anew, and why; empty: nothing"""


def describe_accepted(reference: Reference) -> str:
    """Say when and where something was accepted."""
    commit = f", commit {reference.commit[:12]}" if reference.commit else ""
    later = f"; changed {len(reference.updates)} times since" if reference.updates else ""
    return f"{reference.accepted} in {reference.hub}{commit}{later}"


def describe_held(held: Held) -> str:
    """Return what a failing guard shows: baseline, now, tolerance with its reason, guilty layer."""
    return "\n".join(list_lines(held))


def list_lines(held: Held) -> Iterator[str]:
    """Yield the lines of what a guard says."""
    yield f"{held.guard}: {held.verdict}: {held.title}"
    yield f"  {held.reason}"
    if held.guilty:
        yield f"  guilty layer: {held.guilty}"
    for number in held.numbers:
        yield f"  {number.name}: accepted {show(number.accepted)}, now {show(number.now)}"
        if number.tolerance:
            yield f"    tolerance: {number.tolerance}"
    yield f"  accepted: {held.accepted}"
    if held.updated:
        yield f"  updated: {held.updated}"


def show(value: float | int | str | None) -> str:
    """Return a value as it is shown; None is missing."""
    if value is None:
        return "missing"
    return f"{value:.6g}" if isinstance(value, float) else str(value)

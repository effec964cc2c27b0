"""A hub as a row of the site: each phase's newest run, and each number that it recorded."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, TypedDict

from parityhub.compare.outcome import conclude_runs
from parityhub.hub.outline import HubOutline, PhaseOutline
from parityhub.hub.records import Measured, Place
from parityhub.report.links import place_in
from parityhub.report.numbers import format_number
from parityhub.report.side_view import label_side

Kind = Literal["stats", "values", "check", "time"]
Shown = int | float | str | dict[str, Any] | None
"""a value as the site's data hold it: a number that JavaScript shows as Python does, text, or an
object that says how it is shown (`t`, `v`) or why there is none (`s`, `n`)"""
EXACT = 2**53
"""integers up to this are the same number in JavaScript"""
CODES = {"PASS": "P", "FAIL": "F", "INCONCLUSIVE": "I"}
NOT_RUN, INTERRUPTED, UNREADABLE = "-", "~", "!"


class SeriesKey(NamedTuple):
    """What stands in one chart: one quantity of a phase, with a line a side."""

    phase: str
    kind: Kind
    group: str
    """section of statistics, `values`, id of a check, `time`"""
    name: str


class NumberView(NamedTuple):
    """A number of a hub, with its source."""

    key: SeriesKey
    line: str
    """the side, or empty for what a check computed of both"""
    value: Shown
    file: str
    pointer: str


class SideCell(TypedDict):
    """A side of a phase."""

    name: str
    label: str
    status: str
    rung: str
    """of the attempt that counts; empty: none does"""
    attempt: str | None
    """path of its record"""


class CheckCell(TypedDict):
    """An answer."""

    id: str
    title: str
    verdict: str
    reason: str


class PhaseCell(TypedDict):
    """The newest whole run of a phase."""

    id: str
    title: str
    verdict: str
    state: str
    reason: str
    run: int
    ended: str
    seconds: Shown
    commit: str | None
    dirty: bool | None
    plan: str
    """sha256 of the plan that was acted on"""
    record: str
    sides: list[SideCell]
    checks: list[CheckCell]
    blockers: list[str]


class HubView(TypedDict):
    """A hub."""

    stamp: str
    created: str
    verdict: str
    reason: str
    unreadable: str
    opened: list[str]
    """phases whose newest run left no record: it goes on, or was interrupted"""
    phases: list[PhaseCell]


def view_hub(outline: HubOutline) -> HubView:
    """Return what the site shows of a hub, besides its numbers."""
    runs = [found.record for found in outline.phases.values()]
    runs.sort(key=lambda record: (record.ended, record.phase))
    verdict, reason = conclude_runs(runs)
    if outline.unreadable:
        verdict, reason = "INCONCLUSIVE", outline.unreadable
    return HubView(
        stamp=outline.stamp,
        created=outline.created,
        verdict=verdict,
        reason=reason,
        unreadable=outline.unreadable,
        opened=sorted(outline.opened),
        phases=[view_phase(outline.phases[record.phase]) for record in runs],
    )


def view_phase(found: PhaseOutline) -> PhaseCell:
    """Return what the site shows of a phase's newest run."""
    record = found.record
    return PhaseCell(
        id=record.phase,
        title=record.title,
        verdict=record.verdict,
        state=record.state,
        reason=record.reason,
        run=record.run,
        ended=record.ended,
        seconds=encode_value(record.seconds),
        commit=record.git_commit,
        dirty=record.git_dirty,
        plan=record.plan_sha256,
        record=found.path,
        sides=[
            SideCell(
                name=side.name,
                label=label_side(side, record.sides),
                status=side.status,
                rung=found.attempts[side.name][1].rung if side.name in found.attempts else "",
                attempt=found.attempts[side.name][0] if side.name in found.attempts else None,
            )
            for side in record.sides
        ],
        checks=[
            CheckCell(id=check.id, title=check.title, verdict=check.verdict, reason=check.reason)
            for check in record.checks
        ],
        blockers=list(record.blockers),
    )


def code_phase(outline: HubOutline, phase: str) -> str:
    """Return the letter that stands for a phase in a hub."""
    if outline.unreadable:
        return UNREADABLE
    if phase in outline.phases:
        return CODES[outline.phases[phase].record.verdict]
    return INTERRUPTED if phase in outline.opened else NOT_RUN


def list_numbers(outline: HubOutline) -> Iterator[NumberView]:
    """Yield each number of the newest run of each phase, with the field that holds it."""
    for found in outline.phases.values():
        yield from _list_measured(found)
        yield from _list_computed(found)
        yield from _list_seconds(found)


def _list_measured(found: PhaseOutline) -> Iterator[NumberView]:
    phase = found.record.phase
    for side, (path, attempt) in found.attempts.items():
        for section, metrics in attempt.stats.items():
            for name, measured in metrics.items():
                key = SeriesKey(phase, "stats", section, name)
                place = place_in(path, "stats", section, name, "value")
                yield make_number(key, side, encode_measured(measured), place)
        for name, measured in attempt.values.items():
            key = SeriesKey(phase, "values", "values", name)
            place = place_in(path, "values", name, "value")
            yield make_number(key, side, encode_measured(measured), place)


def _list_computed(found: PhaseOutline) -> Iterator[NumberView]:
    """Yield what checks computed; what they took from an attempt is told there already."""
    told = {
        (measured.source, measured.value)
        for _, attempt in found.attempts.values()
        for measured in (
            *attempt.values.values(),
            *(item for metrics in attempt.stats.values() for item in metrics.values()),
        )
        if measured.source is not None
    }
    for place, check in enumerate(found.record.checks):
        for at, number in enumerate(check.numbers):
            if (number.source, number.value) in told:
                continue
            key = SeriesKey(found.record.phase, "check", check.id, number.name)
            where = place_in(found.path, "checks", place, "numbers", at, "value")
            yield make_number(key, "", encode_value(number.value), where)


def _list_seconds(found: PhaseOutline) -> Iterator[NumberView]:
    phase = found.record.phase
    whole = SeriesKey(phase, "time", "time", "seconds of the run")
    yield make_number(
        whole, "", encode_value(found.record.seconds), place_in(found.path, "seconds")
    )
    for side, (path, attempt) in found.attempts.items():
        key = SeriesKey(phase, "time", "time", "seconds of the attempt that counts")
        yield make_number(key, side, encode_value(attempt.seconds), place_in(path, "seconds"))


def make_number(key: SeriesKey, line: str, value: Shown, place: Place) -> NumberView:
    """Return a number with its source."""
    return NumberView(key, line, value, place.file, place.pointer or "")


def encode_measured(measured: Measured) -> Shown:
    """Encode a value that was read from evidence."""
    if measured.status in ("missing", "not-finite"):
        return {"s": measured.status, "n": measured.note}
    return encode_value(measured.value)


def encode_value(value: float | int | str | None) -> Shown:
    """Encode a value so that JavaScript shows the text that other reports show.

    A float that is whole, and an integer beyond 2**53, would lose what sets it apart.
    """
    if value is None:
        return {"s": "missing", "n": ""}
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return format_number(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))):
        return {"s": "not-finite", "n": str(value)}
    if (isinstance(value, float) and value.is_integer()) or abs(value) > EXACT:
        return {"t": format_number(value), "v": float(value)}
    return value

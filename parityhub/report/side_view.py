"""What ran: the sides of a phase, their attempts, and their numbers beside each other."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from parityhub.hub.records import AttemptRecord, PhaseRecord, SideRecord
from parityhub.report.links import (
    Link,
    Value,
    link_file,
    list_values,
    place_in,
    show_measured,
    show_recorded,
)

FRAMEWORKS = {"tensorflow": "TensorFlow", "pytorch": "PyTorch", "jax": "JAX", "onnx": "ONNX"}
WALL_TIME, PEAK_MEMORY = "wall time", "peak memory"
UNITS = {WALL_TIME: "seconds", PEAK_MEMORY: "bytes"}

Attempts = Mapping[str, AttemptRecord]
"""attempt records by the path where they are kept"""


class AttemptView(TypedDict):
    """One execution of a baseline on one rung."""

    number: int
    record: Link
    rung: str
    status: str
    seconds: Value
    logs: list[Link]
    blocker: Link | None
    known_issue: str | None
    dataset: str | None
    revision: str | None
    owed_for: str | None


class SideView(TypedDict):
    """A baseline: its attempts, in order, and the one that counts."""

    name: str
    label: str
    status: str
    counts: int | None
    exhausted_under: str | None
    proof: str | None
    env_capture: Link | None
    dataset: str | None
    data: list[tuple[str, Value]]
    """file and sha256 of what the attempt that counts read"""
    attempts: list[AttemptView]


class NumberRow(TypedDict):
    """One number of each side; None: that side does not have it at all."""

    name: str
    cells: list[Value | None]
    beside: list[float | int | str | None]


class SectionView(TypedDict):
    """Numbers that belong together: the statistics of one array, say."""

    name: str
    unit: str
    """`seconds`, `bytes`, or empty"""
    rows: list[NumberRow]


class NumbersView(TypedDict):
    """The numbers of the attempts that count, a column for each side."""

    columns: list[str]
    sections: list[SectionView]


def label_side(side: SideRecord, sides: Sequence[SideRecord]) -> str:
    """Name a side by its framework, or by its baseline where two share a framework."""
    shared = sum(other.framework == side.framework for other in sides) > 1
    return side.name if shared else FRAMEWORKS.get(side.framework, side.name)


def build_sides(phase: PhaseRecord, attempts: Attempts) -> list[SideView]:
    """Build the view of each side of a phase."""
    return [_build_side(side, phase.sides, attempts) for side in phase.sides]


def _build_side(side: SideRecord, sides: Sequence[SideRecord], attempts: Attempts) -> SideView:
    counting = find_counting(side, attempts)
    attempt = counting[1] if counting else None
    return SideView(
        name=side.name,
        label=label_side(side, sides),
        status=side.status,
        counts=side.counts,
        exhausted_under=side.exhausted_under,
        proof=attempt.proof if attempt else None,
        env_capture=link_file(attempt.env_capture) if attempt and attempt.env_capture else None,
        dataset=attempt.dataset if attempt else None,
        data=_list_data(*counting) if counting else [],
        attempts=[
            _build_attempt(path, attempts[path]) for path in side.attempts if path in attempts
        ],
    )


def _list_data(path: str, attempt: AttemptRecord) -> list[tuple[str, Value]]:
    return [
        (
            digest.path,
            show_recorded(digest.sha256, place_in(path, "dataset_digests", n, "sha256")),
        )
        for n, digest in enumerate(attempt.dataset_digests)
    ]


def _build_attempt(path: str, attempt: AttemptRecord) -> AttemptView:
    return AttemptView(
        number=attempt.number,
        record=link_file(path, text=f"{attempt.number}"),
        rung=attempt.rung_title,
        status=attempt.status,
        seconds=show_recorded(attempt.seconds, place_in(path, "seconds")),
        logs=[link_file(step.log, text=f"{step.name} log") for step in attempt.steps if step.log],
        blocker=link_file(attempt.blocker, text="blocker") if attempt.blocker else None,
        known_issue=attempt.known_issue,
        dataset=attempt.dataset,
        revision=attempt.revision,
        owed_for=attempt.owed_for,
    )


def find_counting(side: SideRecord, attempts: Attempts) -> tuple[str, AttemptRecord] | None:
    """Find the attempt of a side that counts, and the path of its record."""
    return next(
        (
            (path, attempts[path])
            for path in side.attempts
            if path in attempts and attempts[path].number == side.counts
        ),
        None,
    )


def build_numbers(phase: PhaseRecord, attempts: Attempts) -> NumbersView:
    """Put the numbers of the attempts that count beside each other."""
    counting = {
        label_side(side, phase.sides): found
        for side in phase.sides
        if (found := find_counting(side, attempts)) is not None
    }
    sections = [_read_sections(path, attempt) for path, attempt in counting.values()]
    return NumbersView(
        columns=list(counting),
        sections=[
            _build_section(name, [side.get(name, {}) for side in sections])
            for name in _merge_keys(sections)
        ],
    )


def _build_section(name: str, sides: Sequence[Mapping[str, Value]]) -> SectionView:
    rows = []
    for key in _merge_keys(sides):
        cells = [side.get(key) for side in sides]
        rows.append(NumberRow(name=key, cells=cells, beside=list_values(cells)))
    return SectionView(name=name, unit=UNITS.get(name, ""), rows=rows)


def _merge_keys(sides: Sequence[Mapping[str, object]]) -> list[str]:
    """List the keys of all sides, each once, in the order in which they first appear."""
    return list(dict.fromkeys(key for side in sides for key in side))


def _read_sections(path: str, attempt: AttemptRecord) -> dict[str, dict[str, Value]]:
    """Read an attempt's values, statistics and costs, by section and name."""
    steps = [
        (index, step)
        for index, step in enumerate(attempt.steps)
        if step.status in ("passed", "failed")
    ]
    sections = {
        "values": {
            name: show_measured(measured, place_in(path, "values", name, "value"))
            for name, measured in attempt.values.items()
        },
        **{
            section: {
                metric: show_measured(measured, place_in(path, "stats", section, metric, "value"))
                for metric, measured in metrics.items()
            }
            for section, metrics in attempt.stats.items()
        },
        WALL_TIME: {
            step.name: show_recorded(step.seconds, place_in(path, "steps", index, "seconds"))
            for index, step in steps
        },
        PEAK_MEMORY: {
            step.name: show_recorded(
                step.peak_memory_bytes, place_in(path, "steps", index, "peak_memory_bytes")
            )
            for index, step in steps
        },
    }
    return {name: rows for name, rows in sections.items() if rows}

"""Each quantity over all hubs: its values in order, where each stands, and where it changed."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from parityhub.hub.outline import HubOutline
from parityhub.report.side_view import label_side
from parityhub.report.site_view import (
    CODES,
    Kind,
    NumberView,
    SeriesKey,
    Shown,
    list_numbers,
)

ORDER: dict[str, int] = {"stats": 0, "values": 1, "check": 2, "time": 3}
"""what a reader looks for first"""


class Table(TypedDict):
    """Values that repeat: each once, and where it stands."""

    table: list[Any]
    at: list[int]


class LineView(TypedDict):
    """One side of a quantity, over the hubs that ran its phase."""

    side: str
    label: str
    values: list[Shown]
    """None: the hub has no such value"""
    sources: Table
    """file of the hub and JSON pointer; both empty where there is no value"""
    changes: list[int]
    """places at which the value is not that of the hub before that has one"""


class SeriesView(TypedDict):
    """A quantity."""

    number: int
    """by which pages of hubs name it"""
    name: str
    lines: list[LineView]


class GroupView(TypedDict):
    """Quantities that are loaded together."""

    phase: str
    kind: Kind
    group: str
    hubs: list[int]
    """numbers of the hubs that ran the phase, oldest first"""
    verdicts: str
    """a letter a hub"""
    commits: Table
    """commit (None: unknown) and whether it had uncommitted changes"""
    plans: Table
    """sha256 of the plan"""
    series: list[SeriesView]


class SeriesHead(TypedDict):
    """What the index says of a quantity."""

    phase: str
    kind: Kind
    group: str
    name: str
    changed: int
    """how often it changed, over its sides"""
    last: int | None
    """number of the hub at which it changed last"""


@dataclass
class _Run:
    """What a hub says of a phase, besides numbers."""

    hub: int
    verdict: str
    commit: tuple[str | None, bool | None]
    plan: str


@dataclass
class SeriesTable:
    """Quantities as they are gathered, hub after hub."""

    numbers: dict[SeriesKey, int] = field(default_factory=dict)
    cells: dict[SeriesKey, dict[str, dict[int, NumberView]]] = field(default_factory=dict)
    """side and number of the hub to the value"""
    runs: dict[str, list[_Run]] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)

    def add_hub(self, hub: int, outline: HubOutline) -> list[list[Any]]:
        """Take in a hub, and return its numbers as its page holds them.

        Returns:
            number of the series, side, value, file and pointer of each.
        """
        for phase, found in outline.phases.items():
            record = found.record
            commit = (record.git_commit, record.git_dirty)
            run = _Run(hub, CODES[record.verdict], commit, record.plan_sha256)
            self.runs.setdefault(phase, []).append(run)
            for side in record.sides:
                self.labels[phase, side.name] = label_side(side, record.sides)
        rows = []
        for number in list_numbers(outline):
            place = self.numbers.setdefault(number.key, len(self.numbers))
            self.cells.setdefault(number.key, {}).setdefault(number.line, {})[hub] = number
            rows.append([place, number.line, number.value, number.file, number.pointer])
        return rows

    def view_groups(self) -> Iterator[GroupView]:
        """Yield the quantities, those that belong together at once."""
        groups: dict[tuple[str, Kind, str], list[SeriesKey]] = {}
        for key in self.numbers:
            groups.setdefault((key.phase, key.kind, key.group), []).append(key)
        for (phase, kind, group), keys in sorted(
            groups.items(), key=lambda item: (item[0][0], ORDER[item[0][1]])
        ):
            runs = self.runs[phase]
            yield GroupView(
                phase=phase,
                kind=kind,
                group=group,
                hubs=[run.hub for run in runs],
                verdicts="".join(run.verdict for run in runs),
                commits=make_table(run.commit for run in runs),
                plans=make_table(run.plan for run in runs),
                series=[self.view_series(key, runs) for key in keys],
            )

    def view_series(self, key: SeriesKey, runs: Sequence[_Run]) -> SeriesView:
        """Return a quantity over the hubs that ran its phase."""
        lines = []
        for side, cells in self.cells[key].items():
            found = [cells.get(run.hub) for run in runs]
            values = [number.value if number else None for number in found]
            lines.append(
                LineView(
                    side=side,
                    label=self.labels.get((key.phase, side), side),
                    values=values,
                    sources=make_table((n.file, n.pointer) if n else ("", "") for n in found),
                    changes=find_changes(values),
                )
            )
        return SeriesView(number=self.numbers[key], name=key.name, lines=lines)


def head_series(groups: Iterable[GroupView]) -> dict[int, SeriesHead]:
    """Return what the index says of each quantity, by its number."""
    heads = {}
    for group in groups:
        for series in group["series"]:
            changes = [place for line in series["lines"] for place in line["changes"]]
            heads[series["number"]] = SeriesHead(
                phase=group["phase"],
                kind=group["kind"],
                group=group["group"],
                name=series["name"],
                changed=len(changes),
                last=group["hubs"][max(changes)] if changes else None,
            )
    return heads


def find_changes(values: Sequence[Shown]) -> list[int]:
    """Find where a value is not that of the last hub before that has one; the first is none."""
    changes = []
    before: Shown = None
    for place, value in enumerate(values):
        if value is None:
            continue
        if before is not None and value != before:
            changes.append(place)
        before = value
    return changes


def make_table(values: Iterable[Hashable]) -> Table:
    """Write each of the values that repeat once."""
    places: dict[Hashable, int] = {}
    at = [places.setdefault(value, len(places)) for value in values]
    return Table(table=list(places), at=at)

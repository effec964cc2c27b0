"""In what the processes of two sides differ, and what no process saw as it was asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

from parityhub.hub.records import EnvironmentRecord
from parityhub.report.links import Link, Value, link_file, place_in, show_recorded

OWN = frozenset(("step", "pid", "ppid", "time_utc", "argv", "executable", "cwd", "asked"))
"""what each process has of its own, or what `differences` tells already"""
INTERNAL = "PARITYHUB_"
"""variables by which parityhub speaks to its children"""
WORDS: Mapping[object, str] = {None: "none", "": "(empty)"}
"""what is shown of a value that has no text"""
Leaf = tuple[tuple[str | int, ...], float | int | str | None]


class EnvironmentRow(TypedDict):
    """One thing that differs."""

    name: str
    steps: list[str]
    cells: list[Value | None]
    """one a side; None: that side has no such thing"""


class EnvironmentView(TypedDict):
    """The environments of the sides that count, where they differ."""

    columns: list[str]
    files: list[Link]
    rows: list[EnvironmentRow]
    silent: list[str]
    """sides whose processes wrote nothing down"""
    not_as_asked: list[tuple[str, str, Link]]
    """side, what was not as asked, where it is recorded"""


def build_environment(
    sides: Sequence[tuple[str, str, EnvironmentRecord]],
) -> EnvironmentView | None:
    """Build the view of what differs; None: no side has recorded its environment.

    Args:
        sides: label, path of the record and record of each side that counts.
    """
    if not sides:
        return None
    rows: dict[tuple[str, str], EnvironmentRow] = {}
    steps = dict.fromkeys(
        str(process.get("step", "")) for _, _, record in sides for process in record.processes
    )
    for step in steps if len(sides) > 1 else ():
        for name, cells in _compare_step(step, sides):
            shown = repr([cell and cell["value"] for cell in cells])
            row = rows.setdefault(
                (name, shown), EnvironmentRow(name=name, steps=[], cells=list(cells))
            )
            row["steps"].append(step)
    return EnvironmentView(
        columns=[label for label, _, _ in sides],
        files=[link_file(path) for _, path, _ in sides],
        rows=list(rows.values()),
        silent=[label for label, _, record in sides if not record.processes],
        not_as_asked=[
            (label, text, link_file(path))
            for label, path, record in sides
            for text in record.differences
        ],
    )


def _compare_step(
    step: str, sides: Sequence[tuple[str, str, EnvironmentRecord]]
) -> Iterator[tuple[str, list[Value | None]]]:
    """Yield what differs between the first processes of a step, in the order of its names."""
    columns = [_read_side(step, path, record) for _, path, record in sides]
    told = [column for column in columns if column is not None]
    if len(told) < len(columns):
        return  # A side that wrote nothing down differs in nothing that is known.
    for name in dict.fromkeys(name for column in told for name in column):
        found = [column.get(name) for column in told]
        plain = {repr(item and item[:1]) for item in found}
        if len(plain) > 1:
            yield name, [item and item[1] for item in found]


def _read_side(
    step: str, path: str, record: EnvironmentRecord
) -> dict[str, tuple[float | int | str | None, Value]] | None:
    """Map each name to what is compared and what is shown; None: no process of that step."""
    own = f"{record.baseline}_{record.attempt}"
    for index, process in enumerate(record.processes):
        if process.get("step", "") == step:
            return {
                ".".join(map(str, keys)): (
                    value.replace(own, "") if isinstance(value, str) else value,
                    show_recorded(
                        WORDS.get(value, value),
                        place_in(path, "processes", index, *keys),
                    ),
                )
                for keys, value in _walk_leaves(process)
                if keys[0] not in OWN and not str(keys[-1]).startswith(INTERNAL)
            }
    return None


def _walk_leaves(node: Any) -> Iterator[Leaf]:
    """Yield each value in a tree of JSON with the keys that lead to it."""
    items: Any = node.items() if isinstance(node, Mapping) else enumerate(node)
    for key, child in items:
        if isinstance(child, Mapping | list | tuple):
            for keys, value in _walk_leaves(child):
                yield (key, *keys), value
        else:
            yield (key,), child

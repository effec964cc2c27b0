"""Sources: what a reader sees of a place in the evidence, and where a link to it leads."""

import re
from collections.abc import Container, Sequence
from posixpath import basename, relpath
from typing import TypedDict

from parityhub.hub.records import CheckNumber, Measured, Place

WORD = re.compile(r"[\w./-]*[\w-]")


class Link(TypedDict):
    """A link to a file of the hub."""

    text: str
    target: str
    """path relative to the folder of the report"""
    fragment: str
    """`L26` for line 26, as code hosts have it"""


Prose = list[str | Link]
"""text in which the paths of files of the hub are links"""


class Value(TypedDict):
    """A value as a report shows it: never without its source."""

    value: float | int | str | None
    status: str
    note: str
    source: Link


def link_file(path: str, *, text: str = "", start: str = "") -> Link:
    """Link to a file by its name.

    Args:
        path: of the file, relative to the hub.
        text: what to show; default: the file's name.
        start: folder of the report, relative to the hub.
    """
    return Link(text=text or basename(path), target=relpath(path, start or "."), fragment="")


def link_place(place: Place, *, start: str = "") -> Link:
    """Link to a place: `stats.json#/patch_amplitude/mean` or `train.log:26`."""
    link = link_file(place.file, text=describe_place(place, basename(place.file)), start=start)
    if place.line is not None:
        link["fragment"] = f"L{place.line}"
    return link


def describe_place(place: Place, file: str = "") -> str:
    """Write a place as text: the file, then its JSON pointer or line."""
    pointer = "" if place.pointer is None else f"#{place.pointer}"
    line = "" if place.line is None else f":{place.line}"
    return f"{file or place.file}{pointer}{line}"


def place_in(file: str, *keys: str | int) -> Place:
    """Make the place of a value in a JSON file; the pointer is built as RFC 6901 has it."""
    parts = [str(key).replace("~", "~0").replace("/", "~1") for key in keys]
    return Place(file=file, pointer="".join(f"/{part}" for part in parts))


def is_path(text: str) -> bool:
    """Tell whether a text is nothing but the path of a file in a folder."""
    return "/" in text and WORD.fullmatch(text) is not None


def weave_links(text: str, paths: Container[str]) -> Prose:
    """Turn each of the given paths that a text names into a link."""
    prose: Prose = []
    end = 0
    for word in WORD.finditer(text):
        if word.group() in paths:
            prose += [text[end : word.start()], link_file(word.group())]
            end = word.end()
    return [*prose, text[end:]]


def show_recorded(value: float | int | str | None, place: Place) -> Value:
    """Show a field of a record."""
    status = "missing" if value is None else "text" if isinstance(value, str) else "finite"
    return Value(value=value, status=status, note="", source=link_place(place))


def choose_place(source: Place | None, recorded_at: Place) -> Place:
    """Choose what to cite: where a value was read, if it can be found there by a reader.

    A number computed from an array, or by a check, is not to be seen in any file but its record.
    """
    if source is None or (source.pointer is None and source.line is None):
        return recorded_at
    return source


def show_measured(measured: Measured, recorded_at: Place) -> Value:
    """Show a measured value."""
    return Value(
        value=measured.value,
        status=measured.status,
        note=measured.note,
        source=link_place(choose_place(measured.source, recorded_at)),
    )


def show_check_number(number: CheckNumber, recorded_at: Place) -> Value:
    """Show a number of a check."""
    return show_recorded(number.value, choose_place(number.source, recorded_at))


def list_values(cells: Sequence[Value | None]) -> list[float | int | str | None]:
    """List the bare values of what stands in one row, so that they are shown apart."""
    return [cell["value"] for cell in cells if cell is not None]

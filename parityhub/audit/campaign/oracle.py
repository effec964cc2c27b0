"""Whether a mutant still says something true, decided without an audit.

A rendered report is true by how it was made, so that what differs from it is false, unless one of
the proofs below says otherwise. A proof reads the evidence itself.
"""

import re
from decimal import Decimal
from pathlib import Path

from parityhub.audit.campaign.scan import Form, Place
from parityhub.audit.campaign.sources import (
    CITATION,
    SOURCED,
    Source,
    list_sources,
    read_line,
    read_pointer,
    read_values,
    resolve_path,
    rounds_to,
)

QUOTED = re.compile(r"^(?P<number>\d{1,9}): ?(?P<text>.*)$")
SOURCES = ("line", "pointer", "path", "path-other")


def prove_true(hub: Path, place: Place, form: Form, changed: bytes) -> str:
    """Return why a report stays true with other bytes at a place; empty where it does not.

    Args:
        hub: the true hub.
        place: what is changed, in a report.
        form: how.
        changed: what is written instead.
    """
    line, start = read_around(hub, place)
    new = line[:start] + changed.decode() + line[start + len(place.text.decode()) :]
    if form == "number":
        return prove_number(hub, place, new, start, changed.decode())
    if form == "path" and place.file.endswith(".txt"):
        return prove_same_file(hub, place, changed.decode())
    if form == "quoted":
        return prove_quoted(hub, place, new)
    if form in SOURCES:
        return prove_source(hub, place, line, new, start)
    return ""


def read_around(hub: Path, place: Place) -> tuple[str, int]:
    """Return the line of a place, and where in it the place starts, in characters."""
    data = (hub / place.file).read_bytes()
    first = data.rfind(b"\n", 0, place.start) + 1
    last = data.find(b"\n", place.end)
    line = data[first : last if last >= 0 else len(data)]
    start = line[: place.start - first].decode(errors="replace")
    return line.decode(errors="replace"), len(start)


def prove_number(hub: Path, place: Place, new: str, start: int, shown: str) -> str:
    """Say why a changed number is true: it is the same, or its source rounds to it."""
    if Decimal(shown) == Decimal(place.text.decode()):
        return "it is the same number"
    found = SOURCED.match(new, start)
    if found is None:
        return ""
    for source in list_sources(hub, place.file, found):
        if any(rounds_to(value, shown, found["unit"]) for value in read_values(hub, source)):
            return "the source rounds to it as well"
    return ""


def prove_source(hub: Path, place: Place, old: str, new: str, start: int) -> str:
    """Say why a changed citation is true: what it now points at holds the same."""
    before = next((m for m in CITATION.finditer(old) if m.start() <= start < m.end()), None)
    after = next((m for m in CITATION.finditer(new) if m.start() <= start < m.end()), None)
    if before is None or after is None:
        return ""
    if after["name"].rpartition("/")[2] != after["target"].rpartition("/")[2]:
        return ""
    was, now = (list_sources(hub, place.file, found) for found in (before, after))
    if was and now and was[0].pointer is None and now[0].pointer is None:
        texts = {read_line(hub, source) for source in (*was, *now)}
        if len(texts) == 1 and texts != {""}:
            return "the other line says the same"
    if was and now and was[0].pointer is not None and now[0].pointer is not None:
        values = [
            read_pointer(hub / source.file, source.pointer or "") for source in (was[0], now[0])
        ]
        if values[0] is not None and values[0] == values[1]:
            return "the other source holds the same"
    shown = SOURCED.search(new, max(0, after.start() - 40))
    if shown is not None and shown.start("citation") == after.start() and now:
        number, unit = shown["number"], shown["unit"]
        if all(any(rounds_to(v, number, unit) for v in read_values(hub, s)) for s in now):
            return "the other source rounds to it as well"
    if not was and not now and after["target"].endswith(after["name"]):
        files = [hub / resolve_path(hub, place.file, found["target"]) for found in (before, after)]
        same_name = files[0].name == files[1].name
        if same_name and files[1].is_file() and same_bytes(*files):
            return "the other file is the same, byte for byte"
    return ""


def prove_same_file(hub: Path, place: Place, changed: str) -> str:
    """Say why another path is true: a file of the same name there has the same bytes."""
    old, new = (
        hub / resolve_path(hub, place.file, path) for path in (place.text.decode(), changed)
    )
    alike = old.name == new.name and old.is_file() and new.is_file()
    return "the other file is the same, byte for byte" if alike and same_bytes(old, new) else ""


def prove_quoted(hub: Path, place: Place, new: str) -> str:
    """Say why a quoted line is true: a log that the report cites has it at that number."""
    found = QUOTED.match(new)
    if found is None or not found["text"].strip():
        return ""
    for cited in CITATION.finditer((hub / place.file).read_text("utf-8", "replace")):
        file = resolve_path(hub, place.file, cited["target"])
        line = read_line(hub, Source(file, line=int(found["number"])))
        if file.endswith(".log") and line.strip() == found["text"].strip():
            return "the log has that line at that number as well"
    return ""


def same_bytes(one: Path, other: Path) -> bool:
    """Tell whether two files hold the same."""
    return one.read_bytes() == other.read_bytes()

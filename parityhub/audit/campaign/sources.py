"""Numbers of a report and the sources right behind them, read without an audit."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

NUMBER = r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
UNIT = r"(?: (?:s|ms|kB|MB|GB|%))?"
CITATION = re.compile(
    r"\[(?P<name>[^\]\n:#]*)(?::(?P<line>\d+)|#(?P<pointer>/[^\]\n]*))?\]"
    r"\((?P<target>[^)\s#]+)(?:#L(?P<target_line>\d+))?\)"
)
SOURCED = re.compile(
    rf"(?<![\w.#/:@-])(?P<number>{NUMBER})(?P<unit>{UNIT}) (?P<citation>{CITATION.pattern})"
)
ANY_NUMBER = re.compile(rf"(?<![\w.]){NUMBER}(?![\w.]*\w)", re.IGNORECASE)
SCALES = {
    "": Decimal(1),
    "s": Decimal(1),
    "ms": Decimal("0.001"),
    "kB": Decimal(10**3),
    "MB": Decimal(10**6),
    "GB": Decimal(10**9),
    "%": Decimal("0.01"),
}
"""what one of a unit is in the unit of the evidence"""


@dataclass(frozen=True)
class Source:
    """What a citation points at."""

    file: str
    """relative to the hub"""
    pointer: str | None = None
    line: int | None = None


def resolve_path(hub: Path, report: str, written: str) -> str:
    """Return the file of the hub that a report means: from the hub's folder, else its own."""
    if (hub / written).is_file():
        return normpath(written)
    return normpath(join(dirname(report), written))


def list_sources(hub: Path, report: str, found: re.Match[str]) -> list[Source]:
    """Return what a citation points at; its label and its link may say different lines."""
    file = resolve_path(hub, report, found["target"])
    if found["pointer"] is not None:
        return [Source(file, pointer=found["pointer"])]
    lines = [int(found[key]) for key in ("line", "target_line") if found[key]]
    return [Source(file, line=line) for line in dict.fromkeys(lines)]


def read_values(hub: Path, source: Source) -> list[Decimal]:
    """Return the numbers at a source: of a line, all in it."""
    if source.pointer is not None:
        value = read_pointer(hub / source.file, source.pointer)
        return [value] if isinstance(value, Decimal) else []
    return [Decimal(text) for text in ANY_NUMBER.findall(read_line(hub, source))]


def read_line(hub: Path, source: Source) -> str:
    """Return the line of a source; empty where there is none."""
    try:
        lines = (hub / source.file).read_text(errors="replace").split("\n")
    except (OSError, ValueError):
        return ""
    return lines[source.line - 1] if source.line and source.line <= len(lines) else ""


def read_pointer(file: Path, pointer: str) -> Any:
    """Return what a JSON pointer leads to, numbers as decimals; None where it leads nowhere."""
    try:
        node = json.loads(file.read_bytes(), parse_float=Decimal, parse_int=Decimal)
    except (OSError, ValueError):
        return None
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict):
            node = node.get(key)
        elif isinstance(node, list) and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        else:
            return None
    return node


def rounds_to(recorded: Decimal, shown: str, unit: str) -> bool:
    """Tell whether a number as shown is a recorded one, within half of its last digit."""
    try:
        value = Decimal(shown)
    except InvalidOperation:
        return False
    scale = SCALES[unit.strip()]
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    return abs(recorded / scale - value) <= half

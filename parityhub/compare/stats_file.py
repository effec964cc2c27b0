"""stats.json: a debug dump's statistics, of whatever program wrote them."""

import json
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from parityhub.errors import EvidenceError
from parityhub.hub.records import Measured, Place
from parityhub.plan.model import METRICS
from parityhub.run.measure import MISSING, make_measured

EXACT_DIGITS = 300
"""Longer integers are beyond float64 and are read as infinite."""


def read_stats_json(path: Path) -> Mapping[str, Mapping[str, Measured]]:
    """Read statistics from `{"patch_amplitude": {"mean": 0.5, ...}, "canvas_amplitude": {...}}`.

    NaN and Infinity are accepted and become not-finite values. null, and a metric that a section
    lacks, become missing ones. Each value's source is this file, as named, and a JSON pointer.

    Args:
        path: the file.

    Returns:
        section to metric to value.

    Raises:
        EvidenceError: the file cannot be read, or is not of that form.
    """
    document = _parse(path, _read_text(path))
    if not isinstance(document, dict):
        _refuse(path, f"expected an object of sections, found {type(document).__name__}")
    return {section: _read_section(path, section, table) for section, table in document.items()}


def _read_text(path: Path) -> str:
    try:
        if not path.is_file():
            _refuse(path, "no such file")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        _refuse(path, f"cannot be read: {error}")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _refuse(path, f"not UTF-8: {error.reason}", line)


def _parse(path: Path, text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=partial(_make_object, path), parse_int=_parse_integer
        )
    except json.JSONDecodeError as error:
        _refuse(path, f"not JSON: {error.msg}", error.lineno)
    except RecursionError:
        _refuse(path, "nested too deep")


def _make_object(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    for key in table:
        if not key.isprintable():
            _refuse(path, f"key {key!a} cannot be printed")
    if len(table) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = counts.most_common(1)[0][0]
        _refuse(path, f"key {twice!r} is there twice")
    return table


def _parse_integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= EXACT_DIGITS else float(digits)


def _read_section(path: Path, section: str, table: Any) -> dict[str, Measured]:
    if not isinstance(table, dict):
        _refuse(path, f"{section}: expected an object, found {type(table).__name__}")
    for metric, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float | None):
            _refuse(path, f"{section}.{metric}: expected a number, found {type(value).__name__}")
    return {
        metric: make_measured(
            table.get(metric, MISSING),
            Place(file=path.as_posix(), pointer=f"/{_escape(section)}/{_escape(metric)}"),
        )
        for metric in dict.fromkeys((*METRICS, *table))
    }


def _escape(key: str) -> str:
    """Escape a key for a JSON pointer (RFC 6901, section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def _refuse(path: Path, message: str, line: int | None = None) -> NoReturn:
    where = path.as_posix() if line is None else f"{path.as_posix()}:{line}"
    raise EvidenceError(
        f"{where}: {message}", hint='a stats.json holds {"section": {"mean": 0.5, "std": 0.1}}'
    )

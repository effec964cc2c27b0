"""Numbers read from what a step left: by JSON pointer, from an array, from a log line."""

import json
import math
import sys
from pathlib import Path
from typing import Any

from parityhub.capture.stats import compute_stats
from parityhub.errors import DataError, EvidenceError
from parityhub.hub.records import Measured, Place
from parityhub.plan.model import METRICS, Source, Step
from parityhub.run.arrays import open_array
from parityhub.run.logs import find_groups

MISSING = object()
LARGEST = int(sys.float_info.max)


def make_measured(found: Any, source: Place) -> Measured:
    """Return what was found as a value with its source: a number, a text, or why it is neither."""
    if found is MISSING or found is None:
        return Measured(status="missing", value=None, source=source, note="no such entry")
    if isinstance(found, bool):
        return Measured(status="text", value=str(found).lower(), source=source)
    if isinstance(found, int | float):
        if isinstance(found, int) and abs(found) > LARGEST:
            note = "an integer larger than any float"
            return Measured(status="not-finite", value=None, source=source, note=note)
        if math.isfinite(found):
            return Measured(status="finite", value=found, source=source)
        return Measured(status="not-finite", value=None, source=source, note=str(found))
    if isinstance(found, str):
        return Measured(status="text", value=found, source=source)
    note = f"a {type(found).__name__}, not a value"
    return Measured(status="missing", value=None, source=source, note=note)


def read_pointer(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer (RFC 6901) names in a document, or MISSING."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(key, MISSING)
        elif isinstance(document, list) and key.isdecimal() and int(key) < len(document):
            document = document[int(key)]
        else:
            return MISSING
    return document


def parse_number(text: str) -> Any:
    """Return a number where the text is one, else the text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def read_step_stats(
    step: Step, out: Path, prefix: str, log: Path, log_name: str
) -> dict[str, dict[str, Measured]]:
    """Read the statistics that the plan says a step leaves: section, metric, value."""
    return {
        source.section: read_section(source, out, prefix, log, log_name) for source in step.stats
    }


def read_section(
    source: Source, out: Path, prefix: str, log: Path, log_name: str
) -> dict[str, Measured]:
    """Read one section; each of its metrics is there, as missing where the source lacks it."""
    if source.array is not None:
        place = Place(file=f"{prefix}/{source.array}")
        stats = measure_array(out / source.array)
        return {name: make_measured(stats.get(name, MISSING), place) for name in METRICS}
    if source.json is not None:
        document = load_json(out / source.json)
        found = read_pointer(document, source.pointer)
        table = found if isinstance(found, dict) else {}
        return {
            name: make_measured(
                table.get(name, MISSING),
                Place(file=f"{prefix}/{source.json}", pointer=f"{source.pointer}/{name}"),
            )
            for name in METRICS
        }
    groups, line = find_groups(log, source.log or "", source.pick) or ({}, None)
    place = Place(file=log_name, line=line)
    return {
        name: make_measured(parse_number(groups[name]) if groups.get(name) else MISSING, place)
        for name in METRICS
    }


def read_step_values(
    step: Step, out: Path, prefix: str, log: Path, log_name: str
) -> dict[str, Measured]:
    """Read the single values that the plan says a step leaves."""
    return {source.name: read_value(source, out, prefix, log, log_name) for source in step.values}


def read_value(source: Source, out: Path, prefix: str, log: Path, log_name: str) -> Measured:
    """Read one value."""
    if source.json is not None:
        found = read_pointer(load_json(out / source.json), source.pointer)
        return make_measured(found, Place(file=f"{prefix}/{source.json}", pointer=source.pointer))
    if source.array is not None:
        return make_measured(
            read_scalar(out / source.array), Place(file=f"{prefix}/{source.array}")
        )
    groups, line = find_groups(log, source.log or "", source.pick) or ({}, None)
    text = groups.get("value")
    return make_measured(
        MISSING if text is None else parse_number(text), Place(file=log_name, line=line)
    )


def load_json(file: Path) -> Any:
    """Return a JSON document, or MISSING where it cannot be read."""
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return MISSING


def read_scalar(file: Path) -> Any:
    """Return the one element of an array, or MISSING."""
    try:
        array = open_array(file)
    except EvidenceError:
        return MISSING
    return array.item() if array.size == 1 else MISSING


def measure_array(file: Path) -> dict[str, Any]:
    """Return the statistics of an array's amplitude, or none where it cannot be read."""
    try:
        array = open_array(file)
        return dict(compute_stats(array if array.ndim >= 2 else array.reshape(1, -1)))
    except (EvidenceError, DataError):
        return {}

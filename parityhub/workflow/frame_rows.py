"""The rows of a hub's data frames: a record's numbers, one observation a row."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from parityhub.audit.findings import JudgedClaim, describe_place
from parityhub.hub.history import History
from parityhub.hub.parity_records import LayerRecord
from parityhub.hub.records import AttemptRecord, ManifestItem, Measured

Row = dict[str, Any]

TEXT, COUNT, REAL, TIME = "string", "Int64", "float64", "datetime64[ns, UTC]"
OF_ATTEMPT = {"phase": TEXT, "baseline": TEXT, "attempt": COUNT}
OF_SOURCE = {"status": TEXT, "file": TEXT, "pointer": TEXT, "line": COUNT}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "attempts": OF_ATTEMPT
    | {
        "framework": TEXT,
        "run": COUNT,
        "rung": TEXT,
        "status": TEXT,
        "dataset": TEXT,
        "started": TIME,
        "seconds": REAL,
        "blocker": TEXT,
    },
    "stats": OF_ATTEMPT | {"section": TEXT, "metric": TEXT, "value": REAL} | OF_SOURCE,
    "values": OF_ATTEMPT | {"name": TEXT, "value": "object", "number": REAL} | OF_SOURCE,
    "checks": {
        "phase": TEXT,
        "run": COUNT,
        "check": TEXT,
        "kind": TEXT,
        "title": TEXT,
        "verdict": TEXT,
        "reason": TEXT,
        "deferred": "boolean",
        "tolerance": TEXT,
        "comparison": TEXT,
        "localization": TEXT,
    },
    "layers": {
        "phase": TEXT,
        "check": TEXT,
        "localization": TEXT,
        "direction": TEXT,
        "tensorflow": TEXT,
        "pytorch": TEXT,
        "verdict": TEXT,
        "local": REAL,
        "inherited": REAL,
        "floor": REAL,
        "scale": REAL,
    },
    "claims": {
        "file": TEXT,
        "line": COUNT,
        "column": COUNT,
        "kind": TEXT,
        "claim": TEXT,
        "name": TEXT,
        "value": TEXT,
        "unit": TEXT,
        "state": TEXT,
        "reason": TEXT,
        "evidence": TEXT,
        "codes": TEXT,
    },
    "artifacts": {
        "path": TEXT,
        "size": COUNT,
        "sha1": TEXT,
        "sha256": TEXT,
        "role": TEXT,
        "made_by": TEXT,
        "shows": TEXT,
        "time": TIME,
    },
}
"""each frame's columns and their dtypes; a frame without rows has them too"""


def list_attempts(history: History) -> Iterator[Row]:
    """Yield a row an attempt."""
    for record in history.attempts.values():
        yield key_attempt(record) | {
            name: getattr(record, name) for name in COLUMNS["attempts"] if name != "attempt"
        }


def list_stats(history: History) -> Iterator[Row]:
    """Yield a row a statistic of an attempt."""
    for record in history.attempts.values():
        for section, metrics in record.stats.items():
            for metric, found in metrics.items():
                row = {"section": section, "metric": metric, "value": read_number(found)}
                yield key_attempt(record) | row | tell_source(found)


def list_values(history: History) -> Iterator[Row]:
    """Yield a row a single value of an attempt."""
    for record in history.attempts.values():
        for name, found in record.values.items():
            row = {"name": name, "value": found.value, "number": read_number(found)}
            yield key_attempt(record) | row | tell_source(found)


def list_checks(history: History) -> Iterator[Row]:
    """Yield a row an answer, of each run of each phase."""
    for record in history.phases:
        for check in record.checks:
            yield msgspec.structs.asdict(check) | {
                "phase": record.phase,
                "run": record.run,
                "check": check.id,
            }


def list_layers(history: History, made_by: Mapping[str, str]) -> Iterator[Row]:
    """Yield a row a layer of a localisation, in the order in which it was looked at.

    Args:
        history: of the hub.
        made_by: what made each file of the hub; of a localisation `PHASE check ID examination N`.
    """
    for path, record in history.localizations.items():
        phase, _, check = made_by[path].partition(" examination ")[0].partition(" check ")
        key = {"phase": phase, "check": check, "localization": path}
        yield from (key | row for row in walk_layers("forward", record.layers))
        yield from (key | row for row in walk_layers("backward", record.gradient_layers))


def walk_layers(direction: str, layers: Sequence[LayerRecord]) -> Iterator[Row]:
    """Yield a row a layer."""
    for layer in layers:
        yield {"direction": direction} | msgspec.structs.asdict(layer)


def list_claims(claims: Sequence[JudgedClaim]) -> Iterator[Row]:
    """Yield a row a claim of a report, with where it stands."""
    for judged in claims:
        claim = judged.claim
        yield {
            "file": claim.spot.file,
            "line": claim.spot.line,
            "column": claim.spot.column,
            "kind": claim.kind,
            "claim": claim.text,
            "name": claim.name,
            "value": claim.value,
            "unit": claim.unit,
            "state": judged.state,
            "reason": judged.reason,
            "evidence": describe_place(judged.evidence) or None,
            "codes": ", ".join(judged.codes),
        }


def list_artifacts(items: Sequence[ManifestItem]) -> Iterator[Row]:
    """Yield a row a file of the manifest."""
    yield from map(msgspec.structs.asdict, items)


def key_attempt(record: AttemptRecord) -> Row:
    """Return what tells an attempt from others."""
    return {"phase": record.phase, "baseline": record.baseline, "attempt": record.number}


def read_number(found: Measured) -> float | None:
    """Return a value as a number; None: it is text, missing or not finite."""
    return float(found.value) if isinstance(found.value, int | float) else None


def tell_source(found: Measured) -> Row:
    """Return how a value was found, and where, as columns."""
    source = found.source
    return {
        "status": found.status,
        "file": source.file if source else None,
        "pointer": source.pointer if source else None,
        "line": source.line if source else None,
    }

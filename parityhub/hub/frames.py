"""A hub's records as tidy pandas data frames, for people who want to work on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parityhub.hub.history import read_history
from parityhub.hub.records import Measured
from parityhub.hub.store import Hub

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Frames:
    """The records of a hub, a row an observation.

    `attempts`: one row an attempt. `stats`: one row a statistic of an attempt, `value` NaN where it
    is missing or not finite and `status` saying which. `values`: likewise for single values, as
    objects. `artifacts`: one row a file of the manifest.
    """

    attempts: "pd.DataFrame"
    stats: "pd.DataFrame"
    values: "pd.DataFrame"
    artifacts: "pd.DataFrame"


def load(hub: str | Path) -> Frames:
    """Load a hub.

    Args:
        hub: its folder.

    Raises:
        HubError: it is no hub.
        EvidenceError: a record of it is damaged.
    """
    import msgspec
    import pandas as pd

    opened = Hub.open(Path(hub), lambda: datetime.now(UTC))
    history = read_history(opened)
    attempts: list[dict[str, Any]] = []
    stats: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for record in history.attempts.values():
        key = {"phase": record.phase, "baseline": record.baseline, "attempt": record.number}
        attempts.append(
            key
            | {
                "framework": record.framework,
                "run": record.run,
                "rung": record.rung,
                "status": record.status,
                "dataset": record.dataset,
                "started": pd.Timestamp(record.started),
                "seconds": record.seconds,
                "blocker": record.blocker,
            }
        )
        for section, metrics in record.stats.items():
            for metric, found in metrics.items():
                stats.append(key | {"section": section, "metric": metric} | flatten(found))
        for name, found in record.values.items():
            values.append(key | {"name": name} | flatten(found))
    frame = pd.DataFrame(stats)
    if not frame.empty:
        frame["value"] = pd.to_numeric(frame["value"], errors="coerce")
    return Frames(
        attempts=pd.DataFrame(attempts),
        stats=frame,
        values=pd.DataFrame(values),
        artifacts=pd.DataFrame([msgspec.structs.asdict(i) for i in opened.manifest.artifacts]),
    )


def flatten(found: Measured) -> dict[str, Any]:
    """Return a value with its source as columns."""
    source = found.source
    return {
        "value": found.value,
        "status": found.status,
        "file": source.file if source else None,
        "pointer": source.pointer if source else None,
        "line": source.line if source else None,
    }

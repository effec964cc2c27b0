"""A hub's records as tidy pandas data frames, for people who want to work on."""

import importlib.util
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from parityhub.errors import PlanError, UsageError
from parityhub.hub import layout
from parityhub.hub.history import History, read_history
from parityhub.hub.store import Hub
from parityhub.plan.model import Plan
from parityhub.plan.read import read_plan
from parityhub.report.card import CardView, build_card, render_card
from parityhub.workflow import frame_rows
from parityhub.workflow.audit import Audit, run_audit
from parityhub.workflow.frame_rows import COLUMNS, Row

if TYPE_CHECKING:
    import pandas as pd

COUNTED = ("attempts", "checks", "layers", "artifacts")
"""frames whose rows are counted in a card: without `claims`, which takes an audit"""


class Frames:
    """The records of a hub, a row an observation; a notebook shows them as a card.

    Each frame is made when it is first asked for. Its columns are in `frame_rows.COLUMNS`, and
    docs/frames.md says what they hold.
    """

    def __init__(self, root: Path, hub: Hub, history: History) -> None:
        self._root = root
        self._hub = hub
        self._history = history

    @cached_property
    def attempts(self) -> "pd.DataFrame":
        """One row an attempt."""
        return make_frame("attempts", frame_rows.list_attempts(self._history))

    @cached_property
    def stats(self) -> "pd.DataFrame":
        """One row a statistic: `value` is NaN where it is missing or not finite; see `status`."""
        return make_frame("stats", frame_rows.list_stats(self._history))

    @cached_property
    def values(self) -> "pd.DataFrame":
        """One row a single value: `value` as it was read, `number` NaN where that is no number."""
        return make_frame("values", frame_rows.list_values(self._history))

    @cached_property
    def checks(self) -> "pd.DataFrame":
        """One row an answer to a check, of each run of each phase."""
        return make_frame("checks", frame_rows.list_checks(self._history))

    @cached_property
    def layers(self) -> "pd.DataFrame":
        """One row a layer of a localisation, in the order of the network."""
        made_by = {item.path: item.made_by for item in self._hub.manifest.artifacts}
        return make_frame("layers", frame_rows.list_layers(self._history, made_by))

    @cached_property
    def claims(self) -> "pd.DataFrame":
        """One row a claim that a report of the hub makes; the hub is audited for it."""
        audit = Audit(
            target=self._hub.root,
            hub=None,
            root=None,
            reports=self._hub.root.parent.parent,
            cache=None,
            paranoid=False,
            plan=read_kept_plan(self._hub),
        )
        judged = [claim for audited in run_audit(audit) for claim in audited.result.claims]
        return make_frame("claims", frame_rows.list_claims(judged))

    @cached_property
    def artifacts(self) -> "pd.DataFrame":
        """One row a file of the manifest."""
        return make_frame("artifacts", frame_rows.list_artifacts(self._hub.manifest.artifacts))

    def to_parquet(self, folder: str | Path) -> tuple[Path, ...]:
        """Write each frame as `<folder>/<name>.parquet`; one that is there is replaced.

        A `value` of `values` is written as text: a column of Parquet holds one type.

        Raises:
            UsageError: pyarrow is not installed.
        """
        if importlib.util.find_spec("pyarrow") is None:
            raise UsageError(
                "to_parquet needs pyarrow, which is not installed",
                hint="pip install 'parityhub[parquet]'",
            )
        Path(folder).mkdir(parents=True, exist_ok=True)
        written = []
        for name in COLUMNS:
            frame: pd.DataFrame = getattr(self, name)
            if name == "values":
                frame = frame.astype({"value": "string"})
            file = Path(folder) / f"{name}.parquet"
            half = file.with_name(f".{file.name}.{os.getpid()}")
            try:
                frame.to_parquet(half, engine="pyarrow", index=False)
                half.replace(file)
            finally:
                half.unlink(missing_ok=True)
            written.append(file)
        return tuple(written)

    def __repr__(self) -> str:
        card = self._describe()
        rows = ", ".join(f"{number} {name}" for name, number in card["rows"])
        return f"<parityhub hub {self._root.as_posix()}: {card['verdict']}, {rows}>"

    def _repr_html_(self) -> str:
        """Return a small card for a notebook: the verdict, the phases, a link to the page."""
        return render_card(self._describe())

    def _describe(self) -> CardView:
        plan = read_kept_plan(self._hub)
        has_page = self._hub.path(layout.SUMMARY_PAGE).is_file()
        return build_card(
            manifest=self._hub.manifest,
            phases=self._history.phases,
            planned=[(phase.id, phase.title) for phase in plan.phases] if plan else [],
            page=self._root / layout.SUMMARY_PAGE if has_page else None,
            rows=[(name, len(getattr(self, name))) for name in COUNTED],
        )


def load(hub: str | Path) -> Frames:
    """Load a hub.

    Args:
        hub: its folder.

    Raises:
        HubError: it is no hub.
        EvidenceError: a record of it is damaged.
    """
    opened = Hub.open(Path(hub), lambda: datetime.now(UTC))
    return Frames(Path(hub), opened, read_history(opened))


def make_frame(name: str, rows: Iterable[Row]) -> "pd.DataFrame":
    """Make a frame of its rows; without any it has its columns all the same."""
    import pandas as pd

    columns = COLUMNS[name]
    frame = pd.DataFrame([[row[column] for column in columns] for row in rows], columns=[*columns])
    return frame.astype(dict(columns))


def read_kept_plan(hub: Hub) -> Plan | None:
    """Return the newest plan that the hub was run with; None: it keeps none that can be read."""
    for sha256 in reversed(hub.manifest.plans):
        try:
            return read_plan(hub.path(layout.plan_path(sha256))).plan
        except PlanError:
            continue
    return None

"""Records of diff-stats: two sets of statistics beside each other."""

from typing import Literal

from parityhub.hub.records import Place, Record, Verdict


class StatRow(Record, frozen=True, kw_only=True):
    """One statistic of diff-stats."""

    section: str
    metric: str
    baseline: float | None
    candidate: float | None
    delta: float | None
    ratio: float | None
    status: Literal["compared", "zero-base", "both-zero", "missing", "not-finite"]
    collapsed: bool = False
    baseline_source: Place | None = None
    candidate_source: Place | None = None


class DiffRecord(Record, frozen=True, kw_only=True):
    """diff-stats: two sets of statistics beside each other."""

    baseline: str
    candidate: str
    verdict: Verdict
    reason: str
    collapse_below: float
    rows: tuple[StatRow, ...]

"""What a diff-stats file shows. It is mirrored, so its sources are paths from the hub's root."""

from collections.abc import Sequence
from typing import TypedDict

from parityhub.hub.records import Place
from parityhub.hub.stat_records import DiffRecord, StatRow
from parityhub.plan.model import Policy
from parityhub.report.links import describe_place


class RowView(TypedDict):
    """One statistic of both sides."""

    metric: str
    baseline: float | None
    candidate: float | None
    delta: float | None
    ratio: float | None
    status: str
    collapsed: bool
    baseline_source: str | None
    candidate_source: str | None


class SectionView(TypedDict):
    """The statistics of one array."""

    name: str
    rows: list[RowView]


class PolicyView(TypedDict):
    """A policy that is cited."""

    id: str
    text: str


class MetricsView(TypedDict):
    """What `*_metrics.txt` shows."""

    baseline: str
    candidate: str
    verdict: str
    reason: str
    collapse_below: float
    sections: list[SectionView]
    policies: list[PolicyView]


def build_metrics_view(record: DiffRecord, policies: Sequence[Policy]) -> MetricsView:
    """Build the view of a comparison of statistics and the policies it stands under."""
    sections: dict[str, list[RowView]] = {}
    for row in record.rows:
        sections.setdefault(row.section, []).append(_build_row(row))
    return MetricsView(
        baseline=record.baseline,
        candidate=record.candidate,
        verdict=record.verdict,
        reason=record.reason,
        collapse_below=record.collapse_below,
        sections=[SectionView(name=name, rows=rows) for name, rows in sections.items()],
        policies=[PolicyView(id=policy.id, text=policy.text) for policy in policies],
    )


def _build_row(row: StatRow) -> RowView:
    return RowView(
        metric=row.metric,
        baseline=row.baseline,
        candidate=row.candidate,
        delta=row.delta,
        ratio=row.ratio,
        status=row.status,
        collapsed=row.collapsed,
        baseline_source=_describe(row.baseline_source),
        candidate_source=_describe(row.candidate_source),
    )


def _describe(place: Place | None) -> str | None:
    return None if place is None else describe_place(place)

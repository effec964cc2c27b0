"""A hub as a small card: what a notebook shows of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

from parityhub.compare.outcome import conclude_runs
from parityhub.hub.records import Manifest, PhaseRecord
from parityhub.report.html import render_page


class CardRow(TypedDict):
    """A phase; without a whole run it has no verdict."""

    id: str
    title: str
    state: str
    verdict: str | None
    reason: str


class CardView(TypedDict):
    """What a card shows."""

    initiative: str
    stamp: str
    verdict: str
    reason: str
    pending: int
    """phases that have no whole run: the verdict does not speak of them"""
    phases: list[CardRow]
    href: str | None
    """of summary.html; None: the hub has none"""
    rows: list[tuple[str, int]]
    """name of a frame and its number of rows"""


def build_card(
    *,
    manifest: Manifest,
    phases: Sequence[PhaseRecord],
    planned: Sequence[tuple[str, str]],
    page: Path | None,
    rows: Sequence[tuple[str, int]],
) -> CardView:
    """Build the card of a hub.

    Args:
        manifest: of the hub.
        phases: every run of every phase, in the order in which they ended.
        planned: id and title of the plan's phases, in its order.
        page: summary.html as it is to be linked to; None: there is none.
        rows: names of frames and their numbers of rows.
    """
    newest = {record.phase: record for record in phases}
    titles = {record.phase: record.title for record in phases} | dict(planned)
    order = dict.fromkeys([*(id_ for id_, _ in planned), *newest])
    verdict, reason = conclude_runs(list(newest.values()))
    return CardView(
        initiative=manifest.initiative,
        stamp=manifest.stamp,
        verdict=verdict,
        reason=reason,
        pending=len(order) - len(newest),
        phases=[describe_phase(id_, titles[id_], newest.get(id_)) for id_ in order],
        href=None if page is None else make_href(page),
        rows=list(rows),
    )


def describe_phase(id_: str, title: str, record: PhaseRecord | None) -> CardRow:
    """Return a phase as a card shows it."""
    if record is None:
        return CardRow(id=id_, title=title, state="pending", verdict=None, reason="")
    return CardRow(
        id=id_, title=title, state=record.state, verdict=record.verdict, reason=record.reason
    )


def make_href(page: Path) -> str:
    """Return where a page lies, relative as it was named: from there the notebook links to it."""
    return page.as_uri() if page.is_absolute() else quote(page.as_posix(), safe="/")


def render_card(view: CardView) -> str:
    """Render a card as a piece of HTML, all text escaped, that needs no style or script."""
    return render_page("card.html.j2", view)

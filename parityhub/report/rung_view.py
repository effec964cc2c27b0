"""How a side came to its attempt: the rungs it climbed, and why each one before it failed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypedDict

from parityhub.compare.blockers import UNKNOWN, BlockerStanding
from parityhub.hub.records import BlockerRecord
from parityhub.report.blocker_view import CauseView, TriageView, build_cause, build_triage
from parityhub.report.links import Link, link_file, link_place
from parityhub.report.side_view import AttemptView, SideView


class BlockerLine(TypedDict):
    """A blocker: what failed, where it is written, and the lines that show it."""

    title: str
    link: Link
    rung: str | None
    known_issue: str
    issue_summary: str
    causes: list[tuple[str, Link | None]]
    details: list[CauseView]
    triage: list[TriageView]
    """what people made of it"""


class Blockers(NamedTuple):
    """The blockers of a hub, and what became of each, by path."""

    records: Mapping[str, BlockerRecord]
    standings: Mapping[str, BlockerStanding]


class RungView(TypedDict):
    """An attempt on a rung, and its blocker if it failed."""

    attempt: AttemptView
    counts: bool
    blocker: BlockerLine | None


class TimelineView(TypedDict):
    """The rungs that a side climbed, in order."""

    label: str
    name: str
    exhausted_under: str | None
    rungs: list[RungView]


def build_blocker(path: str, blockers: Blockers) -> BlockerLine:
    """Build the view of a blocker by its path."""
    blocker, standing = blockers.records.get(path), blockers.standings.get(path)
    causes = blocker.causes if blocker else ()
    triages = (standing.named, standing.closed) if standing else ()
    known = blocker.known_issue if blocker else UNKNOWN
    return BlockerLine(
        title=blocker.title if blocker else "the record of this blocker is missing",
        link=link_file(path),
        rung=blocker.rung if blocker else None,
        known_issue=standing.issue if standing else known,
        issue_summary=blocker.issue_summary if blocker else "",
        causes=[(cause.text, link_place(cause.place) if cause.place else None) for cause in causes],
        details=[build_cause(cause, "") for cause in causes],
        triage=[build_triage(triage) for triage in triages if triage is not None],
    )


def build_timeline(sides: Sequence[SideView], blockers: Blockers) -> list[TimelineView]:
    """Build the rungs of each side."""
    return [
        TimelineView(
            label=side["label"],
            name=side["name"],
            exhausted_under=side["exhausted_under"],
            rungs=[
                RungView(
                    attempt=attempt,
                    counts=attempt["number"] == side["counts"],
                    blocker=build_blocker(attempt["blocker"]["target"], blockers)
                    if attempt["blocker"]
                    else None,
                )
                for attempt in side["attempts"]
            ],
        )
        for side in sides
    ]

"""The parts of a run as they stand: what a live view draws."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from parityhub.run.moment import RUNNING, WAITING, Moment
from parityhub.terminal.console import clean_text

STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a run: a phase, its gate, a side, a rung, a step, a check."""

    place: tuple[str, ...]
    title: str
    status: str
    since: float | None = None
    """when it began, on the view's clock"""
    seconds: float | None = None
    """how long it took; None: it has not ended"""
    expected: float | None = None
    """seconds that it took before"""


class Parts:
    """The parts of a run, in the order in which they were first told of."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.by_place: dict[tuple[str, ...], Part] = {}

    def take(self, moment: Moment) -> Part:
        """Take in what a run tells of a part; return it as it stands now."""
        now, place = self.clock(), moment.part
        old = self.by_place.get(place, Part(place=place, title="", status=WAITING))
        part = replace(
            old,
            status=moment.status,
            title=clean_text(moment.title) or old.title,
            since=now if moment.status == RUNNING else old.since,
            expected=old.expected if moment.expected is None else moment.expected,
            seconds=moment.seconds,
        )
        if part.seconds is None and old.status == RUNNING != part.status and old.since is not None:
            part = replace(part, seconds=now - old.since)
        self.by_place[place] = part
        return part

    def stop(self) -> None:
        """Mark what runs as stopped: it will not go on."""
        for part in list(self.by_place.values()):
            if part.status == RUNNING:
                self.take(Moment(part=part.place, status=STOPPED))

    def list_shown(self, *, ended: bool) -> Iterator[Part]:
        """Yield what is shown, from the top down.

        A phase is shown with its parts while it runs, the last one also once all is over. Steps
        are shown of a rung that runs; rungs that nobody got to are not shown once the side is done.
        """
        parts = list(self.by_place.values())
        phases = [part for part in parts if len(part.place) == 1]
        begun = [phase for phase in phases if phase.status != WAITING]
        for phase in phases:
            yield phase
            if phase.status in (RUNNING, STOPPED) or (ended and begun and phase is begun[-1]):
                yield from self.list_below(phase, parts)

    def list_below(self, above: Part, parts: list[Part]) -> Iterator[Part]:
        """Yield what is shown of a part's own parts."""
        going, depth = above.status in (RUNNING, STOPPED), len(above.place)
        for part in parts:
            if part.place[:-1] != above.place or (part.status == WAITING and not going):
                continue
            yield part
            if depth == 1 or part.status in (RUNNING, STOPPED):
                yield from self.list_below(part, parts)


def fit_parts(parts: list[Part], height: int) -> tuple[list[Part], int]:
    """Return the parts that fit into so many lines, and how many were left out.

    What runs stays longest, then what is to come next; what ended first goes first.
    """
    spare = len(parts) - height
    if spare <= 0:
        return parts, 0
    ended = [part for part in parts if part.status not in (WAITING, RUNNING, STOPPED)]
    waiting = [part for part in parts if part.status == WAITING]
    running = [part for part in parts if part.status in (RUNNING, STOPPED)]
    gone = {part.place for part in [*ended, *reversed(waiting), *running][: spare + 1]}
    return [part for part in parts if part.place not in gone], len(gone)

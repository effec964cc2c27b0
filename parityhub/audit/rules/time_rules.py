"""Times in reports against the times that the evidence recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from parityhub.audit.claims import Claim
from parityhub.audit.facts.files import phase_folder
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.times import ClaimedTime, ClockFacts, parse_time
from parityhub.audit.findings import Finding, Standing, describe_place
from parityhub.audit.rules.rule import ClaimRule, HubRule, Said, confirmed
from parityhub.hub.records import Place

CLOSE = timedelta(minutes=5)
SLACK = timedelta(hours=1)
DAY = timedelta(days=1)
ZONE_SIZE = timedelta(minutes=15)


@dataclass(frozen=True)
class Span:
    """From the first to the last time that logs print, by their own clock, and its offset."""

    first: datetime
    last: datetime
    offset: timedelta
    place: Place
    shown: Place | None


def read_span(facts: Facts, folder: str = "") -> Span | None:
    """Return the times of the logs below a folder; None without a log that shows its offset."""
    clocks = [
        clock
        for path in facts.logs
        if (not folder or path.startswith(f"{folder}/")) and (clock := facts.contents.clock(path))
    ]
    known = next((clock for clock in clocks if clock.offset is not None), None)
    known = known or facts.offset_clock
    if known is None or known.offset is None or not clocks:
        return None
    first = min(clocks, key=lambda clock: clock.first.time)
    last = max(clocks, key=lambda clock: clock.last.time)
    return Span(
        first.first.time, last.last.time, known.offset, first.first.place, known.offset_place
    )


class TimeZone(ClaimRule):
    """A time that is marked as UTC is UTC.

    A log that prints the clock on the wall beside the seconds since 1970 shows how far apart the
    two are. A time marked Z that is by that clock what the logs print, and by UTC hours away from
    all of them, was read off the wall.
    """

    code, slug, severity = "PH702", "time-zone", "warning"
    kinds = frozenset({"time"})
    requires = frozenset({"times"})
    example = "`2025-11-14T07:40Z` of a run whose log says 07:39 local, 15:39 UTC"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        time = parse_time(claim.value)
        if time is None or not time.utc or not time.has_clock or claim.mood == "planned":
            return
        span = read_span(facts)
        if span is None or abs(span.offset) < ZONE_SIZE:
            return
        wall, utc = time.time, time.time - span.offset
        near_wall = span.first - 3 * SLACK <= wall <= span.last + SLACK
        in_utc = span.first - span.offset - SLACK <= wall <= span.last - span.offset + SLACK
        if not near_wall or in_utc:
            return
        exact = self._find_exact(time, claim, facts)
        place = exact or span.place
        hours = span.offset / timedelta(hours=1)
        yield Said(
            found=f"the logs print {span.first:%Y-%m-%d %H:%M} to {span.last:%H:%M} by a clock "
            f"{hours:+g} h off UTC ({describe_place(span.shown)}); this would be {utc:%H:%M}Z",
            hint=f"write {utc:%Y-%m-%dT%H:%M}Z, or leave out the Z",
            evidence=place,
            severity="error" if exact is not None else None,
        )

    def _find_exact(self, time: ClaimedTime, claim: Claim, facts: Facts) -> Place | None:
        """Find a log of the phase whose clock on the wall agrees to minutes."""
        folder = facts.phase_of(claim)
        for path in facts.logs:
            clock = facts.contents.clock(path) if folder and phase_folder(path) == folder else None
            if clock is None:
                continue
            for wall in (clock.first, clock.last):
                if not wall.zoned and abs(wall.time - time.time) <= CLOSE:
                    return wall.place
        return None


class TimeConfirmed(ClaimRule):
    """A time at which something is said to have happened is the one its log prints.

    Evidence that was overwritten, or is of another day, is told by its recorded times; the time
    at which a file was last written proves nothing, for a copy changes it.
    """

    code, slug, severity = "PH701", "stale", "warning"
    kinds = frozenset({"time"})
    requires = frozenset({"times"})
    example = "`Training run, 06:30` where the log cited was written at 05:46"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        time = parse_time(claim.value)
        if time is None or not time.has_clock or claim.mood != "said":
            return
        logs = [p for p in facts.governing(claim) if p in facts.logs]
        clocks = [(p, clock) for p in logs if (clock := facts.contents.clock(p)) is not None]
        for path, clock in clocks:
            if self._near(time, clock):
                yield confirmed(f"{path} prints {clock.first.time}", clock.first.place)
                return
        if len(clocks) == 1 and not time.utc:
            path, clock = clocks[0]
            if abs(clock.first.time - time.time) > SLACK / 2:
                yield Said(
                    found=f"{path} was written {clock.first.time} to {clock.last.time:%H:%M:%S}",
                    hint="cite the log of the run that is spoken of",
                    evidence=clock.first.place,
                )

    def _near(self, time: ClaimedTime, clock: ClockFacts) -> bool:
        offset = clock.offset if time.utc and clock.offset is not None else timedelta(0)
        if time.utc and clock.offset is None and not clock.first.zoned:
            return False
        said = time.time + offset
        return clock.first.time - CLOSE <= said <= clock.last.time + CLOSE


class Stale(ClaimRule):
    """Evidence that is cited as fresh is of the run that is spoken of.

    A dated entry whose numbers are no longer in the file it names speaks of a file that was
    overwritten: what it says can no longer be shown.
    """

    code, slug, severity = "PH701", "stale", "warning"
    kinds = frozenset({"number"})
    example = "`2025-11-14T03:28Z: fresh stats.json, mean 1673.3` where stats.json says 765.8 now"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        from parityhub.audit.rules.number_evidence import count_digits, exact_name, weigh
        from parityhub.audit.rules.number_rules import describe_others, has_source

        if not claim.subject.when or claim.mood != "said" or has_source(claim) or not claim.name:
            return
        if count_digits(claim.value) < 3:
            return
        weight = weigh(claim, facts)
        exact = [fact for fact in weight.others if exact_name(claim, fact)]
        if weight.equal or weight.stray or weight.consistent or not exact:
            return
        if weight.reach not in {"own", "section"}:
            return
        yield Said(
            found=f"{describe_others(tuple(exact))}: overwritten since, or never so",
            hint="write each run to files of its own",
            evidence=exact[0].place,
        )


class Order(HubRule):
    """Dated entries stand in the order of their times, and none is dated after its evidence.

    An entry dated days after every log it speaks of was not written when it says, or speaks of
    runs that left nothing.
    """

    code, slug, severity = "PH703", "order", "warning"
    of_reports = True
    requires = frozenset({"times"})
    example = "an entry of 2025-11-18 below one of the 14th, the day of the hub's last log"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        clocks = [clock for path in facts.logs if (clock := facts.contents.clock(path))]
        newest = max(clocks, key=lambda clock: clock.last.time).last
        for name in facts.reports:
            entries = self._list_entries(name, facts)
            for claim, time in entries if len(entries) > 1 else ():
                days = (time - newest.time).days
                if days < 1:
                    continue
                apart = self._misplaced(claim, time, entries)
                yield self.find(
                    claim.spot,
                    facts.lines.of(claim),
                    Said(
                        found=f"the last time that any log prints is {newest.time:%Y-%m-%d %H:%M}, "
                        f"{days} days before{apart}",
                        hint="date an entry when it is written, and keep the logs it speaks of",
                        evidence=newest.place,
                    ),
                )

    def _list_entries(self, name: str, facts: Facts) -> list[tuple[Claim, datetime]]:
        """Return the headings with a time, in the order in which they stand."""
        found = []
        for claim in facts.claims:
            if claim.kind != "time" or claim.spot.file != name:
                continue
            line = facts.lines.of(claim).lstrip()
            time = parse_time(claim.value)
            if time is not None and line.startswith("#"):
                found.append((claim, time.time))
        return found

    def _misplaced(
        self, claim: Claim, time: datetime, entries: list[tuple[Claim, datetime]]
    ) -> str:
        """Say where an entry stands out of order, in a journal with the newest entry on top."""
        above = [t for other, t in entries if other.spot.line < claim.spot.line]
        if above and above[-1] < time - DAY:
            return f"; it stands below an entry of {above[-1]:%Y-%m-%d}"
        return ""

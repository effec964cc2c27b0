"""Times that the evidence recorded, and the offset of the clocks that wrote them.

Never a file's modification time: a copy changes it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from parityhub.audit.facts.logs import Text
from parityhub.hub.records import Place

WALL = re.compile(
    r"^(?:\[[\w .-]{1,40}\] )?[\[(]?(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)"
    r"(?:[.,]\d{1,9})?(?P<zone>Z|[+-]\d\d:?\d\d)?"
)
EPOCH = re.compile(r"^[IWEF]0000 00:00:(\d{10})\.\d{1,9} ")
CLAIMED = re.compile(
    r"(?P<y>20\d\d)-?(?P<mo>\d\d)-?(?P<d>\d\d)"
    r"(?:[T _]?(?P<h>\d\d):?(?P<mi>\d\d)(?::?(?P<s>\d\d))?(?:\.\d{1,9})?\s?"
    r"(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
NEAR = timedelta(seconds=90)
"""two lines of a log that stand beside each other were written within this"""


@dataclass(frozen=True)
class WallTime:
    """A time that a log prints, and its place."""

    time: datetime
    """as printed, without a zone, unless zoned"""
    zoned: bool
    place: Place


@dataclass(frozen=True)
class ClockFacts:
    """The first and last time of a log, and what the clock that wrote them was off UTC."""

    first: WallTime
    last: WallTime
    offset: timedelta | None
    """wall clock minus UTC; None: the log doesn't show it"""
    offset_place: Place | None


@dataclass(frozen=True)
class ClaimedTime:
    """A time as a report has it."""

    time: datetime
    """as written, zone left out"""
    utc: bool
    """marked as UTC"""
    offset: timedelta | None
    has_clock: bool
    """it has hours, not only a day"""


def read_clock(text: Text) -> ClockFacts | None:
    """Read the times of a log; None where it prints none."""
    walls: list[WallTime] = []
    offset: timedelta | None = None
    offset_place: Place | None = None
    for number, line in text.walk():
        if found := WALL.match(line):
            time = _make(found)
            if time is not None:
                place = Place(file=text.file, line=number)
                walls.append(WallTime(time, found["zone"] is not None, place))
        elif offset is None and walls and (epoch := EPOCH.match(line)) and not walls[-1].zoned:
            offset = _find_offset(walls[-1].time, int(epoch[1]))
            offset_place = Place(file=text.file, line=number) if offset is not None else None
    if not walls:
        return None
    return ClockFacts(walls[0], walls[-1], offset, offset_place)


def parse_time(text: str) -> ClaimedTime | None:
    """Read a time as a report has it: `2025-11-14T07:40Z`, `2025-11-14T0529Z`, `2025-11-14`."""
    found = CLAIMED.search(text)
    if found is None:
        return None
    try:
        time = datetime(
            int(found["y"]), int(found["mo"]), int(found["d"]),
            int(found["h"] or 0), int(found["mi"] or 0), int(found["s"] or 0),
        )  # fmt: skip
    except ValueError:
        return None
    zone = found["zone"]
    return ClaimedTime(
        time=time,
        utc=zone in {"Z", "UTC", "GMT"},
        offset=_read_offset(zone),
        has_clock=found["h"] is not None,
    )


def _find_offset(wall: datetime, epoch: int) -> timedelta | None:
    """Return wall clock minus UTC, if it is a whole number of quarters of an hour."""
    utc = datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)
    quarter = timedelta(minutes=15)
    offset = quarter * round((wall - utc) / quarter)
    if abs((wall - utc) - offset) <= NEAR and abs(offset) <= timedelta(hours=14):
        return offset
    return None


def _make(found: "re.Match[str]") -> datetime | None:
    try:
        return datetime(*(int(found[group]) for group in range(1, 7)))  # type: ignore[arg-type]
    except ValueError:
        return None


def _read_offset(zone: str | None) -> timedelta | None:
    if not zone:
        return None
    if zone in {"Z", "UTC", "GMT"}:
        return timedelta(0)
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))

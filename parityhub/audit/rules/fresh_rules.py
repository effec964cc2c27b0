"""Runs that are said to have been repeated, against the times that their logs print."""

import re
from collections.abc import Iterator
from datetime import timedelta

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.times import parse_time
from parityhub.audit.findings import Standing
from parityhub.audit.rules.field_rules import is_own
from parityhub.audit.rules.rule import ClaimRule, Said

AGAIN = re.compile(
    r"\b(?:re-?r[ua]n\w*|re-?train\w*|re-?execut\w*|re-?generat\w*|repeated|refreshed|redone|fresh(?:ly)?"
    r"|(?:ran|run|trained|done|executed) (?:once )?(?:again|anew)|new run)\b",
    re.IGNORECASE,
)
FARTHEST_ZONE = timedelta(hours=14)
"""a clock on the wall is at most so far off UTC"""


class Repeated(ClaimRule):
    """A run that is said to have been repeated on a day left a log of that day.

    A log whose last line was written before the day shows the run before, and nothing of the new
    one. Clocks without a zone may be off by hours, so a log of the evening before is a warning.
    """

    code, slug, severity = "PH701", "stale", "error"
    kinds = frozenset({"time"})
    requires = frozenset({"times"})
    example = "`rerun on 2025-11-18 (train.log)` where train.log ends on 2025-11-14"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        time = parse_time(claim.value)
        if time is None or claim.mood != "said" or facts.is_rendered(claim):
            return
        if not AGAIN.search(claim.sentence) or not is_own(claim, facts):
            return
        for path in facts.governing(claim)[:1]:
            clock = facts.contents.clock(path) if facts.is_log(path) else None
            if clock is None:
                return
            gap = time.time - clock.last.time
            if gap > timedelta(0) and (time.has_clock or time.time.date() > clock.last.time.date()):
                yield Said(
                    found=f"the last time that {path} prints is {clock.last.time:%Y-%m-%d %H:%M}",
                    hint="keep the log of the run that is spoken of, and cite that",
                    evidence=clock.last.place,
                    severity=None if gap > FARTHEST_ZONE else "warning",
                )

"""Citations whose line moved: which number to write where, and nothing else."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from parityhub.audit.claims import Spot
from parityhub.audit.extract.extract import LINE_END
from parityhub.audit.findings import AuditResult

CODE = "PH301"
NUMBER = re.compile(r"(?:^|[:L])(?P<number>\d{1,9})(?::\d{1,9})?$")
"""the line number that a citation ends with: `train.log:29`, `train.log#L29`, `29`, `a.py:29:5`"""


@dataclass(frozen=True, kw_only=True)
class Fix:
    """A line number to be written anew."""

    spot: Spot
    """of the whole citation"""
    old: int
    new: int
    evidence: str
    """the file that is cited, relative to the hub"""


@dataclass(frozen=True, kw_only=True)
class Left:
    """A citation that is wrong and is not mended, and why."""

    spot: Spot
    reason: str


@dataclass(frozen=True, kw_only=True)
class FixPlan:
    """What can be mended, and what a person has to look at."""

    fixes: tuple[Fix, ...]
    left: tuple[Left, ...]


class Mended(NamedTuple):
    """A text with its fixes, and how many of them found the old number at its place."""

    text: str
    applied: int


def plan_fixes(result: AuditResult) -> FixPlan:
    """Say which line numbers to change: those of citations that are refuted by another line.

    A citation is left alone where no line is known to show what it says, where it spans several
    lines (which of them moved can't be told), and where the report asks to ignore it. Reports that
    parityhub rendered are not mended: they are rendered again.
    """
    fixes: list[Fix] = []
    left: list[Left] = []
    for judged in result.claims:
        claim = judged.claim
        wrong = judged.state == "refuted" and CODE in judged.codes
        if not wrong or CODE in claim.ignored_codes or claim.first_line is None:
            continue
        line = judged.moved_to
        if line is None:
            left.append(Left(spot=claim.spot, reason="no line is known to show it"))
        elif claim.last_line not in (None, claim.first_line):
            left.append(Left(spot=claim.spot, reason="it spans several lines"))
        elif judged.evidence is not None:
            fix = Fix(
                spot=claim.spot, old=claim.first_line, new=line, evidence=judged.evidence.file
            )
            fixes.append(fix)
    return FixPlan(fixes=tuple(dict.fromkeys(fixes)), left=tuple(left))


def apply_fixes(text: str, fixes: Iterable[Fix]) -> Mended:
    """Write the line numbers anew; all else, line ends and a byte order mark included, stays.

    A fix is passed over where its old number does not stand at its place any more, so applying
    fixes twice is applying them once.

    Args:
        text: the report, decoded from its bytes without replacing any.
        fixes: of this report alone.
    """
    mark = text[: text.startswith("\ufeff")]
    body = text[len(mark) :]
    starts = [0, *(match.end() for match in LINE_END.finditer(body))]
    ends = [*(match.start() for match in LINE_END.finditer(body)), len(body)]
    by_line: dict[int, list[Fix]] = defaultdict(list)
    for fix in fixes:
        by_line[fix.spot.line].append(fix)
    pieces, at, applied = [mark], 0, 0
    for number in sorted(by_line):
        if not 1 <= number <= len(starts):
            continue
        start, end = starts[number - 1], ends[number - 1]
        line, done = _fix_line(body[start:end], by_line[number])
        pieces += [body[at:start], line]
        at, applied = end, applied + done
    return Mended("".join([*pieces, body[at:]]), applied)


def _fix_line(line: str, fixes: Sequence[Fix]) -> tuple[str, int]:
    """Change the numbers of one line from its end, so that the columns before stay true."""
    applied = 0
    for fix in sorted(fixes, key=lambda fix: fix.spot.column, reverse=True):
        start, end = fix.spot.column - 1, fix.spot.end_column - 1
        match = NUMBER.search(line[start:end])
        if match is None or int(match["number"]) != fix.old:
            continue
        first, last = (start + place for place in match.span("number"))
        line = f"{line[:first]}{fix.new}{line[last:]}"
        applied += 1
    return line, applied

"""What logs of test programs other than pytest say: unittest, TAP, cargo, ctest, plain counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parityhub.audit.facts.logs import Text

UNITTEST = re.compile(r"^Ran (?P<total>\d{1,9}) tests? in (?P<seconds>\d{1,9}(?:\.\d{1,6})?)s")
UNITTEST_END = re.compile(r"^(?:OK|FAILED)\b(?:[^(\n]{0,20}\((?P<counts>[^)\n]{1,200})\))?\s{0,4}$")
COUNT = re.compile(r"(?:failures|errors)=(\d{1,9})")
SUMMARIES = (
    re.compile(
        r"\b(?P<total>\d{1,9}) (?:tests?|checks?|cases?|assertions?)(?: run| in total)?[,:;]{1,2} "
        r"(?P<failed>\d{1,9}|no) (?:failed|failures?|failing|errors?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\btest result: (?:ok|FAILED)\. (?P<passed>\d{1,9}) passed; (?P<failed>\d{1,9}) failed"
    ),
    re.compile(r"\b(?P<failed>\d{1,9}) tests? failed out of (?P<total>\d{1,9})\b"),
    re.compile(
        r"\b(?:passed|passing)[:=] ?(?P<passed>\d{1,9})[,;]? {1,4}"
        r"(?:failed|failing|failures)[:=] ?(?P<failed>\d{1,9})\b",
        re.IGNORECASE,
    ),
)
CASE = re.compile(
    r"^(?:(?P<test>[\w./: -]{1,200}(?:\([\w.]{1,200}\))?)\s?\.\.\.\s?(?P<word>ok|PASS(?:ED)?"
    r"|FAIL(?:ED)?|ERROR)\b"
    r"|(?P<tap>(?:not )?ok) \d{1,9}\b(?P<about>[^\n]{0,200}))",
    re.IGNORECASE,
)
MOST_FROM_END = 400
"""lines from the end in which a summary may stand"""


@dataclass(frozen=True)
class Counts:
    """What the last summary of a log says."""

    passed: int
    failed: int
    seconds: float | None
    line: int


def read_counts(text: Text) -> Counts | None:
    """Read the last summary of a log; None where it has none of a form that is known."""
    for number in range(text.lines, max(0, text.lines - MOST_FROM_END), -1):
        line = text.line(number)[:1024]
        if ran := UNITTEST.match(line):
            return _read_unittest(text, number, ran)
        for form in SUMMARIES:
            if found := form.search(line):
                return _count(found.groupdict(), number)
    return None


def list_cases(text: Text) -> Iterator[tuple[str, str, int]]:
    """Yield each test with its outcome and line."""
    for number, line in text.walk():
        found = CASE.match(line[:1024])
        if found is None:
            continue
        if found["tap"]:
            outcome = "FAILED" if found["tap"].lower().startswith("not") else "PASSED"
            yield found["about"].strip(" -"), outcome, number
        else:
            word = found["word"].lower()
            yield found["test"].strip(), "PASSED" if word[0] in "op" else "FAILED", number


def _read_unittest(text: Text, number: int, ran: "re.Match[str]") -> Counts:
    failed = 0
    for below in range(number, min(text.lines, number + 6) + 1):
        if end := UNITTEST_END.match(text.line(below)[:512]):
            failed = sum(int(count) for count in COUNT.findall(end["counts"] or ""))
            failed = failed or int(text.line(below).startswith("FAILED"))
    total = int(ran["total"])
    return Counts(max(0, total - failed), failed, float(ran["seconds"]), number)


def _count(groups: dict[str, str | None], number: int) -> Counts:
    written = groups.get("failed") or "0"
    failed = 0 if written.lower() == "no" else int(written)
    passed = groups.get("passed")
    total = int(groups.get("total") or 0)
    return Counts(int(passed) if passed else max(0, total - failed), failed, None, number)

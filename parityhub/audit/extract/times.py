"""Times: stamps, dates and hours, with their zone and the label before them."""

import re

from parityhub.audit.extract.found import Found, Reading

ZONE = (
    r"(?P<zone>[ ]?(?:(?:Z|UTC|GMT|CET|CEST|EST|EDT|PST|PDT)(?:[+-]\d{1,2})?(?![\w:])"
    r"|(?:(?<=\d\d:\d\d:\d\d)|(?<=T\d{6})|(?<=\.\d\d\d)|(?<=\.\d{6}))[+-]\d{2}:?\d{2}(?![\w:])))?"
)
STAMP = re.compile(
    r"(?<![\w./-])(?P<date>\d{4}-\d{2}-\d{2}|(?:19|20)\d{6}(?=T))"
    r"(?:[T ](?P<clock>\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?|(?<=T)\d{4}(?:\d{2})?)"
    + ZONE
    + r"(?:[ ]?(?:-|–|to)[ ]?(?P<until>\d{2}:\d{2}(?::\d{2})?)(?!\d))?)?(?![\w])"
)
MAY_HOLD = re.compile(
    r"\d[:-]\d\d|(?:19|20)\d{6}T|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
NAMED = re.compile(
    rf"\b(?:(?:{MONTHS})[a-z]{{0,6}}\.? \d{{1,2}}(?:, ?\d{{4}})?"
    rf"|\d{{1,2}}\.? (?:{MONTHS})[a-z]{{0,6}}"
    r"(?:,? \d{4})?)(?![\w:])"
)
CLOCK = re.compile(
    r"(?<![\w:.,-])(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)" + ZONE + r"(?![\w:])"
)
LABEL = re.compile(r"([A-Za-z][\w /-]{0,40}?)[ ]?[:=][ ]{0,2}[`\"'(]?$")


def find_times(reading: Reading) -> None:
    """Keep the times of a passage: `value` as written with its zone, `unit` the zone alone."""
    if not MAY_HOLD.search(reading.left):
        return
    for pattern in (STAMP, NAMED, CLOCK):
        finds = []
        for match in pattern.finditer(reading.left):
            label = LABEL.search(reading.text, max(0, match.start() - 48), match.start())
            finds += _split_time(match, label[1].strip() if label else "")
        reading.keep(finds)


def _split_time(match: "re.Match[str]", name: str) -> list[Found]:
    """A time, and that to which it lasted where both are given."""
    groups = match.groupdict()
    start, end = match.span()
    finds = []
    if groups.get("until"):
        begin = match.start("until")
        finds.append(Found(kind="time", start=begin, end=end, name=name, value=groups["until"]))
        end = match.end("zone") if groups["zone"] else match.end("clock")
    value = match.string[start:end]
    zone = (groups.get("zone") or "").strip()
    return [Found(kind="time", start=start, end=end, name=name, value=value, unit=zone), *finds]

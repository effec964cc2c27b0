"""Places in the reports of a hub at which one thing can be made false, found in their bytes.

Nothing here knows how an audit reads a report: what it does not see shows as missed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Form = Literal[
    "number",
    "digest",
    "digest-half",
    "digest-whole",
    "commit",
    "line",
    "pointer",
    "path",
    "path-other",
    "status",
    "environment",
    "time",
    "quoted",
    "command",
    "byte",
]
"""What is made false; `digest-half` and `digest-whole` are made-up digests, with and without a true
first half; `path-other` is the path of another file that is there; `quoted` is anything in a quoted
output, `command` in a quoted command; `byte` is one of an evidence file."""

EXTENSIONS = rb"json|log|npy|npz|png|md|txt|toml|zip|h5|sha1|py|xml|csv"
FILE = rb"(?:[\w.-]+/)*[\w.-]*\w\.(?:" + EXTENSIONS + rb")"
FORMS: tuple[tuple[Form | Literal["skip"], bytes], ...] = (
    ("skip", rb"<[^<>\n]{1,200}>|\]\(#[^)\n]*\)"),
    ("time", rb"(?<![\w/.-])\d{4}-\d\d-\d\dT\d\d:?\d\d:?\d\dZ(?!\w)"),
    ("line", rb"(?:(?<=\.log:)|(?<=\.txt:)|(?<=\.json:)|(?<=#L))\d{1,9}(?!\d)"),
    ("pointer", rb"(?<=\.json#)/[^\]\n]*[^\]\s]"),
    ("path", rb"(?<![\w./-])" + FILE + rb"(?![\w/])"),
    ("commit", rb"(?<=Commit `)[0-9a-f]{7,40}(?=`)"),
    ("digest", rb"(?<![\w./-])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,64}(?![\w/-])"),
    ("environment", rb"(?<![\w-])`?[A-Z][A-Z0-9_]{3,}`?\s?=\s?`?(?P<value>[^\s`,;)]+)"),
    ("number", rb"(?<![\w.#/:@-])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w|\.\d|-\w)"),
    (
        "status",
        rb"(?<![\w/.-])(?:PASS|FAIL|INCONCLUSIVE|passed|failed|partial|done|blocked|deferred|"
        rb"one-sided|green|red|self-reported|launcher|byte-identical|equals|alive|within|outside"
        rb")(?![\w-]|\.\w)",
    ),
)
MASTER = re.compile(
    b"|".join(
        rb"(?P<f%d>%s)" % (at, pattern.replace(b"value", b"v%d" % at))
        for at, (_, pattern) in enumerate(FORMS)
    )
)
FENCE = re.compile(rb"^ {0,3}(?:```|~~~) *(?P<language>\w*)", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """Bytes `start` to `end` of a file of the hub, and what stands there."""

    file: str
    start: int
    end: int
    form: Form
    text: bytes
    line: int
    """from 1"""


def list_reports(hub: Path) -> list[str]:
    """Return the files of a hub that say something, relative to it.

    A brief says what is to be done and not what was, so that it asserts nothing.
    """
    found = [path for end in ("*.md", "*.txt") for path in hub.rglob(end) if path.is_file()]
    names = (path.relative_to(hub).as_posix() for path in found)
    return sorted(name for name in names if not Path(name).name.startswith("brief_"))


def list_evidence(hub: Path) -> list[str]:
    """Return the files of a hub that its reports speak of, relative to it."""
    reports = {*list_reports(hub), "manifest.json"}
    found = (path.relative_to(hub).as_posix() for path in hub.rglob("*") if path.is_file())
    return sorted(name for name in found if name not in reports)


def scan_hub(hub: Path) -> list[Place]:
    """Return all places of a hub: those in its reports, and one for each evidence file."""
    places = [
        place for name in list_reports(hub) for place in scan_bytes((hub / name).read_bytes(), name)
    ]
    for name in list_evidence(hub):
        size = (hub / name).stat().st_size
        places.append(Place(name, 0, size, "byte", b"", 0))
    return places


def scan_bytes(data: bytes, file: str) -> Iterator[Place]:
    """Yield the places of one report, in their order."""
    fences = list(list_fences(data)) if file.endswith(".md") else []
    for found in MASTER.finditer(data):
        at = int((found.lastgroup or "f0")[1:])
        form = FORMS[at][0]
        if form == "skip":
            continue
        group = f"v{at}" if form == "environment" else f"f{at}"
        start, end = found.span(group)
        line = data.count(b"\n", 0, start) + 1
        place = Place(file, start, end, form, data[start:end], line)
        inside = next((language for a, b, language in fences if a <= start < b), None)
        if inside is None:
            yield place
        else:
            yield replace(place, form="command" if inside == b"sh" else "quoted")


def list_fences(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield where each fenced block of Markdown begins and ends, and its language."""
    marks = list(FENCE.finditer(data))
    for first, last in zip(marks[::2], marks[1::2], strict=False):
        yield first.end(), last.start(), first["language"]

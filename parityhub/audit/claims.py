"""What a report asserts: claims, each with the place where it stands and what it is about."""

from dataclasses import dataclass, field
from typing import Literal

ClaimKind = Literal[
    "digest", "path", "commit", "citation", "number", "derived", "environment", "status", "time"
]
Mood = Literal["said", "denied", "planned", "earlier", "quoted"]
"""How a claim is meant: asserted; said not to be so (`NOT GENERATED`, `no longer 1.0`); yet to be
done; said of a run before this one; or shown inside a quoted command or output."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where the value of a claim stands: the digits, the path, the status word."""

    file: str
    """as it was given, relative to the declared root"""
    line: int
    """from 1"""
    column: int
    """from 1, in characters"""
    end_column: int
    """first column after it, on the same line"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What a sentence or cell is about, by the headings, lists and words around it.

    Each is empty where nothing says it.
    """

    phase: str = ""
    side: str = ""
    """baseline or framework: `torch`, `tensorflow`; `baseline`, `candidate` in a comparison"""
    artifact: str = ""
    """the path nearest to it that governs it: same line, list item, heading"""
    section: str = ""
    """statistics section or quantity's owner: `patch_amplitude`, `canvas`"""
    headings: tuple[str, ...] = ()
    stage: str = ""
    """`train`, `inference` or `gate`"""
    artifacts: tuple[str, ...] = ()
    """all paths that may govern it, nearest first; `artifact` is the first of them, or empty where
    none stands near enough to be meant"""
    when: str = ""
    """the time in the nearest heading that bears one, as written: what the text speaks of then"""
    under: tuple[str, ...] = ()
    """the beginnings of the items or labels that it stands under, outermost first"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One assertion. Fields beyond the first four belong to some kinds only."""

    kind: ClaimKind
    spot: Spot
    text: str
    """the words of it, as they stand, without markup"""
    subject: Subject
    name: str = ""
    """of a number, variable, status word (what has it) or digest algorithm; label of a time"""
    value: str = ""
    """as written: `8.97e9`, `9.882118`, a digest's characters, a status word, a variable's value"""
    unit: str = ""
    """of a number; of a derived number what it is (`ratio`, `fold`, `%`, `+`); zone of a time"""
    path: str = ""
    """of a path, citation or digest: one alternative of a brace list; `$HUB`, globs, placeholders
    as written. Of a number: the source that stands right behind it, with line or pointer; of a
    size or count, the path it is said of"""
    first_line: int | None = None
    last_line: int | None = None
    pointer: str | None = None
    shows: str = ""
    """what a citation is said to show"""
    operands: tuple[str, ...] = field(default=())
    """numbers in reach that a derived number may come of, as written, nearest last"""
    ignored: str = ""
    """reason given by a `parityhub: ignore[...]` above it"""
    ignored_codes: tuple[str, ...] = ()
    mood: Mood = "said"
    target: str = ""
    """of a path or citation that is the text of a link: where the link leads"""
    row: str = ""
    column: str = ""
    """of a table cell: its row's label and its column's header"""
    sentence: str = ""
    """the sentence, item or cell it stands in"""
    label: str = ""
    """the label the sentence, item or line stands under: `Status`, `Patch stats logged`"""

"""What a report asserts: claims, each with the place where it stands and what it is about."""

from dataclasses import dataclass, field
from typing import Literal

ClaimKind = Literal[
    "digest", "path", "commit", "citation", "number", "derived", "environment", "status", "time"
]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a claim stands."""

    file: str
    """as it was given, relative to the declared root"""
    line: int
    """from 1"""
    column: int
    """from 1, in characters"""
    end_column: int


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a sentence or cell is about, by the headings, lists and words around it.

    Each is empty where nothing says it.
    """

    phase: str = ""
    side: str = ""
    """baseline or framework: `torch`, `tensorflow`"""
    artifact: str = ""
    """the path nearest to it that governs it: same line, list item, heading"""
    section: str = ""
    """statistics section or quantity's owner: `patch_amplitude`, `canvas`"""
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One assertion. Fields beyond the first four belong to some kinds only."""

    kind: ClaimKind
    spot: Spot
    text: str
    """the words of it, as they stand"""
    subject: Subject
    name: str = ""
    """of a number, variable, status word or digest algorithm"""
    value: str = ""
    """as written: `8.97e9`, `9.882118`, a digest's characters, a status word, a variable's value"""
    unit: str = ""
    path: str = ""
    """of a path, citation or digest: as written, braces and `$HUB` not yet expanded"""
    first_line: int | None = None
    last_line: int | None = None
    pointer: str | None = None
    shows: str = ""
    """what a citation is said to show"""
    operands: tuple[str, ...] = field(default=())
    """numbers in reach that a derived number may come of, as written"""
    ignored: str = ""
    """reason given by a `parityhub: ignore[...]` above it"""
    ignored_codes: tuple[str, ...] = ()

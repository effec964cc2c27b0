"""What is kept of an import: what was taken over, from where, and what it was taken for.

Nothing that was imported was made by a run of parityhub: it has no attempt, and no verdict.
"""

from typing import Literal

from parityhub.hub.records import Record

FileKind = Literal[
    "log", "report", "environment", "data", "arrays", "weights", "picture", "digest", "other"
]


class ImportedFile(Record, frozen=True, kw_only=True):
    """A file that was taken over. Its digests stand in the manifest."""

    path: str
    """in the hub"""
    source: str
    """in the folder that it came from"""
    kind: FileKind
    """what it was taken for, by its name and first lines"""
    phase: str | None
    """the phase that its name or its folder's name speaks of"""


class ImportedPhase(Record, frozen=True, kw_only=True):
    """A phase as it was guessed from names."""

    id: str
    folders: tuple[str, ...]
    """folders of that name, in the folder that was imported; empty: file names alone speak of it"""
    files: int
    """how many files were taken for its own"""


class LeftOut(Record, frozen=True, kw_only=True):
    """Something that was not taken over."""

    path: str
    """in the folder, as ASCII where it is not printable"""
    reason: str


class ImportRecord(Record, frozen=True, kw_only=True):
    """An import."""

    source: Literal["folder", "polygraphy"]
    name: str
    """of the folder or file; where it lay on its machine is not kept"""
    time: str
    files: tuple[ImportedFile, ...]
    phases: tuple[ImportedPhase, ...]
    left_out: tuple[LeftOut, ...] = ()
    comparisons: tuple[str, ...] = ()
    """paths of what was compared as it was imported"""
    notes: tuple[str, ...] = ()
    """what the file does not tell"""

    def find_phase(self, phase: str) -> ImportedPhase | None:
        """Return a phase by its id, if anything was imported of it."""
        return next((found for found in self.phases if found.id == phase), None)

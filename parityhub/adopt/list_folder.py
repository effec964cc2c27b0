"""What lies in a folder that is to be imported: its plain files; what else there is, is named."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parityhub.audit.facts.outputs import read_head
from parityhub.hub import layout
from parityhub.hub.import_records import LeftOut

NO_EVIDENCE = frozenset({".git", ".hg", ".svn", "__pycache__"})
"""folders that tools keep for themselves"""


@dataclass(frozen=True)
class FoundFile:
    """A plain file, by its path in the folder, with forward slashes."""

    path: str
    size: int
    head: str
    """its first lines where it is a text by its name; else empty"""


@dataclass
class Listing:
    """A folder as it was found."""

    files: list[FoundFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def list_folder(root: Path) -> Listing:
    """List a folder. Only names and first lines are read; no link is followed, nothing is written.

    Args:
        root: the folder, with its own links resolved.
    """
    listing = Listing()
    for entry, path in walk_entries(root, listing):
        try:
            status = entry.stat(follow_symlinks=False)
            reason = find_hindrance(entry, path, status.st_mode)
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
        if reason:
            listing.left_out.append(LeftOut(path=tell_path(path), reason=reason))
        else:
            head = read_head(root / path) if path.endswith(".txt") else ""
            listing.files.append(FoundFile(path, status.st_size, head))
    listing.files.sort(key=lambda file: file.path)
    listing.left_out.sort(key=lambda left: left.path)
    return listing


def walk_entries(root: Path, listing: Listing) -> "Iterator[tuple[os.DirEntry[str], str]]":
    """Yield each entry below a folder that is no folder itself, with its path."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = list(os.scandir(root / folder))
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            listing.left_out.append(LeftOut(path=tell_path(folder or "."), reason=reason))
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield entry, path
            elif entry.name in NO_EVIDENCE:
                reason = "a folder that a tool keeps for itself"
                listing.left_out.append(LeftOut(path=tell_path(path), reason=reason))
            else:
                waiting.append(path)


def find_hindrance(entry: "os.DirEntry[str]", path: str, mode: int) -> str:
    """Say why an entry cannot be taken over; empty where it can."""
    if stat.S_ISLNK(mode):
        return "a link, which is not followed"
    if not stat.S_ISREG(mode):
        return "no plain file"
    if not path.isprintable():
        return "its name is not printable"
    if entry.name.startswith(layout.TEMPORARY):
        return "a file that was never whole"
    if not os.access(entry.path, os.R_OK):
        return "cannot be read: Permission denied"
    return ""


def tell_path(path: str) -> str:
    """Return a path as it can be shown and kept: as ASCII where it is not printable."""
    return path if path.isprintable() else ascii(path)

"""The files of a hub, with or without a manifest."""

import os
import re
import stat
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from posixpath import dirname

from parityhub.audit.facts.outputs import Output, classify_head, read_head

MANIFEST = "manifest.json"
EVIDENCE_TEXT = re.compile(r"(^|/)env_capture[^/]*\.txt$")
REPORT_NAME = re.compile(r"\.(md|markdown|txt|rst)$", re.IGNORECASE)
INTENT = re.compile(r"(^|/)(plan/[^/]+|brief_[^/]+\.md)$")
"""files that say what is to be done, not what was"""


@dataclass(frozen=True, slots=True)
class FileStat:
    """What tells one state of a file from the next."""

    size: int
    mtime_ns: int
    inode: int


@dataclass
class FileTable:
    """Each plain file of a hub by its path relative to it; links are listed, not followed."""

    files: dict[str, FileStat] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    by_name: dict[str, list[str]] = field(default_factory=dict)
    extensions: set[str] = field(default_factory=set)
    root: Path | None = None
    """where the hub lies"""

    def has(self, path: str) -> bool:
        """Tell whether a file or folder is there."""
        return path in self.files or path in self.folders

    def named(self, name: str) -> list[str]:
        """Return the files of a name, wherever they lie."""
        return self.by_name.get(name, [])

    def below(self, folder: str) -> list[str]:
        """Return the files below a folder, sorted."""
        start = f"{folder}/" if folder else ""
        return sorted(path for path in self.files if path.startswith(start))

    def list_reports(self) -> list[str]:
        """Return the files that make claims: prose, inventories, blockers; no plan, no log."""
        return sorted(path for path in self.files if self.is_report(path))

    def is_report(self, path: str) -> bool:
        """Tell whether a file makes claims, by its name and that no program wrote it."""
        return is_report(path) and path not in self.outputs

    @cached_property
    def outputs(self) -> dict[str, Output]:
        """The texts that programs wrote, by their first lines."""
        found: dict[str, Output] = {}
        if self.root is None:
            return found
        for path in self.files:
            if path.endswith(".txt") and (kind := classify_head(read_head(self.root / path))):
                found[path] = kind
        return found


def is_report(path: str) -> bool:
    """Tell by its name whether a file makes claims."""
    if INTENT.search(path) or EVIDENCE_TEXT.search(path):
        return False
    return REPORT_NAME.search(path) is not None


def list_files(hub: Path) -> FileTable:
    """List a hub."""
    table = FileTable(root=hub)
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(hub / folder))
        except OSError:
            continue
        start = f"{folder}/" if folder else ""
        for entry in entries:
            _add(table, start + entry.name, entry, pending)
    for names in table.by_name.values():
        names.sort()
    return table


def _add(table: FileTable, path: str, entry: "os.DirEntry[str]", pending: list[str]) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return
    if stat.S_ISREG(status.st_mode):
        table.files[path] = FileStat(status.st_size, status.st_mtime_ns, status.st_ino)
        table.by_name.setdefault(entry.name, []).append(path)
        table.extensions.add(entry.name.rpartition(".")[2].lower() if "." in entry.name else "")
    elif stat.S_ISDIR(status.st_mode):
        table.folders.add(path)
        pending.append(path)
    elif stat.S_ISLNK(status.st_mode):
        table.links.append(path)


@lru_cache(maxsize=1 << 16)
def phase_folder(path: str) -> str:
    """Return the phase's folder that a file of the hub lies in: what holds cli/, red/, ...

    Empty for the hub's own.
    """
    parts = path.split("/")[:-1]
    for at, part in enumerate(parts):
        if part in {"cli", "green", "red", "analysis"}:
            return "/".join(parts[:at])
    return dirname(path)

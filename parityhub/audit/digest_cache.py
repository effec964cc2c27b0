"""Digests of files that did not change since they were last read.

An entry holds for a file of the same size, modification time and inode. A file that was modified
while or shortly before it was digested is not kept: the next change could carry the same time.
The cache ends with its own sha256; one that does not fit is thrown away whole.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import time_ns

import msgspec

from parityhub.audit.facts.files import FileStat
from parityhub.hub.digests import digest_file
from parityhub.hub.records import Digest

RACY_NS = 2_000_000_000
VERSION = 1


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A digest and the state of the file that it was taken of."""

    size: int
    mtime_ns: int
    inode: int
    sha1: str
    sha256: str


class Content(msgspec.Struct, frozen=True):
    """All of a cache."""

    version: int
    hub: str
    entries: dict[str, Entry]


@dataclass
class DigestCache:
    """Digests by path in a hub.

    Args:
        hub: the hub's folder.
        file: where the cache is kept between audits; None: it is not kept.
        paranoid: digest every file again.
    """

    hub: Path
    file: Path | None = None
    paranoid: bool = False

    def __post_init__(self) -> None:
        self._kept = {} if self.paranoid or self.file is None else load_cache(self.file, self.hub)
        self._fresh: dict[str, Entry] = {}
        self.hashed = 0
        """files that were read"""

    def digest(self, path: str, status: FileStat) -> Digest:
        """Return the digests of a file, read only where it changed.

        Raises:
            OSError: it cannot be read.
        """
        entry = self._fresh.get(path) or self._kept.get(path)
        if entry is None or not _fits(entry, status):
            digest = digest_file(self.hub / path, path)
            self.hashed += 1
            entry = Entry(status.size, status.mtime_ns, status.inode, digest.sha1, digest.sha256)
        self._fresh[path] = entry
        return Digest(path=path, size=entry.size, sha1=entry.sha1, sha256=entry.sha256)

    def digest_all(self, files: Mapping[str, FileStat]) -> dict[str, Digest]:
        """Return the digests of many files; those that can't be read are left out."""
        stale = [path for path, status in files.items() if not self._holds(path, status)]
        workers = min(8, os.cpu_count() or 1)
        if len(stale) > workers:
            with ThreadPoolExecutor(workers) as pool:
                pool.map(lambda part: self._digest_part(part, files), _deal(stale, workers * 8))
        return dict(self._collect(files))

    def save(self) -> None:
        """Write the cache, whole or not at all. A folder that can't be written is no error."""
        if self.file is None or self._fresh == self._kept:
            return
        newest = time_ns() - RACY_NS
        entries = {path: e for path, e in self._fresh.items() if e.mtime_ns < newest}
        body = msgspec.json.encode(Content(VERSION, str(self.hub.resolve()), entries))
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.file.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(body + b"\n" + hashlib.sha256(body).hexdigest().encode())
            Path(name).replace(self.file)
        except OSError:
            return

    def _holds(self, path: str, status: FileStat) -> bool:
        entry = self._fresh.get(path) or self._kept.get(path)
        return entry is not None and _fits(entry, status)

    def _digest_part(self, part: list[str], files: Mapping[str, FileStat]) -> None:
        for path in part:
            try:
                self.digest(path, files[path])
            except OSError:
                continue

    def _collect(self, files: Mapping[str, FileStat]) -> Iterable[tuple[str, Digest]]:
        for path, status in files.items():
            try:
                yield path, self.digest(path, status)
            except OSError:
                continue


def load_cache(file: Path, hub: Path) -> dict[str, Entry]:
    """Read a cache; one that is missing, damaged or of another hub is empty."""
    try:
        body, _, told = file.read_bytes().rpartition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != told:
            return {}
        content = msgspec.json.decode(body, type=Content)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}
    if content.version != VERSION or content.hub != str(hub.resolve()):
        return {}
    return content.entries


def _fits(entry: Entry, status: FileStat) -> bool:
    return (entry.size, entry.mtime_ns, entry.inode) == (
        status.size,
        status.mtime_ns,
        status.inode,
    )


def _deal(items: list[str], hands: int) -> list[list[str]]:
    size = max(1, -(-len(items) // hands))
    return [items[at : at + size] for at in range(0, len(items), size)]

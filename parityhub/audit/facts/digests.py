"""Digests that the evidence records, and those of the files themselves."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import basename
from typing import Any

from parityhub.audit.digest_cache import DigestCache
from parityhub.audit.facts.files import FileTable
from parityhub.audit.facts.logs import Text, Texts
from parityhub.audit.facts.numbers import decode_json, escape
from parityhub.hub.records import Digest, Place

HEX = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9A-Za-z])", re.IGNORECASE
)
PATH_AFTER = re.compile(r"^\s{1,8}\*?(?P<path>[^\s()]{1,1024})")
ALGORITHM = {32: "md5", 40: "sha1", 64: "sha256"}
INDEXED = 4
"""characters by which digests are found"""
RECORD_NAME = re.compile(r"(\.(sha1|sha256|md5)$|digest|checksum|sha1sum|sha256sum)", re.IGNORECASE)
KEYS = {"sha1", "sha256", "md5", "digest"}


@dataclass(frozen=True)
class DigestFact:
    """A digest that a file of the hub holds."""

    algorithm: str
    hex: str
    path: str
    """of the file that it is said to be of; empty where nothing says it"""
    place: Place
    size: int | None = None
    """bytes of that file, where they are recorded beside it"""


@dataclass
class DigestFacts:
    """What is known of digests."""

    table: FileTable
    texts: Texts
    cache: DigestCache
    records: list[DigestFact] = field(default_factory=list)
    _md5: dict[str, str] = field(default_factory=dict)
    _all: dict[str, Digest] | None = None

    def of_file(self, path: str, algorithm: str) -> str | None:
        """Return a digest of a file of the hub, computed; None where it can't be read."""
        status = self.table.files.get(path)
        if status is None:
            return None
        try:
            if algorithm == "md5":
                return self._digest_md5(path)
            digest = self.cache.digest(path, status)
        except OSError:
            return None
        return digest.sha256 if algorithm == "sha256" else digest.sha1

    def all_files(self) -> dict[str, Digest]:
        """Return the digests of all files of the hub."""
        if self._all is None:
            self._all = self.cache.digest_all(self.table.files)
        return self._all

    def starting(self, start: str, algorithms: Iterable[str], but: str = "") -> list[DigestFact]:
        """Return the recorded digests that start with some characters.

        Args:
            start: lower case.
            algorithms: which kinds.
            but: file whose records do not count: a claim doesn't bear itself out.
        """
        wanted = set(algorithms)
        near = self._by_start.get(start[:INDEXED], ()) if len(start) >= INDEXED else self.records
        return [
            fact
            for fact in near
            if fact.algorithm in wanted and fact.hex.startswith(start) and fact.place.file != but
        ]

    def files_starting(self, start: str, algorithms: Iterable[str]) -> list[str]:
        """Return the files whose own digest starts with some characters; four at least."""
        wanted = set(algorithms)
        return [
            path
            for algorithm, digest, path in self._files_by_start.get(start[:INDEXED], ())
            if algorithm in wanted and digest.startswith(start)
        ]

    def recorded_for(self, path: str, algorithm: str, but: str = "") -> list[DigestFact]:
        """Return the recorded digests of a file by its path as written, or its name."""
        name = basename(path)
        return [
            fact
            for fact in self._by_name.get(name, ())
            if fact.algorithm == algorithm
            and (fact.path.endswith(path) or path.endswith(f"/{fact.path}") or name == path)
            and fact.place.file != but
        ]

    @cached_property
    def _by_start(self) -> dict[str, list[DigestFact]]:
        found: dict[str, list[DigestFact]] = {}
        for fact in self.records:
            found.setdefault(fact.hex[:INDEXED], []).append(fact)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[DigestFact]]:
        found: dict[str, list[DigestFact]] = {}
        for fact in self.records:
            found.setdefault(basename(fact.path), []).append(fact)
        return found

    @cached_property
    def _files_by_start(self) -> dict[str, list[tuple[str, str, str]]]:
        found: dict[str, list[tuple[str, str, str]]] = {}
        for path, digest in self.all_files().items():
            for kind, value in (("sha1", digest.sha1), ("sha256", digest.sha256)):
                found.setdefault(value[:INDEXED], []).append((kind, value, path))
        return found

    def _digest_md5(self, path: str) -> str:
        if path not in self._md5:
            with (self.texts.roots.hub / path).open("rb") as stream:
                digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
            self._md5[path] = digest.hexdigest()
        return self._md5[path]


def holds_digests(path: str) -> bool:
    """Tell by its name whether a file records digests of others."""
    return RECORD_NAME.search(basename(path)) is not None and not path.endswith((".png", ".npy"))


def list_text_digests(text: Text) -> list[DigestFact]:
    """List the digests in a text: `HEX  PATH` as sha1sum has it, and bare ones."""
    facts = []
    for number, line in text.walk():
        for found in HEX.finditer(line[:8192]):
            after = PATH_AFTER.match(line[found.end() : found.end() + 2048])
            path = after["path"] if after else ""
            place = Place(file=text.file, line=number)
            algorithm = ALGORITHM[len(found.group())]
            facts.append(DigestFact(algorithm, found.group().lower(), path, place))
    return facts


def list_json_digests(text: Text) -> list[DigestFact]:
    """List the digests in a JSON document: fields called sha1, sha256, md5 or digest."""
    facts: list[DigestFact] = []
    pending: list[tuple[str, Any, str]] = [("", decode_json(text), "")]
    while pending:
        pointer, node, path = pending.pop()
        if isinstance(node, dict):
            own = node.get("path")
            path = own if isinstance(own, str) else path
            size = node.get("size") if isinstance(node.get("size"), int) else None
            for key, child in node.items():
                below = f"{pointer}/{escape(str(key))}"
                if isinstance(child, str) and HEX.fullmatch(child):
                    place = Place(file=text.file, pointer=below)
                    named = key if str(key).lower() not in KEYS and "/" in str(key) else path
                    facts.append(
                        DigestFact(ALGORITHM[len(child)], child.lower(), named, place, size)
                    )
                elif isinstance(child, dict | list):
                    pending.append((below, child, path))
        elif isinstance(node, list):
            pending += [
                (f"{pointer}/{at}", child, path)
                for at, child in enumerate(node)
                if isinstance(child, dict | list) and pointer.count("/") < 64
            ]
    return facts

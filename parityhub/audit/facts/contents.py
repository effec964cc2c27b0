"""What single files of a hub hold: each is read when it is first asked for, and once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from parityhub.audit.facts.arrays import list_array_numbers
from parityhub.audit.facts.files import FileTable
from parityhub.audit.facts.gates import Gate, read_gate, read_other_gate
from parityhub.audit.facts.logs import Texts
from parityhub.audit.facts.numbers import (
    NumberFact,
    decode_json,
    list_json_numbers,
    list_lengths,
    list_text_numbers,
    resolve_pointer,
)
from parityhub.audit.facts.owners import list_owners
from parityhub.audit.facts.tables import list_table_numbers
from parityhub.audit.facts.times import ClockFacts, read_clock
from parityhub.errors import Error
from parityhub.hub.bundles import digest_members
from parityhub.hub.records import Digest


@dataclass
class Contents:
    """The files of a hub by what they hold."""

    table: FileTable
    texts: Texts
    _numbers: dict[str, list[NumberFact]] = field(default_factory=dict)
    _named: dict[str, dict[str, list[NumberFact]]] = field(default_factory=dict)
    _owners: dict[str, frozenset[str]] = field(default_factory=dict)
    _documents: dict[str, Any] = field(default_factory=dict)
    _gates: dict[str, Gate | None] = field(default_factory=dict)
    _clocks: dict[str, ClockFacts | None] = field(default_factory=dict)
    _members: dict[str, dict[str, Digest]] = field(default_factory=dict)

    def numbers(self, path: str) -> list[NumberFact]:
        """Return the named numbers of a file of the hub."""
        if path not in self._numbers:
            self._numbers[path] = self._read_numbers(path)
        return self._numbers[path]

    def named(self, path: str, names: Iterable[str]) -> Iterator[NumberFact]:
        """Yield the numbers of a file that bear one of the names, a name after the other."""
        if path not in self._named:
            named = self._named.setdefault(path, {})
            for fact in self.numbers(path):
                named.setdefault(fact.name, []).append(fact)
        for name in sorted(names):
            yield from self._named[path].get(name, ())

    def owners(self, path: str) -> frozenset[str]:
        """Return the names of the objects of a JSON document that hold numbers."""
        if path not in self._owners:
            of = self.numbers(path) if path.endswith((".json", ".csv", ".tsv")) else []
            self._owners[path] = list_owners(of)
        return self._owners[path]

    def document(self, path: str) -> Any:
        """Return a JSON document of the hub; None where it is none."""
        if path not in self._documents:
            text = self.texts.read(path)
            self._documents[path] = None if text is None else decode_json(text)
        return self._documents[path]

    def pointer(self, file: str, pointer: str) -> tuple[bool, Any]:
        """Follow a JSON pointer into a file of the hub."""
        return resolve_pointer(self.document(file), pointer)

    def lengths(self, path: str) -> list[tuple[str, int]]:
        """Return the lists of a JSON document: pointer and length."""
        return list_lengths(path, self.document(path)) if path.endswith(".json") else []

    def gate(self, path: str) -> Gate | None:
        """Return the outcome of a test log; None where a file is none."""
        if path not in self._gates:
            ok = path in self.table.files and path.endswith((".log", ".txt", ".out"))
            text = self.texts.read(path) if ok else None
            gate = None if text is None else read_gate(text)
            if gate is None and text is not None and not self.table.is_report(path):
                gate = read_other_gate(text)
            self._gates[path] = gate
        return self._gates[path]

    def clock(self, path: str) -> ClockFacts | None:
        """Return the times of a log."""
        if path not in self._clocks:
            text = self.texts.read(path)
            self._clocks[path] = None if text is None else read_clock(text)
        return self._clocks[path]

    def member(self, path: str, name: str) -> Digest | None:
        """Return the digest of a member of a zip of the hub; None where it has no such member."""
        if path not in self._members:
            file = self.texts.roots.hub / path
            try:
                found = digest_members(file) if self.texts.roots.admits(file) else ()
            except (Error, OSError):
                found = ()
            self._members[path] = {digest.path: digest for digest in found}
        return self._members[path].get(name)

    def _read_numbers(self, path: str) -> list[NumberFact]:
        if path.endswith((".npy", ".npz")):
            return list_array_numbers(self.texts.roots, path)
        text = self.texts.read(path)
        if text is None:
            return []
        if path.endswith(".json"):
            return list_json_numbers(path, self.document(path))
        if path.endswith((".csv", ".tsv")) and (found := list_table_numbers(text)):
            return found
        return list_text_numbers(text)

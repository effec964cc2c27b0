"""What the records of a hub say that parityhub made."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from parityhub.audit.facts.contents import Contents
from parityhub.audit.facts.environment import is_capture
from parityhub.audit.facts.files import FileTable
from parityhub.audit.facts.sentences import Sentences
from parityhub.errors import Error
from parityhub.hub import layout
from parityhub.hub.history import History, read_history
from parityhub.hub.records import Manifest, ManifestItem, PhaseRecord, Place
from parityhub.hub.store import Hub, read_manifest

RECORDED_TIME = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"')
RECORDED_COMMIT = re.compile(rb'"git_commit": ?"([0-9a-f]{40,64})"')
PATH = re.compile(r"[\w./-]*\w")
WORD = re.compile(r"[\w.-]*\w")
VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
MOST_ITEMS = 4000
"""items of a manifest whose words are taken for sentences"""


@dataclass
class Records:
    """The manifest and the records; empty for a foreign hub."""

    table: FileTable
    contents: Contents

    @cached_property
    def manifest(self) -> Manifest | None:
        """The manifest, if the hub has a whole one."""
        if layout.MANIFEST not in self.table.files:
            return None
        try:
            return read_manifest(self.contents.texts.roots.hub)
        except Error:
            return None

    @cached_property
    def history(self) -> History | None:
        """The records of a hub that parityhub made; None where one is damaged."""
        if self.manifest is None:
            return None
        try:
            return read_history(
                Hub(self.contents.texts.roots.hub, self.manifest, lambda: datetime.now(UTC))
            )
        except (Error, OSError):
            return None

    @cached_property
    def paths(self) -> list[str]:
        """The records of a hub that parityhub made."""
        items = () if self.manifest is None else self.manifest.artifacts
        return [item.path for item in items if layout.split_record_path(item.path)]

    @cached_property
    def plans(self) -> list[str]:
        """The plans that a hub keeps."""
        return [p for p in self.table.files if re.fullmatch(r"plan/plan_[0-9a-f]{12}\.toml", p)]

    def name(self, path: str) -> bool:
        """Say whether a record has a path; of a zip's member, `FILE!MEMBER`, both parts of it.

        A bundle that is not kept has its members in the record all the same.
        """
        archive, _, member = path.partition("!")
        if path in self.words or not member:
            return path in self.words
        return (archive in self.items or archive in self.words) and member in self.words

    @cached_property
    def words(self) -> set[str]:
        """Each string and key of the plans and records that is one word, and the words in them."""
        found: set[str] = set()
        documents = [self._read_toml(path) for path in self.plans]
        pending = [*documents, *(self.contents.document(path) for path in self.paths)]
        while pending:
            node = pending.pop()
            if isinstance(node, str):
                found.add(node)
                found.update(WORD.findall(node))
                found.update(PATH.findall(node))
            elif isinstance(node, dict):
                pending += [*node, *node.values()]
            elif isinstance(node, list):
                pending += node
        return found

    @cached_property
    def values(self) -> dict[str, set[str]]:
        """The strings that records hold under each key that is the name of a variable."""
        found: dict[str, set[str]] = {}
        for node in self._walk_records():
            for key, value in node.items():
                if VARIABLE.fullmatch(key) and isinstance(value, str):
                    found.setdefault(key, set()).add(value)
        return found

    @cached_property
    def places(self) -> dict[str, set[int]]:
        """The lines of each file that records say something was read from."""
        found: dict[str, set[int]] = {}
        for node in self._walk_records():
            file, line = node.get("file"), node.get("line")
            if isinstance(file, str) and isinstance(line, int):
                found.setdefault(file, set()).add(line)
        return found

    @cached_property
    def items(self) -> dict[str, ManifestItem]:
        """The items of the manifest by path."""
        return {item.path: item for item in self.manifest.artifacts} if self.manifest else {}

    def _walk_records(self) -> Iterator[dict[str, Any]]:
        pending = [self.contents.document(path) for path in self.paths]
        pending += [self.contents.document(path) for path in self.table.files if is_capture(path)]
        while pending:
            node = pending.pop()
            if isinstance(node, dict):
                yield node
                pending += node.values()
            elif isinstance(node, list):
                pending += node

    def plan_numbers(self, name: str) -> list[float]:
        """Return the numbers of a name that the plans give, wherever they give them."""
        found: list[float] = []
        pending = [self._read_toml(path) for path in self.plans]
        while pending:
            node = pending.pop()
            pending += node.values() if isinstance(node, dict) else []
            pending += node if isinstance(node, list) else []
            if isinstance(node, dict) and isinstance(node.get(name), float):
                found.append(node[name])
        return found

    def required(self, phase: PhaseRecord) -> list[str]:
        """Return the phases that a phase requires, by the plan that its run acted on."""
        plan = self._read_toml(phase.plan) if phase.plan in self.table.files else None
        listed = plan.get("phase", ()) if isinstance(plan, dict) else ()
        own = next((p for p in listed if isinstance(p, dict) and p.get("id") == phase.phase), {})
        return [str(name) for name in own.get("requires", ())]

    def _read_toml(self, path: str) -> Any:
        text = self.contents.texts.read(path)
        try:
            return tomllib.loads(text.data.decode()) if text else None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
            return None

    @cached_property
    def sentences(self) -> Sentences:
        """The sentences of the records."""
        sentences = Sentences()
        for path in self.paths:
            sentences.add(path, self.contents.document(path))
        for path in self.plans:
            sentences.add(path, self._read_toml(path))
        items = () if self.manifest is None else self.manifest.artifacts
        if len(items) <= MOST_ITEMS:
            shows = [{"shows": item.shows, "made_by": item.made_by} for item in items]
            sentences.add(layout.MANIFEST, {"artifacts": shows})
        return sentences

    @cached_property
    def times(self) -> dict[str, str]:
        """Each time that a record or the manifest holds, and the file."""
        found: dict[str, str] = {}
        for path in (*self.paths, *([layout.MANIFEST] if self.manifest else [])):
            text = self.contents.texts.read(path)
            for match in RECORDED_TIME.finditer(text.data if text else b""):
                found.setdefault(match.group(1).decode(), path)
        return found

    @cached_property
    def commits(self) -> dict[str, Place]:
        """Each commit that a record names, and where."""
        found: dict[str, Place] = {}
        for path in self.paths:
            text = self.contents.texts.read(path)
            for match in RECORDED_COMMIT.finditer(text.data if text else b""):
                found.setdefault(match.group(1).decode(), Place(file=path, pointer="/git_commit"))
        return found

    @cached_property
    def _phase_files(self) -> dict[tuple[str, int], str]:
        found = {}
        for path in self.paths:
            if layout.split_record_path(path) == "phase":
                document = self.contents.document(path)
                found[str(document.get("phase")), int(document.get("run", 0))] = path
        return found

    @cached_property
    def listed(self) -> set[str]:
        """The files that the manifest lists."""
        return set() if self.manifest is None else {item.path for item in self.manifest.artifacts}

    def newest_phases(self) -> list[PhaseRecord]:
        """Return the newest record of each phase."""
        if self.history is None:
            return []
        names = dict.fromkeys(phase.phase for phase in self.history.phases)
        found = (self.history.last_phase(name) for name in names)
        return [phase for phase in found if phase is not None]

    def phase_place(self, phase: PhaseRecord, pointer: str) -> Place:
        """Return the place of a field in the record of a phase."""
        return Place(
            file=self._phase_files.get((phase.phase, phase.run), ""), pointer=f"/{pointer}"
        )

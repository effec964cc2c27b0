"""All facts of a hub, each gathered when it is first asked for, and once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import dirname
from typing import Any

from parityhub.audit.claims import Claim
from parityhub.audit.digest_cache import DigestCache
from parityhub.audit.facts.changed import Changed, list_changed
from parityhub.audit.facts.contents import Contents
from parityhub.audit.facts.digests import (
    DigestFact,
    DigestFacts,
    holds_digests,
    list_json_digests,
    list_text_digests,
)
from parityhub.audit.facts.environment import Capture, is_capture, read_capture
from parityhub.audit.facts.files import FileTable, list_files, phase_folder
from parityhub.audit.facts.lines import Lines
from parityhub.audit.facts.logs import SCAN_LIMIT, Texts
from parityhub.audit.facts.numbers import (
    NumberFact,
)
from parityhub.audit.facts.paths import PathFacts, Resolution
from parityhub.audit.facts.quotes import Quote
from parityhub.audit.facts.records import Records
from parityhub.audit.facts.times import ClockFacts
from parityhub.audit.roots import Roots
from parityhub.hub import layout
from parityhub.hub.history import History
from parityhub.hub.records import Manifest, Place
from parityhub.run.git import ask_git

SEARCHED_FILES = 4000
SEARCHED_BYTES = 256 << 20
"""how much of a hub is searched for a name that no report ties to a file"""


@dataclass
class Facts:
    """What the evidence of a hub holds.

    Args:
        roots: where to read.
        cache: digests of files.
        reports: the lines of each report that is audited, by its name.
        claims: all claims of these reports.
    """

    roots: Roots
    cache: DigestCache
    reports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    outside: frozenset[str] = frozenset()
    """names of reports that do not lie in the hub"""
    previous: "Facts | None" = None
    """of the hub of the same plan before this one"""
    quotes: Mapping[str, tuple[Quote, ...]] = field(default_factory=dict)
    """what rendered reports quote of prose that people added; `reports` leaves out what is true"""
    _cited: dict[str, list[str]] = field(default_factory=dict)
    _commits: dict[str, str | None] = field(default_factory=dict)
    _section_files: dict[tuple[str, tuple[str, ...]], list[str]] = field(default_factory=dict)

    @cached_property
    def table(self) -> FileTable:
        """The files of the hub."""
        return list_files(self.roots.hub)

    @cached_property
    def texts(self) -> Texts:
        """The texts of the hub."""
        return Texts(self.roots)

    @cached_property
    def contents(self) -> Contents:
        """What the files hold."""
        return Contents(self.table, self.texts)

    @cached_property
    def records(self) -> Records:
        """The manifest and the records of a hub that parityhub made."""
        return Records(self.table, self.contents)

    @cached_property
    def lines(self) -> Lines:
        """The lines of the reports."""
        return Lines(self.reports, self.claims)

    @cached_property
    def changed(self) -> tuple[Changed, ...]:
        """The lines of rendered reports that differ in one token from a recorded sentence."""
        return tuple(list_changed(self.reports, self.rendered, self.records.sentences))

    @property
    def manifest(self) -> Manifest | None:
        """The manifest, if the hub has a whole one."""
        return self.records.manifest

    @property
    def history(self) -> History | None:
        """The records; None for a foreign hub, or where one is damaged."""
        return self.records.history

    @cached_property
    def paths(self) -> PathFacts:
        """What paths stand for; the names by which the reports call the hub are learnt."""
        paths = PathFacts(self.table, self.roots)
        paths.learn_prefixes(claim.path for claim in self.claims if claim.path)
        return paths

    @cached_property
    def digests(self) -> DigestFacts:
        """Recorded digests, and those of the files."""
        facts = DigestFacts(self.table, self.texts, self.cache)
        for path in self._list_digest_files():
            text = self.texts.read(path)
            if text is not None:
                reader = list_json_digests if path.endswith(".json") else list_text_digests
                facts.records += reader(text)
        if self.manifest is not None:
            for at, item in enumerate(self.manifest.artifacts):
                for kind in ("sha1", "sha256"):
                    place = Place(file=layout.MANIFEST, pointer=f"/artifacts/{at}/{kind}")
                    facts.records.append(DigestFact(kind, getattr(item, kind), item.path, place))
        return facts

    @cached_property
    def captures(self) -> dict[str, Capture]:
        """Environment captures by path."""
        found = {}
        for path in self.table.files:
            named = is_capture(path) or self.table.outputs.get(path) == "environment"
            if named and (text := self.texts.read(path)) is not None:
                found[path] = read_capture(text)
        return found

    @cached_property
    def offset_clock(self) -> ClockFacts | None:
        """A log that shows how far the clock of its machine was off UTC."""
        clocks = (self.contents.clock(path) for path in self.logs)
        return next((clock for clock in clocks if clock and clock.offset is not None), None)

    @cached_property
    def logs(self) -> list[str]:
        """The logs, sorted."""
        return sorted(path for path in self.table.files if self.is_log(path))

    @cached_property
    def phases(self) -> dict[str, str]:
        """Folder of each phase by its name in upper case: `phase_b3` is B3."""
        found: dict[str, str] = {}
        for folder in sorted(self.table.folders):
            name = folder.rsplit("/", 1)[-1].lower()
            if name.startswith("phase_"):
                found.setdefault(name.removeprefix("phase_").upper(), folder)
        return found

    @cached_property
    def by_name(self) -> dict[str, list[NumberFact]]:
        """Numbers of the evidence by name, in what of it is searched."""
        found: dict[str, list[NumberFact]] = {}
        for path in self.searched:
            for fact in self.contents.numbers(path):
                found.setdefault(fact.name, []).append(fact)
        return found

    @cached_property
    def searched(self) -> list[str]:
        """The files that are searched for a name: evidence that is text, within bounds."""
        chosen: list[str] = []
        size = 0
        for path in sorted(self.table.files):
            if not self.is_evidence(path) or self.table.files[path].size > SCAN_LIMIT:
                continue
            size += self.table.files[path].size
            if size > SEARCHED_BYTES or len(chosen) >= SEARCHED_FILES:
                break
            chosen.append(path)
        return chosen

    @cached_property
    def whole_search(self) -> bool:
        """Tell whether `searched` leaves out nothing for its bounds."""
        wanted = sum(self.is_evidence(path) for path in self.table.files)
        return wanted == len(self.searched)

    def is_evidence(self, path: str) -> bool:
        """Tell whether a file is evidence that holds numbers by name: no report, no digests."""
        if self.table.is_report(path) or path == layout.MANIFEST or path in self.reports:
            return False
        return self.is_log(path) or path.endswith((".json", ".npy", ".npz", ".csv", ".toml"))

    def is_log(self, path: str) -> bool:
        """Tell whether a file is what a program printed."""
        return path.endswith((".log", ".out", ".err")) or self.table.outputs.get(path) == "log"

    def commit(self, abbreviated: str) -> str | None:
        """Return the whole id of a commit of the declared repository; None if it has none."""
        if abbreviated not in self._commits:
            root = self.roots.repository
            asked = f"{abbreviated}^{{commit}}"
            self._commits[abbreviated] = (
                None if root is None else ask_git(root, "rev-parse", "--verify", "--quiet", asked)
            )
        return self._commits[abbreviated]

    def resolve(self, written: str, claim: Claim) -> Resolution:
        """Say what a path in a claim stands for."""
        folder = ""
        if "/" not in written.rstrip("/"):
            folder = next((path for path in claim.subject.artifacts if path.endswith("/")), "")
        return self.paths.resolve(written, self._place_report(claim.spot.file), folder)

    def pointed(self, claim: Claim, file: str) -> tuple[bool, Any, Place]:
        """Follow a claim's pointer into a file: whether it leads anywhere, what is there, where."""
        for pointer in dict.fromkeys((claim.pointer or "", self.lines.pointer(claim))):
            there, value = self.contents.pointer(file, pointer)
            if there:
                return True, value, Place(file=file, pointer=pointer)
        return False, None, Place(file=file)

    def governing(self, claim: Claim) -> list[str]:
        """Return the files of the hub that the claim's sentence, item or section speaks of."""
        found: dict[str, None] = {}
        for written in (claim.subject.artifact, *claim.subject.artifacts):
            if written:
                for file in self.resolve(written, claim).files:
                    for path in self._expand(file):
                        found[path] = None
        return list(found)

    def section_files(self, claim: Claim) -> list[str]:
        """Return the files that any path under the same headings stands for."""
        key = claim.spot.file, claim.subject.headings
        if key not in self._section_files:
            found: dict[str, None] = {}
            for other in self._by_section.get(key, ()):
                for file in self.resolve(other.path, other).files:
                    found.update(dict.fromkeys(self._expand(file)))
            self._section_files[key] = list(found)
        return self._section_files[key]

    def phase_of(self, claim: Claim) -> str:
        """Return the folder of the phase that a claim is about; empty where nothing says it."""
        named = self.phases.get(claim.subject.phase.upper(), "")
        own = phase_folder(self._place_report(claim.spot.file))
        return named or (own if own in self.phases.values() else "")

    def cited_logs(self, report: str) -> list[str]:
        """Return the logs that a report names."""
        if report not in self._cited:
            found: dict[str, None] = {}
            for claim in self.claims:
                written = claim.target or claim.path
                if claim.spot.file == report and written:
                    found.update(dict.fromkeys(self.resolve(written, claim).files))
            self._cited[report] = [path for path in found if self.is_log(path)]
        return self._cited[report]

    def is_rendered(self, claim: Claim) -> bool:
        """Tell whether a claim stands in a report that parityhub rendered."""
        return claim.spot.file in self.rendered

    @cached_property
    def rendered(self) -> set[str]:
        """The reports that parityhub rendered, edited or not; outside the hub, half the lines."""
        if self.history is None:
            return set()
        listed = (name for name in self.reports if name in self.records.listed)
        found = {
            name
            for name in listed
            if not layout.is_prose_path(name) and not layout.is_imported(name)
        }
        return {name for name in found if name not in self.outside or self._is_copy(name)}

    def written(self, report: str) -> str:
        """Return when prose that a hub keeps was added; empty for any other report."""
        return self._added.get(report, "")

    @cached_property
    def _added(self) -> dict[str, str]:
        history = History() if self.history is None else self.history
        turns = {turn.text.path: turn.time for turn in history.turns}
        return turns | {made.text.path: made.time for made in history.decisions}

    def _is_copy(self, name: str) -> bool:
        text = self.texts.read(name)
        own = {line for _, line in text.walk()} if text is not None else set()
        lines = [line for line in self.reports[name] if line.strip()]
        return 2 * sum(line in own for line in lines) >= len(lines)

    @cached_property
    def _by_section(self) -> dict[tuple[str, tuple[str, ...]], list[Claim]]:
        found: dict[tuple[str, tuple[str, ...]], list[Claim]] = {}
        for claim in self.claims:
            if claim.kind in {"path", "citation"} and claim.path:
                found.setdefault((claim.spot.file, claim.subject.headings), []).append(claim)
        return found

    def _place_report(self, file: str) -> str:
        """Return where a report lies in the hub; empty if it lies elsewhere."""
        return file if file in self.table.files else ""

    def _expand(self, path: str) -> Iterable[str]:
        """Return a file, or the files right in a folder."""
        if path in self.table.files:
            return (path,)
        return [file for file in self.table.below(path) if dirname(file) == path][:50]

    def _list_digest_files(self) -> list[str]:
        kept = set(self.records.paths)
        return sorted(
            path
            for path, status in self.table.files.items()
            if (holds_digests(path) or path in kept) and status.size <= SCAN_LIMIT
        )

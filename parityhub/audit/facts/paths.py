"""What a path in a report stands for: which files of the hub, or why none."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import translate
from pathlib import Path
from posixpath import basename, dirname, normpath
from typing import Literal

from parityhub.audit.facts.files import FileTable, phase_folder
from parityhub.audit.roots import Roots
from parityhub.hub import layout

PathState = Literal["found", "repository", "misplaced", "missing", "outside", "unknown"]
"""misplaced: not where the report says, but a file of that name lies elsewhere in the hub"""

HUB_VARIABLE = re.compile(r"^(?:\$\{?HUB\}?|[\[<{](?:hub|HUB|\$HUB)[\]>}]|HUB)/?")
VARIABLE = re.compile(r"^(?:\$\{?\w{1,60}\}?|[\[<]\w{1,60}[\]>])/")
PLACEHOLDER = re.compile(r"<[^<>/]{0,80}>|\$\{?\w{1,40}\}?|\{\w{0,40}\}")
GLOB = re.compile(r"[*?\[]")
LONGEST_PATTERN, MOST_STARS = 512, 8
PHASE_PARTS = ("cli", "green", "red", "analysis")


@dataclass(frozen=True)
class Resolution:
    """What a path came to."""

    state: PathState
    files: tuple[str, ...] = ()
    """files and folders of the hub"""
    elsewhere: tuple[str, ...] = ()
    """where a file of that name lies, of one misplaced"""
    in_hub: bool = False
    """the report places it in the hub"""
    looked: str = ""
    """where it should be, relative to the hub"""
    member: str = ""
    """of a zip, `FILE!MEMBER`"""

    @property
    def file(self) -> str:
        """The one file that is meant; empty where there is none or several."""
        return self.files[0] if len(self.files) == 1 else ""


UNKNOWN = Resolution("unknown")


@dataclass
class PathFacts:
    """Resolves the paths of reports. A path never leads out of the declared roots."""

    table: FileTable
    roots: Roots
    prefixes: tuple[str, ...] = ()
    """how the reports call the hub from outside"""
    _known: dict[tuple[str, str, str], Resolution] = field(default_factory=dict)

    def learn_prefixes(self, written: Iterable[str]) -> None:
        """Learn by which outer path the reports call the hub: one under which two files are there.

        A hub that was copied keeps reports that speak of where it used to lie.
        """
        votes: Counter[str] = Counter()
        for path in set(written):
            parts = path.strip("/").split("/")
            if self._has("/".join(parts)):
                continue
            for at in range(1, len(parts) - 1):
                if self._has("/".join(parts[at:])):
                    votes["/".join(parts[:at])] += 1
                    break
        self.prefixes = tuple(
            prefix
            for prefix, count in votes.items()
            if count >= 2 and "/" in prefix and prefix not in self.table.folders
        )

    def _has(self, path: str) -> bool:
        """Tell whether a path leads somewhere in the hub, or in what was imported into it."""
        return self.table.has(path) or self.table.has(layout.imported_path(path))

    def resolve(self, written: str, report: str, folder: str = "") -> Resolution:
        """Say what a path in a report stands for.

        Args:
            written: the path as it stands, one alternative of a brace list.
            report: the report, relative to the hub; empty if it lies elsewhere.
            folder: path as written of the folder that the sentence speaks of, if any.
        """
        key = (written, report, folder)
        if key not in self._known:
            self._known[key] = self._resolve(written.strip().rstrip(",;"), report, folder)
        return self._known[key]

    def _resolve(self, written: str, report: str, folder: str) -> Resolution:
        path, in_hub = self._strip_prefix(written.replace("\\", "/").partition("#")[0])
        # A report that was imported calls the folder the hub that it came from.
        home = layout.IMPORTED if layout.is_imported(report) else ""
        if not path or "\0" in path or len(path) > 4096:
            return Resolution("found", (home,), in_hub=True) if in_hub and not path else UNKNOWN
        if path.startswith(("/", "~")) or re.match(r"[A-Za-z]:/|\w+://", path):
            return Resolution("outside")
        if "!" in path and not path.startswith("!"):
            archive, _, member = path.partition("!")
            outer = self.resolve(archive, report, folder)
            return replace(outer, member=member) if outer.file else UNKNOWN
        if variable := VARIABLE.match(path):
            return self._by_suffix(path[variable.end() :])
        bases = [home] if in_hub else self._list_bases(report, folder)
        if path.startswith("../"):
            # Climbing is meant from where the report lies; from elsewhere it would find anything.
            bases = [dirname(report), phase_folder(report)] if report else [""]
        if GLOB.search(path) or PLACEHOLDER.search(path):
            return self._match_pattern(path, bases, in_hub)
        for base in bases:
            if (joined := _join(base, path)) is not None and self.table.has(joined):
                return Resolution("found", (joined,), in_hub=True)
        return self._explain(path, bases, in_hub, folder)

    def _strip_prefix(self, path: str) -> tuple[str, bool]:
        """Take off what leads to the hub; say whether anything did."""
        if variable := HUB_VARIABLE.match(path):
            return path[variable.end() :].strip("/"), True
        hub = str(self.roots.hub.resolve())
        for prefix in (hub, *self.prefixes):
            if path == prefix or path.startswith(f"{prefix}/"):
                return path[len(prefix) :].strip("/"), True
        return path, False

    def _list_bases(self, report: str, folder: str) -> list[str]:
        """List where a relative path may start, the likeliest first."""
        bases = []
        if folder:
            named = self.resolve(folder, report)
            bases += [file for file in named.files if file in self.table.folders]
        here = dirname(report)
        bases += [here, phase_folder(report)] if report else []
        while here:
            here = dirname(here)
            bases.append(here)
        return list(dict.fromkeys([*bases, ""]))

    def _by_suffix(self, rest: str) -> Resolution:
        """Find a path whose start is a variable that nobody explains."""
        if GLOB.search(rest) or PLACEHOLDER.search(rest):
            found = self._match_pattern(f"*/{rest}", [""], False)
            return found if found.state == "found" else self._match_pattern(rest, [""], False)
        hits = [
            path for path in self.table.named(basename(rest)) if f"/{path}".endswith(f"/{rest}")
        ]
        folder = rest.rstrip("/")
        hits += [f for f in (folder, layout.imported_path(folder)) if f in self.table.folders]
        return Resolution("found", tuple(hits), in_hub=True) if hits else UNKNOWN

    def _match_pattern(self, path: str, bases: list[str], in_hub: bool) -> Resolution:
        pattern = PLACEHOLDER.sub("*", path).strip("/")
        if len(pattern) > LONGEST_PATTERN or pattern.count("*") > MOST_STARS:
            return UNKNOWN
        for base in bases:
            joined = _join(base, pattern)
            if joined is None:
                continue
            shape = re.compile(translate(joined))
            hits = [file for file in self.table.files if shape.match(file)]
            if hits:
                return Resolution("found", tuple(sorted(hits)), in_hub=True)
        placeholder = PLACEHOLDER.search(path) is not None
        return UNKNOWN if placeholder else Resolution("missing", in_hub=in_hub, looked=pattern)

    def _explain(self, path: str, bases: list[str], in_hub: bool, folder: str) -> Resolution:
        """Say why a plain path leads nowhere."""
        clean = path.rstrip("/")
        name = basename(clean)
        named = tuple(self.table.named(name))
        if not in_hub and self._in_repository(clean):
            return Resolution("repository")
        if "/" not in clean and not in_hub:
            if folder and bases and bases[0] and self.table.has(bases[0]):
                return Resolution("missing", in_hub=True, looked=f"{bases[0]}/{clean}")
            return Resolution("found", named, in_hub=True) if named else UNKNOWN
        if clean.startswith(("./", "../")):
            escaped = all(_join(base, clean) is None for base in bases)
            state: PathState = "misplaced" if named else "outside" if escaped else "missing"
            looked = next((j for b in bases if (j := _join(b, clean)) is not None), clean)
            return Resolution(
                state, elsewhere=named, in_hub=not escaped or bool(named), looked=looked
            )
        suffix = tuple(f for f in named if f"/{f}".endswith(f"/{clean}"))
        if suffix and not in_hub:
            return Resolution("found", suffix, in_hub=True)
        head = clean.split("/")[0]
        folders = self.table.folders
        known = head in PHASE_PARTS or head in folders or layout.imported_path(head) in folders
        inside = in_hub or known
        if inside or any(_join(base, head) in folders for base in bases):
            looked = self._place(clean, bases, in_hub)
            state = "misplaced" if named else "missing"
            return Resolution(state, elsewhere=named, in_hub=inside, looked=looked)
        return UNKNOWN

    def _place(self, path: str, bases: list[str], in_hub: bool) -> str:
        """Say where a missing path would lie: under the first base that has its first folder."""
        if in_hub:
            return _join(bases[0], path) or path
        head = path.split("/")[0]
        for base in bases:
            if (joined := _join(base, head)) is not None and joined in self.table.folders:
                return _join(base, path) or path
        return path

    def _in_repository(self, path: str) -> bool:
        root = self.roots.repository
        if root is None or ".." in path.split("/"):
            return False
        file: Path = root / path
        return self.roots.admits(file) and file.exists()


def _join(base: str, path: str) -> str | None:
    """Join a path to a folder of the hub; None where it leaves the hub."""
    joined = normpath(f"{base}/{path}" if base else path)
    if joined == ".." or joined.startswith(("../", "/")):
        return None
    return "" if joined == "." else joined

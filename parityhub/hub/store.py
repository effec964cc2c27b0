"""The hub as a place to keep things: write once, whole or not at all, each file in the manifest."""

import filecmp
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeVar

import msgspec

from parityhub.errors import EvidenceError, HubError
from parityhub.hub import layout
from parityhub.hub.digests import digest_blocks, digest_written, read_blocks, sync_folder
from parityhub.hub.records import Digest, Manifest, ManifestItem, Record, Role

Clock = Callable[[], datetime]
R = TypeVar("R", bound=Record)
FORMAT = 1
INTERRUPTED = "an interrupted run"
"""made what was in the hub and in no manifest: evidence, or a view that may be rendered again"""


class Form(msgspec.Struct):
    """What each manifest says first, whatever its format."""

    format: int


class Hub:
    """One evidence folder.

    Evidence is written once: keeping other bytes under the same path is an error, the same ones
    change nothing. Views are replaced. Every write is atomic: a file is there whole or not at all.

    Args:
        root: the hub's folder.
        manifest: its manifest.
        clock: gives the time, with its zone.
    """

    def __init__(self, root: Path, manifest: Manifest, clock: Clock) -> None:
        self.root = root
        self.clock = clock
        self._head = manifest
        self._items = {item.path: item for item in manifest.artifacts}

    @classmethod
    def create(cls, reports: Path, name: str, initiative: str, clock: Clock) -> "Hub":
        """Make a new hub under a stamp that is not taken yet."""
        now = clock()
        base = stamp = layout.format_stamp(now)
        counter = 1
        while True:
            try:
                (reports / stamp / name).mkdir(parents=True)
                break
            except FileExistsError:
                counter += 1
                stamp = f"{base}-{counter}"
        manifest = Manifest(
            format=FORMAT,
            initiative=initiative,
            stamp=stamp,
            created=layout.format_time(now),
            plans=(),
            artifacts=(),
        )
        hub = cls(reports / stamp / name, manifest, clock)
        hub.save_manifest()
        return hub

    @classmethod
    def open(cls, root: Path, clock: Clock) -> "Hub":
        """Open a hub by its manifest.

        Raises:
            HubError: there is no manifest, or it is of another format.
        """
        return cls(root, read_manifest(root), clock)

    @property
    def manifest(self) -> Manifest:
        """The manifest as it would be saved now, artifacts in order of their paths."""
        items = tuple(self._items[path] for path in sorted(self._items))
        return msgspec.structs.replace(self._head, artifacts=items)

    def path(self, relative: str) -> Path:
        """Return a path in the hub; one that leaves it is refused."""
        pure = PurePosixPath(relative)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            raise HubError(f"{relative}: leaves the hub", hint="paths in a hub are relative to it")
        return self.root / pure

    def has(self, relative: str) -> bool:
        """Say whether a file is there."""
        return self.path(relative).is_file()

    def add_plan(self, sha256: str) -> None:
        """Note that the hub is run with a plan of this digest."""
        if sha256 not in self._head.plans:
            self._head = msgspec.structs.replace(self._head, plans=(*self._head.plans, sha256))

    def keep_bytes(self, relative: str, data: bytes, *, made_by: str, shows: str) -> Digest:
        """Keep bytes as evidence."""
        with self._write(relative, once=True) as stream:
            digest = digest_blocks(iter((data,)), relative, copy_to=stream)
        self._list(digest, "evidence", made_by, shows)
        return digest

    def keep_copy(self, source: Path, relative: str, *, made_by: str, shows: str) -> Digest:
        """Keep a copy of a file as evidence, digested as it is copied."""
        with source.open("rb") as opened, self._write(relative, once=True) as stream:
            digest = digest_blocks(read_blocks(opened), relative, copy_to=stream)
        self._list(digest, "evidence", made_by, shows)
        return digest

    def keep_record(self, relative: str, record: Record, *, made_by: str, shows: str) -> Digest:
        """Keep a record as evidence, in JSON that a person can read."""
        data = msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
        return self.keep_bytes(relative, data, made_by=made_by, shows=shows)

    def adopt(self, relative: str, *, made_by: str, shows: str) -> Digest:
        """List a file as evidence that a process wrote into the hub itself (a log)."""
        digest = digest_written(self.path(relative), relative)
        self._list(digest, "evidence", made_by, shows)
        return digest

    def replace_view(self, relative: str, data: bytes, *, made_by: str, shows: str) -> Digest:
        """Replace a view, which can be rendered again at any time from the evidence.

        Raises:
            HubError: the path is that of evidence.
        """
        item = self._items.get(relative)
        if item and item.role == "evidence" and item.made_by != INTERRUPTED:
            raise HubError(
                f"{self.path(relative)}: evidence, which no view replaces",
                hint="two names in the plan come to the same path; change one",
            )
        with self._write(relative, once=False) as stream:
            digest = digest_blocks(iter((data,)), relative, copy_to=stream)
        self._list(digest, "derived", made_by, shows)
        return digest

    def replace_sidecar(self, digest: Digest, *, made_by: str) -> None:
        """Replace the sidecar of a file, in the form that `sha1sum -c` reads."""
        line = f"{digest.sha1}  {PurePosixPath(digest.path).name}\n"
        self.replace_view(
            layout.sidecar_path(digest.path),
            line.encode(),
            made_by=made_by,
            shows=f"sha1 of {PurePosixPath(digest.path).name}",
        )

    def read_record(self, relative: str, kind: type[R]) -> R:
        """Read a record.

        Raises:
            EvidenceError: it is missing or not of that kind.
        """
        return read_record(self.path(relative), kind)

    def save_manifest(self) -> None:
        """Replace manifest.json by the manifest as it is now."""
        data = msgspec.json.format(msgspec.json.encode(self.manifest), indent=2) + b"\n"
        with self._write(layout.MANIFEST, once=False) as stream:
            stream.write(data)

    def list_files(self) -> list[str]:
        """Return each file and link of the hub but the manifest, sorted; none is followed."""
        found = []
        for folder, folders, names in os.walk(self.root):
            links = [name for name in folders if (Path(folder) / name).is_symlink()]
            for name in (*names, *links):
                relative = (Path(folder) / name).relative_to(self.root).as_posix()
                if relative != layout.MANIFEST:
                    found.append(relative)
        return sorted(found)

    def take_in_strays(self) -> tuple[str, ...]:
        """List what a killed run left: half-written files go, whole ones become evidence.

        Raises:
            EvidenceError: something in the hub is no plain file.
        """
        strays = []
        for relative in self.list_files():
            path = self.path(relative)
            if path.is_symlink() or not path.is_file():
                raise EvidenceError(
                    f"{path}: a link or no plain file; a hub holds files only",
                    hint="remove it, or put a copy in its place",
                )
            if PurePosixPath(relative).name.startswith(layout.TEMPORARY):
                path.unlink()
            elif relative not in self._items:
                self.adopt(relative, made_by=INTERRUPTED, shows="left when it was killed")
                strays.append(relative)
        self.save_manifest()
        return tuple(strays)

    def _list(self, digest: Digest, role: Role, made_by: str, shows: str) -> None:
        item = self._items.get(digest.path)
        kept = item and item.role == role == "evidence" and item.made_by != INTERRUPTED
        if item and kept and item.sha256 == digest.sha256:
            return
        self._items[digest.path] = ManifestItem(
            path=digest.path,
            size=digest.size,
            sha1=digest.sha1,
            sha256=digest.sha256,
            role=role,
            made_by=made_by,
            shows=shows,
            time=layout.format_time(self.clock()),
        )

    @contextmanager
    def _write(self, relative: str, *, once: bool) -> Iterator[BinaryIO]:
        target = self.path(relative)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=layout.TEMPORARY, dir=target.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fchmod(stream.fileno(), 0o644)
                os.fsync(stream.fileno())
            if once:
                # A link fails where the name is taken; a rename would overwrite evidence.
                os.link(temporary, target)
            else:
                temporary.replace(target)
            sync_folder(target.parent)
        except FileExistsError as error:
            if filecmp.cmp(temporary, target, shallow=False):
                return
            raise HubError(
                f"{target}: evidence is written once, and this file is there already",
                hint="a rerun is a new attempt; nothing was overwritten",
            ) from error
        finally:
            temporary.unlink(missing_ok=True)


def read_manifest(root: Path) -> Manifest:
    """Read a hub's manifest.

    Raises:
        HubError: it is missing, damaged or of another format.
    """
    file = root / layout.MANIFEST
    try:
        data = file.read_bytes()
        form = msgspec.json.decode(data, type=Form)
        if form.format != FORMAT:
            raise HubError(
                f"{file}: format {form.format}, this parityhub reads format {FORMAT}",
                hint="use the parityhub that wrote it",
            )
        return msgspec.json.decode(data, type=Manifest)
    except FileNotFoundError as error:
        raise HubError(
            f"{root}: no hub here ({layout.MANIFEST} is missing)",
            hint="name a hub with --hub, or make one with `parityhub run-phase PHASE`",
        ) from error
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HubError(f"{file}: not a manifest: {error}", hint="the hub is damaged") from error


def read_record(file: Path, kind: type[R]) -> R:
    """Read a record from a file.

    Raises:
        EvidenceError: it is missing or not of that kind.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EvidenceError(
            f"{file}: not a {kind.__name__}: {error}",
            hint="the record is missing or damaged; run the phase again for a new attempt",
        ) from error


def list_hub_folders(reports: Path, name: str) -> list[Path]:
    """Return each folder that lies as a hub of that name does, oldest first.

    Oldest by stamp, then by its counter. None is opened.
    """
    found = []
    for manifest_file in reports.glob(f"*/{name}/{layout.MANIFEST}"):
        root = manifest_file.parent
        if layout.STAMP.fullmatch(root.parent.name):
            stamp, _, counter = root.parent.name.partition("Z")
            found.append((stamp, -int(counter or 0), root))
    return [root for _, _, root in sorted(found)]


def find_hubs(reports: Path, name: str, initiative: str) -> list[Path]:
    """Return the hubs of an initiative, oldest first."""
    roots = list_hub_folders(reports, name)
    return [root for root in roots if read_manifest(root).initiative == initiative]

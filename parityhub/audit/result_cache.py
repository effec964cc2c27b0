"""The result of an audit, kept for the next one of a hub in which nothing changed.

Nothing changed: each file of the hub, and each report outside it, has the size, modification time
and inode that it had, and the rules are the same. A file that was written shortly before the audit
keeps its result from being kept: the next change could carry the same time. So does a repository
that may be read: nobody lists which of its files and data sets the reports speak of. What is kept
ends with its own sha256, and is thrown away where that fails.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from time import time_ns

import msgspec

from parityhub.audit.digest_cache import RACY_NS
from parityhub.audit.facts.files import FileStat, FileTable
from parityhub.audit.findings import AuditResult
from parityhub.audit.roots import Roots


class Kept(msgspec.Struct, frozen=True):
    """A result and the state that it is of."""

    state: str
    result: AuditResult


def describe_state(
    table: FileTable, roots: Roots, outside: Iterable[Path], asked: Iterable[object]
) -> str | None:
    """Return a digest of all that an audit depends on; None where a change could go unseen.

    Args:
        table: the files of the hub.
        roots: where the audit reads.
        outside: files and folders beyond the hub that count.
        asked: the other arguments.
    """
    if roots.repository is not None or roots.datasets:
        return None
    newest = time_ns() - RACY_NS
    digest = hashlib.sha256(f"{digest_rules()} {roots} {list(asked)}".encode())
    for path, status in sorted(table.files.items()):
        if status.mtime_ns > newest:
            return None
        digest.update(f"{path}\0{status.size} {status.mtime_ns} {status.inode}\n".encode())
    digest.update("\0".join(sorted([*table.links, *table.folders])).encode())
    for other in outside:
        seen = _read_status(other)
        if seen is None or seen.mtime_ns > newest:
            return None
        digest.update(f"{other}\0{seen}\n".encode())
    return digest.hexdigest()


def load_result(file: Path, state: str) -> AuditResult | None:
    """Return the kept result of a state; None where there is none, or it is damaged."""
    try:
        body, _, told = file.read_bytes().rpartition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != told:
            return None
        kept = msgspec.json.decode(body, type=Kept)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return kept.result if kept.state == state else None


def save_result(file: Path, state: str, result: AuditResult) -> None:
    """Keep a result, whole or not at all. A folder that can't be written is no error."""
    body = msgspec.json.encode(Kept(state, result))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(body + b"\n" + hashlib.sha256(body).hexdigest().encode())
        Path(name).replace(file)
    except OSError:
        return


@cache
def digest_rules() -> str:
    """Return a digest of the sources of this package: other rules come to other results."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _read_status(path: Path) -> FileStat | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return FileStat(status.st_size, status.st_mtime_ns, status.st_ino)

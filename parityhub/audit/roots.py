"""The declared roots: the only places that an audit reads."""

import os
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from parityhub.errors import EvidenceError

REPORT_LIMIT = 32 << 20
"""bytes of a report that are read"""


@dataclass(frozen=True)
class Roots:
    """Where an audit may read: a hub, a repository, data sets of a plan, report files."""

    hub: Path
    repository: Path | None = None
    datasets: tuple[Path, ...] = ()
    reports: tuple[Path, ...] = ()
    """report files outside the hub that the user named"""

    @property
    def declared(self) -> tuple[Path, ...]:
        """Every root."""
        repository = () if self.repository is None else (self.repository,)
        return (self.hub, *repository, *self.datasets, *self.reports)

    def admits(self, path: Path) -> bool:
        """Tell whether a path, once its links are followed, lies within a declared root."""
        try:
            real = path.resolve()
        except (OSError, RuntimeError, ValueError):
            return False
        return any(real.is_relative_to(root) for root in self._real)

    @cached_property
    def _real(self) -> tuple[Path, ...]:
        return tuple(root.resolve() for root in self.declared)


@dataclass(frozen=True)
class ReportText:
    """A report as it is audited, and what was wrong with its bytes."""

    text: str
    faults: tuple[str, ...]


def read_report(path: Path, roots: Roots) -> str:
    """Read a report: at most 32 MiB, bytes that are no UTF-8 and NUL replaced by U+FFFD.

    Raises:
        EvidenceError: it lies outside the declared roots, or is no plain file.
    """
    return load_report(path, roots).text


def load_report(path: Path, roots: Roots) -> ReportText:
    """Read a report, and say what was cut or replaced.

    Raises:
        EvidenceError: it lies outside the declared roots, or is no plain file.
    """
    data, size = read_within(path, roots, REPORT_LIMIT)
    faults = []
    if size > len(data):
        faults.append(f"only the first {len(data)} of {size} bytes were read")
    text = data.decode("utf-8", errors="replace")
    if "\ufffd" in text and b"\xef\xbf\xbd" not in data:
        faults.append("holds bytes that are not UTF-8; they were replaced")
    if "\0" in text:
        faults.append("holds NUL characters; they were replaced")
        text = text.replace("\0", "\ufffd")
    return ReportText(text.removeprefix("\ufeff"), tuple(faults))


def read_within(path: Path, roots: Roots, limit: int) -> tuple[bytes, int]:
    """Read at most `limit` bytes of a plain file within the roots; return them and its size.

    Raises:
        EvidenceError: it lies outside the declared roots, is no plain file, or can't be read.
    """
    if not roots.admits(path):
        raise EvidenceError(
            f"{path.name}: lies outside the declared roots",
            hint="an audit reads the hub, --root and the plan's data sets, nothing else",
        )
    try:
        # A pipe must not make the audit wait for a writer.
        handle = os.open(path.resolve(), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise EvidenceError(f"{path.name}: no plain file", hint="name a file")
            return stream.read(limit), status.st_size
    except (OSError, RuntimeError, ValueError) as error:
        raise EvidenceError(
            f"{path.name}: cannot be read: {error}", hint="check that it is there and readable"
        ) from error

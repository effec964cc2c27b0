"""The checkpoint that a pair's weights come from: where it lies, and what it is known by."""

import hashlib
from pathlib import Path

from parityhub.capture.protocol import Restored
from parityhub.compare.probe import Probe
from parityhub.errors import EvidenceError
from parityhub.hub.parity_records import OriginRecord
from parityhub.plan.pair import Pair


def find_checkpoint(pair: Pair, root: Path) -> Path | None:
    """Return the checkpoint that a pair's weights come from; None: from elsewhere.

    Raises:
        EvidenceError: it is not there, or leads out of the repository.
    """
    name = pair.weights.checkpoint
    return None if name is None else find_file(name, root, "weights.checkpoint")


def find_file(name: str, root: Path, key: str) -> Path:
    """Return a file or folder of the repository that a pair names.

    Args:
        name: its path in the repository.
        root: the repository.
        key: of the pair, that names it.

    Raises:
        EvidenceError: it is not there, or leads out of the repository.
    """
    path = root / name
    if not path.exists():
        raise EvidenceError(
            f"{name}: there is no such file",
            hint=f"put it there, or mend {key} of the pair; it is not fetched",
        )
    for file in list_files(path):
        if not file.resolve().is_relative_to(root.resolve()):
            raise EvidenceError(
                f"{name}: {file.name} leads out of the repository",
                hint="copy it into the repository: what a verdict rests on must lie there",
            )
    return path


def list_files(path: Path) -> list[Path]:
    """Return the file, or the files of a folder, sorted by their path."""
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if not file.is_dir())
    return [path]


def digest_checkpoint(path: Path) -> str:
    """Return the SHA-256 of a file; of a folder that of the lines `SHA-256  path` of its files.

    Raises:
        EvidenceError: it cannot be read.
    """
    digests = []
    try:
        for file in list_files(path):
            with file.open("rb") as stream:
                digests.append((hashlib.file_digest(stream, "sha256").hexdigest(), file))
    except OSError as error:
        raise EvidenceError(
            f"{path.name} cannot be read: {error.strerror}", hint="look at its permissions"
        ) from error
    if not path.is_dir():
        return digests[0][0]
    lines = [f"{digest}  {file.relative_to(path).as_posix()}\n" for digest, file in digests]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def restore_weights(probe: Probe, pair: Pair, path: Path, key: str) -> OriginRecord:
    """Have a child take over a checkpoint, and say what it was.

    Raises:
        EvidenceError: the child refused it, or the file changed meanwhile.
    """
    before = digest_checkpoint(path)
    restored: Restored = probe.ask({"do": "restore", "key": key, "file": str(path)})
    if digest_checkpoint(path) != before:
        raise EvidenceError(
            f"{pair.weights.checkpoint} changed while it was read",
            hint="let whatever writes it end first",
        )
    return OriginRecord(
        kind="checkpoint",
        side=pair.weights.source or "",
        source=pair.weights.checkpoint or "",
        format=restored["format"],
        prefix=restored["prefix"],
        sha256=before,
    )

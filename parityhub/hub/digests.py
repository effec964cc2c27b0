"""Files by their bytes: each byte is read once, for both digests and the copy."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from parityhub.hub.records import Digest

BLOCK = 1 << 20


def read_blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream in blocks that fit a cache."""
    while block := stream.read(BLOCK):
        yield block


def digest_blocks(blocks: Iterator[bytes], path: str, copy_to: BinaryIO | None = None) -> Digest:
    """Digest blocks, and write them on where `copy_to` is given, in one pass."""
    sha1, sha256, size = hashlib.sha1(usedforsecurity=False), hashlib.sha256(), 0
    for block in blocks:
        sha1.update(block)
        sha256.update(block)
        size += len(block)
        if copy_to is not None:
            copy_to.write(block)
    return Digest(path=path, size=size, sha1=sha1.hexdigest(), sha256=sha256.hexdigest())


def digest_file(file: Path, path: str) -> Digest:
    """Digest a file, recorded under the name `path`."""
    with file.open("rb") as stream:
        return digest_blocks(read_blocks(stream), path)


def digest_written(file: Path, path: str) -> Digest:
    """Digest a file once the process that writes it has let go of its lock.

    The log of a killed run is written on until its command has ended, a few seconds later.
    """
    with file.open("rb") as stream:
        if os.name == "posix":
            import fcntl

            # Some network file systems have no locks.
            with contextlib.suppress(OSError):
                fcntl.flock(stream.fileno(), fcntl.LOCK_SH)
        return digest_blocks(read_blocks(stream), path)


def digest_bytes(data: bytes, path: str) -> Digest:
    """Digest bytes, recorded under the name `path`."""
    return digest_blocks(iter((data,)), path)


def sync_folder(folder: Path) -> None:
    """Make a rename or link in a folder survive a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Files by their bytes, each byte read once."""

import hashlib
import io
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from parityhub.hub import digests
from parityhub.hub.digests import digest_blocks, digest_bytes, digest_file, read_blocks


class CountingStream(io.BytesIO):
    """Counts the bytes that are read of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        self.taken += len(block)
        return block


@given(st.binary(max_size=300), st.integers(1, 64))
def test_both_digests_and_the_copy_are_of_the_same_bytes(data: bytes, size: int) -> None:
    blocks = iter([data[start : start + size] for start in range(0, len(data), size)])
    copy = io.BytesIO()
    digest = digest_blocks(blocks, "a/name", copy_to=copy)
    assert copy.getvalue() == data
    assert digest.sha1 == hashlib.sha1(data, usedforsecurity=False).hexdigest()
    assert digest.sha256 == hashlib.sha256(data).hexdigest()
    assert (digest.path, digest.size) == ("a/name", len(data))
    assert digest_bytes(data, "a/name") == digest


def test_each_byte_is_read_once_in_blocks() -> None:
    stream = CountingStream(b"x" * (2 * digests.BLOCK + 17))
    blocks = list(read_blocks(stream))
    assert [len(block) for block in blocks] == [digests.BLOCK, digests.BLOCK, 17]
    assert stream.taken == 2 * digests.BLOCK + 17


def test_a_file_is_recorded_under_the_name_given(tmp_path: Path) -> None:
    file = tmp_path / "anything"
    file.write_bytes(b"abc")
    digest = digest_file(file, "as/recorded")
    assert digest == digest_bytes(b"abc", "as/recorded")
    assert digest.sha1 == "a9993e364706816aba3e25717850c26c9cd0d89d"

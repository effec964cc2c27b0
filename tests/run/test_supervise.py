"""The supervisor's log: whole, in bounded memory, and without what is not to be published."""

import io
import re
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.run import supervise
from parityhub.run.hiding import make_hider
from parityhub.run.supervise import LogWriter, name_signal

SECRET = "s3cr3t-value"


class KeptBytes(io.BytesIO):
    """A file of which the content is still known once it is closed."""

    kept = b""

    def close(self) -> None:
        self.kept = self.getvalue()
        super().close()

    def fileno(self) -> int:
        return self.null.fileno()

    def __init__(self) -> None:
        super().__init__()
        self.null = Path("/dev/null").open("wb")  # noqa: SIM115


@pytest.fixture(autouse=True)
def _no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parityhub.run.supervise.os.fsync", lambda _: None)


def write_log(blocks: list[bytes], replace: list[tuple[str, str]]) -> bytes:
    stream = KeptBytes()
    writer = LogWriter(stream, replace)
    for block in blocks:
        writer.write(block)
    writer.close()
    stream.null.close()
    return stream.kept


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(st.binary(max_size=200), st.lists(st.integers(0, 10_000), max_size=6))
def test_whatever_the_writes_the_log_is_the_same(data: bytes, places: list[int]) -> None:
    assert write_log(cut(data, places), []) == data


@given(
    st.lists(st.sampled_from([SECRET, "word ", "\n", "\r", SECRET[:5], "ü"]), max_size=30),
    st.lists(st.integers(0, 10_000), max_size=12),
    st.sampled_from([8, 64, 1 << 16]),
)
def test_no_secret_reaches_the_log_wherever_writes_and_limits_fall(
    words: list[str], places: list[int], limit: int
) -> None:
    data = "".join(words).encode()
    before, supervise.LINE_LIMIT = supervise.LINE_LIMIT, limit
    try:
        log = write_log(cut(data, places), [(re.escape(SECRET), "#")])
    finally:
        supervise.LINE_LIMIT = before
    assert SECRET.encode() not in log
    assert log == data.replace(SECRET.encode(), b"#")


def test_a_line_of_10_mb_passes_in_bounded_memory() -> None:
    block = b"x" * (1 << 16)
    with Path("/dev/null").open("wb") as null:
        writer = LogWriter(null, [(re.escape(SECRET), "#")])
        tracemalloc.start()
        for _ in range(160):
            writer.write(block)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        writer.close()
    assert peak < 1 << 20


def test_the_hiders_patterns_mean_the_same_in_bytes(tmp_path: Path) -> None:
    root = tmp_path / "répo"
    hider = make_hider({"API_TOKEN": SECRET, "HOME": "/home/somebody"}, root)
    text = f"{root}/a {SECRET} -I{root}/include /home/somebody/.cache {root}2/b\n"
    log = write_log([text.encode()], list(hider.pairs))
    assert log.decode() == hider.hide_text(text)
    assert log.decode() == f"a [redacted API_TOKEN] -Iinclude ~/.cache {root}2/b\n"


@pytest.mark.parametrize(("number", "name"), [(15, "SIGTERM"), (40, "signal 40")])
def test_each_signal_has_a_name(number: int, name: str) -> None:
    assert name_signal(number) == name

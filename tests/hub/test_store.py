"""The hub keeps evidence once, whole or not at all, and lists each file of it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.errors import Error, EvidenceError, HubError
from parityhub.hub import layout
from parityhub.hub.digests import digest_bytes
from parityhub.hub.records import Manifest, Place
from parityhub.hub.store import Hub, find_hubs, read_manifest
from tests.hub.conftest import NOON, read_noon

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from parityhub.errors import HubError
from parityhub.hub.store import Hub

hub = Hub.open(Path(sys.argv[1]), lambda: datetime.now(UTC))
print("open", flush=True)
sys.stdin.readline()
try:
    hub.keep_copy(Path(sys.argv[2]), sys.argv[3], made_by="a writer", shows="a file")
    print("kept")
except HubError as error:
    print("refused:", error.message)
"""


def keep(hub: Hub, path: str, data: bytes) -> None:
    hub.keep_bytes(path, data, made_by="a test", shows="bytes")


def start_writer(hub: Hub, source: Path, path: str) -> "subprocess.Popen[str]":
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(hub.root), str(source), path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "open\n"
    return writer


def test_evidence_is_written_once(hub: Hub) -> None:
    keep(hub, "a/b.txt", b"first")
    with pytest.raises(HubError, match="written once") as caught:
        keep(hub, "a/b.txt", b"second")
    assert "nothing was overwritten" in caught.value.hint
    assert hub.path("a/b.txt").read_bytes() == b"first"
    assert [item.sha256 for item in hub.manifest.artifacts] == [
        digest_bytes(b"first", "a/b.txt").sha256
    ]


def test_the_same_bytes_again_change_nothing(hub: Hub) -> None:
    keep(hub, "a/b.txt", b"first")
    before = hub.manifest, hub.path("a/b.txt").stat().st_ino
    hub.keep_bytes("a/b.txt", b"first", made_by="another", shows="the same")
    assert (hub.manifest, hub.path("a/b.txt").stat().st_ino) == before
    assert hub.list_files() == ["a/b.txt"]


def test_of_two_writers_of_one_path_one_is_refused(hub: Hub, tmp_path: Path) -> None:
    sources = [tmp_path / "one", tmp_path / "two"]
    for source in sources:
        source.write_bytes(source.name.encode() * 1_000_000)
    writers = [start_writer(hub, source, "a/evidence") for source in sources]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    told = [writer.communicate(timeout=60)[0].strip() for writer in writers]
    assert sorted(word.split()[0] for word in told) == ["kept", "refused:"]
    winner = sources[[word == "kept" for word in told].index(True)]
    assert hub.path("a/evidence").read_bytes() == winner.read_bytes()
    assert hub.list_files() == ["a/evidence"]


def test_a_writer_killed_in_the_middle_leaves_a_readable_hub(hub: Hub, tmp_path: Path) -> None:
    keep(hub, "a/kept.txt", b"kept")
    hub.save_manifest()
    source = tmp_path / "pipe"
    os.mkfifo(source)
    writer = start_writer(hub, source, "a/large.bin")
    assert writer.stdin is not None
    writer.stdin.write("\n")
    writer.stdin.flush()
    # The source never ends, so the writer is in the middle of it.
    with source.open("wb") as stream:
        stream.write(b"x" * 3_000_000)
        stream.flush()
        deadline = time.monotonic() + 30
        while not any(path.stat().st_size for path in hub.root.glob("a/.parityhub-tmp-*")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        psutil.Process(writer.pid).send_signal(signal.SIGKILL)
        writer.communicate(timeout=30)
    assert writer.returncode == -signal.SIGKILL
    again = Hub.open(hub.root, read_noon)
    assert [item.path for item in again.manifest.artifacts] == ["a/kept.txt"]
    assert not again.has("a/large.bin")
    assert again.take_in_strays() == ()
    assert again.list_files() == ["a/kept.txt"]
    keep(again, "a/large.bin", b"the next attempt")


def test_what_a_killed_run_left_whole_becomes_evidence(hub: Hub) -> None:
    keep(hub, "a/log.txt", b"listed nowhere, for the manifest was not saved")
    hub.replace_view("summary.md", b"a view, likewise", made_by="report", shows="summary")
    again = Hub.open(hub.root, read_noon)
    assert again.take_in_strays() == ("a/log.txt", "summary.md")
    manifest = read_manifest(hub.root)
    assert {item.path: item.role for item in manifest.artifacts} == {
        "a/log.txt": "evidence",
        "summary.md": "evidence",
    }
    again.replace_view("summary.md", b"rendered again", made_by="report", shows="summary")
    assert again.path("summary.md").read_bytes() == b"rendered again"


@pytest.mark.parametrize("kind", ["file", "folder", "nothing", "pipe"])
def test_a_hub_holds_plain_files_only(hub: Hub, tmp_path: Path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo(hub.root / "strange")
    else:
        target = tmp_path / "elsewhere"
        if kind == "file":
            target.write_text("secret", encoding="utf-8")
        elif kind == "folder":
            target.mkdir()
        (hub.root / "strange").symlink_to(target)
    with pytest.raises(EvidenceError, match="no plain file"):
        hub.take_in_strays()


def test_a_log_is_taken_in_only_when_its_writer_is_done(hub: Hub) -> None:
    """The supervisor of a killed run writes on for some seconds."""
    program = (
        "import fcntl, sys, time\n"
        "log = open(sys.argv[1], 'xb')\n"
        "fcntl.flock(log, fcntl.LOCK_EX)\n"
        "print('locked', flush=True)\n"
        "sys.stdin.readline()\n"
        "time.sleep(0.3)\n"
        "log.write(b'the last line')\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", program, str(hub.root / "live.log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"locked\n"
    writer.stdin.close()
    assert hub.take_in_strays() == ("live.log",)
    assert hub.manifest.artifacts[0].size == len(b"the last line")
    writer.wait(30)
    writer.stdout.close()


@pytest.mark.parametrize("path", ["../out", "a/../../out", "/etc/passwd", "", ".", "a/.."])
def test_a_path_that_leaves_the_hub_is_refused(hub: Hub, path: str) -> None:
    with pytest.raises(HubError, match="leaves the hub"):
        keep(hub, path, b"x")
    assert hub.list_files() == []


@given(st.text(alphabet="ab./\\", max_size=12))
def test_whatever_path_is_taken_lies_in_the_hub(text: str) -> None:
    manifest = Manifest(format=1, initiative="I", stamp="", created="", plans=(), artifacts=())
    hub = Hub(Path("/reports/hub"), manifest, read_noon)
    try:
        path = hub.path(text)
    except HubError:
        path = hub.root / "refused"
    assert hub.root in Path(os.path.normpath(path)).parents


def test_the_manifest_lists_every_file_with_its_digests(hub: Hub, tmp_path: Path) -> None:
    source = tmp_path / "source.bin"
    source.write_bytes(b"copied" * 100_000)
    keep(hub, "b/bytes", b"some")
    hub.keep_copy(source, "a/copy.bin", made_by="a test", shows="a copy")
    hub.keep_record("a/record.json", Place(file="x", line=3), made_by="a test", shows="a record")
    hub.path("a/live.log").write_bytes(b"written by a child")
    hub.adopt("a/live.log", made_by="a child", shows="a log")
    hub.replace_view("summary.md", b"view", made_by="report", shows="a view")
    hub.replace_sidecar(digest_bytes(b"some", "b/bytes"), made_by="report")
    hub.save_manifest()
    manifest = read_manifest(hub.root)
    assert [item.path for item in manifest.artifacts] == hub.list_files()
    assert len(manifest.artifacts) == 6
    for item in manifest.artifacts:
        digest = digest_bytes(hub.path(item.path).read_bytes(), item.path)
        assert (item.size, item.sha1, item.sha256) == (digest.size, digest.sha1, digest.sha256)
    assert hub.read_record("a/record.json", Place) == Place(file="x", line=3)
    assert b'"line": 3' in hub.path("a/record.json").read_bytes()


def test_a_view_is_replaced_but_never_evidence(hub: Hub) -> None:
    for text in (b"one", b"two"):
        hub.replace_view("summary.md", text, made_by="report", shows="summary")
    assert hub.path("summary.md").read_bytes() == b"two"
    assert len(hub.manifest.artifacts) == 1
    keep(hub, "a/evidence.md", b"evidence")
    with pytest.raises(HubError, match="no view replaces"):
        hub.replace_view("a/evidence.md", b"view", made_by="report", shows="a view")
    assert hub.path("a/evidence.md").read_bytes() == b"evidence"


def test_sha1sum_reads_the_sidecars(hub: Hub) -> None:
    for path in ("a/first.bin", "a b/mit Ümlaut.bin"):
        digest = hub.keep_bytes(path, path.encode(), made_by="a test", shows="bytes")
        hub.replace_sidecar(digest, made_by="a test")
        done = subprocess.run(
            [shutil.which("sha1sum") or "sha1sum", "-c", Path(path).name + ".sha1"],
            cwd=hub.path(path).parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith(": OK\n")


def test_hubs_of_one_second_are_told_apart_and_in_order(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    moments = [NOON - timedelta(days=1), *[NOON] * 11, NOON + timedelta(seconds=1)]
    made = [
        Hub.create(reports, "parity", "INITIATIVE", lambda moment=moment: moment).root  # type: ignore[misc]
        for moment in moments
    ]
    assert [root.parent.name for root in made[1:4]] == [
        "2026-11-24T120000Z",
        "2026-11-24T120000Z-2",
        "2026-11-24T120000Z-3",
    ]
    Hub.create(reports, "other", "INITIATIVE", read_noon)
    Hub.create(reports, "parity", "ANOTHER", lambda: NOON + timedelta(days=1))
    (reports / "2026-11-25T000000Z" / "parity").mkdir(parents=True)
    assert find_hubs(reports, "parity", "INITIATIVE") == made
    assert find_hubs(tmp_path / "nowhere", "parity", "INITIATIVE") == []


def test_a_stamp_is_utc_whatever_the_clock_shows(tmp_path: Path) -> None:
    there = timezone(timedelta(hours=9))
    hub = Hub.create(tmp_path, "parity", "I", lambda: datetime(2026, 1, 1, 3, tzinfo=there))
    assert hub.manifest.stamp == "2025-12-31T180000Z"
    assert hub.manifest.created == "2025-12-31T18:00:00Z"
    assert layout.format_time(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "no hub here"),
        (b"", "not a manifest"),
        (b'{"format": 1', "not a manifest"),
        (b"\xff\xfe", "not a manifest"),
        (b'{"format": 1}', "not a manifest"),
        (b'{"format": 2, "everything": "else"}', "format 2"),
    ],
)
def test_a_hub_that_cannot_be_opened_says_why(
    tmp_path: Path, data: bytes | None, message: str
) -> None:
    if data is not None:
        (tmp_path / layout.MANIFEST).write_bytes(data)
    with pytest.raises(HubError, match=message):
        Hub.open(tmp_path, read_noon)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"file": 3}', b"\xff"])
def test_a_damaged_record_is_an_error_of_the_evidence(hub: Hub, data: bytes) -> None:
    keep(hub, "a/record.json", data)
    with pytest.raises(EvidenceError, match="not a Place"):
        hub.read_record("a/record.json", Place)


def test_a_manifest_that_names_files_outside_reads_none(hub: Hub) -> None:
    keep(hub, "a/analysis/phase_A_1.json", b"{}")
    hub.save_manifest()
    file = hub.root / layout.MANIFEST
    file.write_text(
        file.read_text(encoding="utf-8").replace("a/analysis", "../../analysis"), encoding="utf-8"
    )
    forged = Hub.open(hub.root, read_noon)
    with pytest.raises(Error, match="leaves the hub"):
        forged.read_record(forged.manifest.artifacts[0].path, Place)


def test_the_plans_of_a_hub_are_noted_once_in_order(hub: Hub) -> None:
    for sha256 in ("b", "a", "b"):
        hub.add_plan(sha256)
    hub.save_manifest()
    assert read_manifest(hub.root).plans == ("b", "a")


def test_the_manifest_is_json_that_others_read(hub: Hub) -> None:
    keep(hub, "ä/ö.txt", b"x")
    hub.save_manifest()
    document = json.loads((hub.root / layout.MANIFEST).read_text(encoding="utf-8"))
    assert document["artifacts"][0]["path"] == "ä/ö.txt"
    assert msgspec.convert(document["format"], int) == 1

"""One writer a hub: the second is told who the first is, and a dead one holds nothing."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parityhub.errors import HubError
from parityhub.hub.lock import hold_hub

HOLDER = """
import sys, time
from pathlib import Path
from parityhub.hub.lock import hold_hub
with hold_hub(Path(sys.argv[1]), command="parityhub run-phase C1", since="2026-11-24T12:00:00Z"):
    print("held", flush=True)
    time.sleep(600)
"""


@contextmanager
def hold_in_child(root: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(root)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        try:
            assert holder.stdout.readline() == b"held\n"
            yield holder
        finally:
            holder.kill()


def test_the_second_holder_is_told_who_holds_it_and_since_when(tmp_path: Path) -> None:
    root = tmp_path / "hub"
    root.mkdir()
    with (
        hold_in_child(root) as holder,
        pytest.raises(HubError) as caught,
        hold_hub(root, command="another", since="later"),
    ):
        pytest.fail("both hold it")
    assert f"pid {holder.pid} runs `parityhub run-phase C1`" in caught.value.message
    assert "since 2026-11-24T12:00:00Z" in caught.value.message
    assert "--new-hub" in caught.value.hint
    assert "\n" not in caught.value.message


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    root = tmp_path / "hub"
    root.mkdir()
    with hold_in_child(root) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait(30)
        with hold_hub(root, command="the next", since="now"):
            assert '"the next"' in (tmp_path / ".hub.owner.json").read_text(encoding="utf-8")


def test_nothing_is_left_in_the_hub_nor_word_of_the_holder(tmp_path: Path) -> None:
    root = tmp_path / "hub"
    root.mkdir()
    with pytest.raises(ZeroDivisionError), hold_hub(root, command="a", since="b"):
        raise ZeroDivisionError
    assert list(root.iterdir()) == []
    assert not (tmp_path / ".hub.owner.json").exists()
    with hold_hub(root, command="again", since="c"):
        assert (tmp_path / ".hub.owner.json").exists()


def test_a_holder_that_left_no_word_is_named_as_such(tmp_path: Path) -> None:
    root = tmp_path / "hub"
    root.mkdir()
    with hold_in_child(root):
        (tmp_path / ".hub.owner.json").write_text("[1]", encoding="utf-8")
        with pytest.raises(HubError, match="no word"), hold_hub(root, command="a", since="b"):
            pytest.fail("both hold it")

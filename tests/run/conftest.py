import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.run.bench import Bench

END_WITHIN = 5.0
"""seconds in which every child must have ended, whatever ended the parent"""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "mein Repo – ü")


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)


def find_alive(pids: list[int], within: float = END_WITHIN) -> list[int]:
    """Return which processes have not ended in time."""
    deadline = time.monotonic() + within
    while (alive := [pid for pid in pids if runs(pid)]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return alive


def runs(pid: int) -> bool:
    """Say whether a process runs; one that has ended may wait for somebody to ask how."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

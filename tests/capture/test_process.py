"""Which process this is: by the variables of launchers, and by who owns what writes."""

import os
import subprocess
import sys

import pytest

from parityhub.capture.process import RANKS, find_rank, label_process


@pytest.mark.parametrize(
    ("environment", "rank"),
    [
        ({}, None),
        ({"RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1"}, "3"),
        ({"RANK": "0", "WORLD_SIZE": "1", "LOCAL_RANK": "0"}, None),
        ({"RANK": "2"}, "2"),
        ({"SLURM_PROCID": "5", "SLURM_NTASKS": "8"}, "5"),
        ({"SLURM_PROCID": "0", "SLURM_NTASKS": "1"}, None),
        ({"OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"}, "1"),
        ({"LOCAL_RANK": "1", "WORLD_SIZE": "2", "NODE_RANK": "0"}, "1"),
        ({"LOCAL_RANK": "1", "WORLD_SIZE": "4", "NODE_RANK": "1"}, "1-1"),
        ({"RANK": "all", "WORLD_SIZE": "4"}, None),
    ],
)
def test_a_rank_is_what_the_launcher_says(environment: dict[str, str], rank: str | None) -> None:
    assert find_rank(environment) == rank


def test_a_process_alone_has_no_label(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _ in RANKS:
        monkeypatch.delenv(name, raising=False)
    code = (
        "import os; from parityhub.capture.process import label_process as l; print(l(os.getpid()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_who_does_not_own_it_is_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "2")
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert label_process(os.getpid() + 1) == f"rank2.pid{os.getpid()}"

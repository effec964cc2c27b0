"""What several processes recorded: each its own file, put together without loss or repetition."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parityhub.capture import merge_parts
from parityhub.errors import EvidenceError

WORKERS = """
import multiprocessing, sys
import numpy as np
from parityhub.capture import DebugDump, PatchStats

def work(recorder, number):
    for index in range(3):
        recorder.record(index, np.full((2, 4, 4), 10.0 * number + index))

def work_alone(folder):
    PatchStats(folder, limit=1, phase="inference").record(0, np.ones((2, 4, 4)))

if __name__ == "__main__":
    folder, how = sys.argv[1:]
    recorder = PatchStats(folder, limit=2)
    recorder.record(0, np.zeros((2, 4, 4)))
    context = multiprocessing.get_context(how)
    workers = [context.Process(target=work, args=(recorder, n)) for n in (1, 2)]
    workers.append(context.Process(target=work_alone, args=(folder,)))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    recorder.record(1, np.full((2, 4, 4), 5.0))
    recorder.record(2, np.ones((2, 4, 4)))
"""

RANK = """
import sys
import numpy as np
from parityhub.capture import DebugDump, PatchStats, record_environment

rank = int(sys.argv[2])
recorder = PatchStats(sys.argv[1], limit=2)
for index in range(3):
    recorder.record(index, np.full((2, 4, 4), 10.0 * rank + index))
DebugDump(sys.argv[1] + "/dump").write_patches(np.full((2, 4, 4), rank), np.zeros((2, 2)))
print(record_environment(directory=sys.argv[1])["rank"])
"""


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def run(folder: Path, script: str, *words: str, **variables: str) -> str:
    program = folder.parent / "program.py"
    program.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, program, folder, *words],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_workers_record_beside_each_other(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "out"
    run(folder, WORKERS, how)
    assert len(list(folder.glob("patch_stats_train.pid*.json"))) == 2
    assert {path.name for path in merge_parts(folder)} == {
        *("patch_stats_train.json", "patch_stats_inference.json"),
        *("patch_grid_train.npy", "patch_grid_inference.npy"),
    }
    entries = read(folder / "patch_stats_train.json")
    assert [(entry["batch_index"], entry["mean"]) for entry in entries[:1]] == [(0, 0.0)]
    assert sorted((entry["batch_index"], entry["mean"]) for entry in entries) == [
        *((0, 0.0), (0, 10.0), (0, 20.0), (1, 5.0), (1, 11.0), (1, 21.0)),
    ]
    assert sum("process" not in entry for entry in entries) == 2
    assert len(read(folder / "patch_stats_inference.json")) == 1
    # The program's own grid is not replaced by a worker's.
    assert np.load(folder / "patch_grid_train.npy").max() == 0


def test_ranks_record_beside_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for rank in ("10", "0", "2"):
        told = run(folder, RANK, rank, RANK=rank, WORLD_SIZE="11")
        assert f" process=rank{rank}\n" in told
        assert told.endswith(f"\n{rank}\n")
    assert not (folder / "patch_stats_train.json").exists()
    assert len(list(folder.glob("env_rank*_*.json"))) == 3
    merge_parts(folder)
    entries = read(folder / "patch_stats_train.json")
    assert [(entry["batch_index"], entry["process"]) for entry in entries] == [
        *((0, "rank0"), (0, "rank2"), (0, "rank10"), (1, "rank0"), (1, "rank2"), (1, "rank10")),
    ]
    assert np.load(folder / "patch_grid_train.npy").max() == 0
    dumps = {name: np.load(folder / "dump" / name / "patches.npy") for name in ("", "rank2")}
    assert {name: dump.real.max() for name, dump in dumps.items()} == {"": 0, "rank2": 2}


def test_one_process_among_one_is_alone(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run(folder, RANK, "0", RANK="0", WORLD_SIZE="1")
    before = (folder / "patch_stats_train.json").read_bytes()
    assert merge_parts(folder) == []
    assert (folder / "patch_stats_train.json").read_bytes() == before
    assert b"process" not in before


def test_merging_again_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for rank in ("0", "1"):
        run(folder, RANK, rank, RANK=rank, WORLD_SIZE="2")
    merge_parts(folder)
    before = (folder / "patch_stats_train.json").read_bytes()
    assert len(merge_parts(folder)) == 2
    assert (folder / "patch_stats_train.json").read_bytes() == before


@pytest.mark.parametrize("text", ["{", "[1]", '[{"mean": 1}]', '[{"batch_index": "0"}]', "null"])
def test_a_damaged_part_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "patch_stats_train.rank1.json").write_text(text)
    with pytest.raises(EvidenceError, match=r"patch_stats_train\.rank1\.json: no statistics"):
        merge_parts(tmp_path)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("patch_stats_train.old.json", "patch_stats_train..json", "patch_other.rank1.json"):
        (tmp_path / name).write_text("[]")
    (tmp_path / "elsewhere.json").write_text("[]")
    (tmp_path / "patch_stats_train.rank1.json").symlink_to(tmp_path / "elsewhere.json")
    assert merge_parts(tmp_path) == []
    assert not (tmp_path / "patch_stats_train.json").exists()

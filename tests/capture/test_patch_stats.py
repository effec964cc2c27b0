import json

import numpy as np
import pytest

from parityhub.capture import PatchStats, compute_stats
from parityhub.errors import OptionError


def make_patches(seed, count=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, 4, 8, 8)) + 1j * rng.normal(size=(count, 4, 8, 8))


def test_records_the_first_batches_and_no_more(tmp_path, capsys):
    recorder = PatchStats(tmp_path, limit=2, phase="train")
    batches = [make_patches(seed, count=5) for seed in range(3)]
    for index, patches in enumerate(batches):
        recorder.record(index, patches)
    entries = json.loads((tmp_path / "patch_stats_train.json").read_text())
    lines = capsys.readouterr().out.splitlines()
    assert [entry["batch_index"] for entry in entries] == [0, 1]
    assert len(lines) == 2
    for entry, patches, line in zip(entries, batches, lines, strict=False):
        stats = compute_stats(patches)
        assert {name: entry[name] for name in stats} == stats
        assert (entry["phase"], entry["batch_size"], len(entry["per_patch"])) == ("train", 5, 16)
        assert entry["per_patch"][3] == {"index": 3, **compute_stats(patches[0, 3])}
        assert line.startswith("PATCH_STATS phase=train batch=")
        assert f" var_zero_mean={stats['var_zero_mean']!r}" in line


def test_keeps_amplitudes_of_the_first_batch_for_a_picture(tmp_path):
    recorder = PatchStats(tmp_path, limit=2, phase="inference")
    first = make_patches(0, count=2)
    recorder.record(0, first)
    recorder.record(1, make_patches(1))
    grid = np.load(tmp_path / "patch_grid_inference.npy")
    assert grid.dtype == np.float32
    np.testing.assert_array_equal(grid, np.abs(first).reshape(8, 8, 8).astype(np.float32))


@pytest.mark.parametrize("limit", [0, None])
def test_costs_nothing_without_a_limit(tmp_path, limit):
    class Untouchable:
        def __getattribute__(self, name):
            raise AssertionError(f"{name} was asked for")

    PatchStats(tmp_path / "none", limit=limit).record(0, Untouchable())
    assert not (tmp_path / "none").exists()


def test_not_finite_is_written_as_such(tmp_path):
    PatchStats(tmp_path, limit=1).record(0, np.full((1, 2, 2), np.nan))
    (entry,) = json.loads((tmp_path / "patch_stats_train.json").read_text())
    assert np.isnan(entry["mean"])
    assert entry["nonfinite"] == 4


def test_refuses_a_negative_limit(tmp_path):
    with pytest.raises(OptionError):
        PatchStats(tmp_path, limit=-1)

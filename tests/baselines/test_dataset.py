"""Data sets: simulated to the byte, read with care, grouped and ordered alike for both sides."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parityhub.baselines.dataset import choose_groups, make_batch, order_batches, read_dataset
from parityhub.errors import DataError
from tests.baselines.conftest import SIDES, run_module


def test_the_same_seed_simulates_the_same_bytes(data: Path, tmp_path: Path):
    words = ("--size", "32", "--positions", "64")
    assert run_module("simulate", "--out", tmp_path / "same", *words, "--seed", "5").code == 0
    assert run_module("simulate", "--out", tmp_path / "other", *words, "--seed", "6").code == 0
    for name in ("train.npz", "test.npz"):
        expected = (data / name).read_bytes()
        assert (tmp_path / "same" / name).read_bytes() == expected
        assert (tmp_path / "other" / name).read_bytes() != expected


def test_a_data_set_has_the_names_of_the_field(data: Path):
    names = ["diff3d", "objectGuess", "probeGuess", "scan_index", "xcoords", "xcoords_start"]
    with np.load(data / "train.npz", allow_pickle=False) as arrays:
        assert sorted(arrays.files) == sorted([*names, "ycoords", "ycoords_start"])
        assert arrays["diff3d"].dtype == np.float32
        counts = np.square(arrays["diff3d"].astype(np.float64))
        # Counts are whole numbers of photons, and as many a pattern as was asked for.
        np.testing.assert_allclose(counts, np.round(counts), atol=1e-2)
        assert counts.sum(axis=(1, 2)).mean() == pytest.approx(1e5, rel=0.05)


def change_field(data: Path, out: Path, name: str, value: np.ndarray | None) -> Path:
    with np.load(data / "train.npz", allow_pickle=False) as arrays:
        fields = {key: arrays[key] for key in arrays.files if key != name}
    np.savez(out, **fields, **({} if value is None else {name: value}))
    return out


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("diff3d", None, "lacks diff3d"),
        ("probeGuess", None, "lacks probeGuess"),
        ("probeGuess", np.ones((4, 4)), "diff3d has shape"),
        ("xcoords", np.array([np.nan]), "not all finite"),
        ("xcoords", np.array(["a"]), "not all finite numbers"),
        ("diff3d", np.zeros((0, 32, 32)), "shape"),
    ],
)
def test_bad_data_is_refused_with_the_field_named(
    data: Path, tmp_path: Path, name: str, value: np.ndarray | None, says: str
):
    with pytest.raises(DataError, match=says) as refused:
        read_dataset(change_field(data, tmp_path / "bad.npz", name, value))
    assert "bad.npz" in refused.value.message
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("side", SIDES)
def test_a_program_refuses_bad_data_before_it_imports_its_framework(side: str, tmp_path: Path):
    bad = tmp_path / "bad.npz"
    bad.write_bytes(b"not a zip")
    ran = run_module(side, "train", "--train-data", bad, "--out", tmp_path / "out")
    assert ran.code == 2
    assert len(ran.log.splitlines()) == 2
    assert ran.log.startswith("error: cannot read")


@given(seed=st.integers(0, 2**32), count=st.integers(5, 40), gridsize=st.sampled_from([1, 2]))
@settings(max_examples=30, deadline=None)
def test_groups_are_of_different_neighbours(seed: int, count: int, gridsize: int):
    positions = np.random.default_rng(seed).uniform(0, 100, size=(count, 2))
    groups = choose_groups(positions, gridsize, 6, None, seed)
    assert groups.shape == (count, gridsize**2)
    assert groups[:, 0].tolist() == list(range(count))
    for group in groups:
        assert len(set(group.tolist())) == gridsize**2
        distances = np.square(positions - positions[group[0]]).sum(axis=1)
        assert np.all(distances[group] <= np.sort(distances)[min(6, count - 1)])
    assert np.array_equal(groups, choose_groups(positions, gridsize, 6, None, seed))


@given(groups=st.integers(1, 50), batch=st.integers(1, 60), epochs=st.integers(1, 4))
def test_each_epoch_sees_a_group_at_most_once(groups: int, batch: int, epochs: int):
    order = order_batches(groups, batch, epochs, seed=1)
    assert order.shape[0] == epochs
    for epoch in order:
        seen = epoch.ravel().tolist()
        assert len(seen) == len(set(seen)) == groups // min(batch, groups) * min(batch, groups)
        assert set(seen) <= set(range(groups))


def test_a_batch_is_normalised_and_keeps_its_counts(data: Path):
    dataset = read_dataset(data / "train.npz")
    groups = np.arange(len(dataset.positions))[:, None]
    batch = make_batch(dataset, groups, np.zeros((len(groups), 1, 2)), "float64")
    assert np.square(batch.patterns).sum(axis=(-2, -1)).mean() == pytest.approx(16**2)
    assert batch.counts.sum(axis=(-2, -1)).mean() == pytest.approx(dataset.mean_photons, rel=1e-5)

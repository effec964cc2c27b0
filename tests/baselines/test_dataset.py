import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.baselines.dataset import (
    choose_groups,
    make_batch,
    order_batches,
    read_dataset,
)
from parityhub.errors import DataError

RNG = np.random.default_rng(0)
GOOD = {
    "diff3d": RNG.uniform(0, 9, size=(10, 16, 16)).astype(np.float32),
    "probeGuess": np.ones((16, 16), dtype=np.complex64),
    "xcoords": RNG.uniform(20, 40, 10),
    "ycoords": RNG.uniform(20, 40, 10),
}


def spoil(name, change):
    array = np.array(GOOD[name])
    change(array)
    return {name: array}


def write(path, **changes):
    arrays = {name: array for name, array in (GOOD | changes).items() if array is not None}
    np.savez(path, **arrays)
    return path


def test_reads_a_users_own_file(tmp_path):
    path = write(tmp_path / "mine.npz")
    dataset = read_dataset(path)
    assert (dataset.name, dataset.size, dataset.sample) == ("mine.npz", 16, None)
    assert np.sum(np.abs(dataset.probe) ** 2) == pytest.approx(8**2)
    np.testing.assert_array_equal(dataset.positions[:, 0], GOOD["ycoords"])
    total = np.sum(np.square(dataset.amplitudes * dataset.pattern_scale), axis=(1, 2)).mean()
    assert total == pytest.approx(8**2)


BAD = {
    "no probe": {"probeGuess": None},
    "no patterns": {"diff3d": np.zeros((0, 16, 16))},
    "all dark": {"diff3d": np.zeros((10, 16, 16))},
    "dark probe": {"probeGuess": np.zeros((16, 16))},
    "not square": {"diff3d": np.ones((10, 16, 24))},
    "flat": {"diff3d": np.ones(10)},
    "a number": {"probeGuess": np.complex64(1)},
    "odd size": {"diff3d": np.ones((10, 12, 12)), "probeGuess": np.ones((12, 12))},
    "fewer coordinates": {"xcoords": np.zeros(9)},
    "nan": spoil("diff3d", lambda array: array.__setitem__((3, 2, 1), np.nan)),
    "inf": spoil("ycoords", lambda array: array.__setitem__(3, np.inf)),
    "negative": spoil("diff3d", lambda array: array.__setitem__((0, 0, 0), -1)),
    "complex patterns": {"diff3d": GOOD["diff3d"] * 1j},
    "text": {"xcoords": np.array(["a"] * 10)},
    "an object that is a line": {"objectGuess": np.ones(4)},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD.keys())
def test_refuses_in_one_line_what_is_wrong(tmp_path, changes):
    path = write(tmp_path / "bad.npz", **changes)
    with pytest.raises(DataError, match=r"bad\.npz") as caught:
        read_dataset(path)
    assert "\n" not in caught.value.message + caught.value.hint


def test_refuses_pickles(tmp_path):
    np.savez(tmp_path / "bad.npz", **GOOD | {"xcoords": np.array([{}] * 10, dtype=object)})
    with pytest.raises(DataError, match="cannot read"):
        read_dataset(tmp_path / "bad.npz")


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04"])
def test_refuses_what_is_no_npz(tmp_path, content):
    (tmp_path / "bad.npz").write_bytes(content)
    with pytest.raises(DataError, match="cannot read"):
        read_dataset(tmp_path / "bad.npz")


def test_refuses_a_single_array_a_cut_file_and_none(tmp_path):
    np.save(tmp_path / "one.npy", np.ones(3))
    whole = write(tmp_path / "cut.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[: len(whole) // 2])
    for name in ("one.npy", "cut.npz", "none.npz"):
        with pytest.raises(DataError, match="cannot read"):
            read_dataset(tmp_path / name)


@given(
    st.integers(5, 40),
    st.sampled_from([1, 2]),
    st.integers(3, 8),
    st.integers(1, 90),
    st.integers(),
)
def test_groups_are_of_near_neighbours(count, gridsize, near, n_groups, seed):
    positions = np.random.default_rng(1).uniform(0, 50, size=(count, 2))
    groups = choose_groups(positions, gridsize, near, n_groups, abs(seed))
    assert groups.shape == (n_groups, gridsize**2)
    for group in groups:
        distances = np.hypot(*(positions - positions[group[0]]).T)
        reach = np.sort(distances)[min(near, count - 1)]
        assert len(set(group.tolist())) == gridsize**2
        assert (distances[group] <= reach).all()
    starts = groups[:count, 0]
    assert len(set(starts.tolist())) == len(starts)


def test_each_position_starts_a_group_where_no_number_is_asked_for():
    positions = np.random.default_rng(1).uniform(0, 50, size=(20, 2))
    groups = choose_groups(positions, 2, 6, None, 0)
    np.testing.assert_array_equal(groups[:, 0], np.arange(20))


def test_positions_on_one_spot_are_no_trouble():
    groups = choose_groups(np.zeros((4, 2)), 2, 3, None, 0)
    assert [sorted(group) for group in groups.tolist()] == [[0, 1, 2, 3]] * 4


def test_too_few_positions_for_a_group():
    with pytest.raises(DataError, match="group of 4"):
        choose_groups(np.zeros((3, 2)), 2, 6, None, 0)


@given(st.integers(1, 60), st.integers(1, 20), st.integers(1, 4), st.integers(0, 99))
def test_an_epoch_sees_each_group_at_most_once(n_groups, batch_size, epochs, seed):
    order = order_batches(n_groups, batch_size, epochs, seed)
    together = min(n_groups, batch_size)
    assert order.shape == (epochs, n_groups // together, together)
    for epoch in order:
        assert len(set(epoch.ravel().tolist())) == epoch.size
    np.testing.assert_array_equal(order, order_batches(n_groups, batch_size, epochs, seed))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_batch_is_what_was_measured(tmp_path, dtype):
    dataset = read_dataset(write(tmp_path / "mine.npz"))
    groups = np.array([[3, 1], [0, 2]])
    batch = make_batch(dataset, groups, np.zeros((2, 2, 2)), dtype)
    assert all(array.dtype == dtype for array in batch)
    counts = np.fft.fftshift(batch.counts[0, 1])
    np.testing.assert_allclose(counts, GOOD["diff3d"][1].astype(np.float64) ** 2, rtol=1e-6)
    scaled = np.sqrt(batch.counts) * dataset.pattern_scale
    np.testing.assert_allclose(batch.patterns, scaled, rtol=1e-6)

import numpy as np

from parityhub.baselines.npz import digest_arrays, write_npz


def test_the_same_arrays_make_the_same_bytes(tmp_path):
    arrays = {"b": np.arange(3), "a": np.ones((2, 2), dtype=np.float32)}
    for name in ("one", "two"):
        write_npz(tmp_path / f"{name}.npz", arrays)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz", allow_pickle=False) as read:
        assert read.files == ["b", "a"]
        np.testing.assert_array_equal(read["b"], arrays["b"])


def test_a_digest_tells_type_shape_and_order():
    a, b = np.zeros(4), np.ones(4)
    different = [
        digest_arrays(a, b),
        digest_arrays(b, a),
        digest_arrays(a),
        digest_arrays(a.astype(np.float32)),
        digest_arrays(a.reshape(2, 2)),
        digest_arrays(a, b.reshape(2, 2)),
    ]
    assert len(set(different)) == len(different)
    assert digest_arrays(a) == digest_arrays(np.zeros(8)[::2])

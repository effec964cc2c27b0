import numpy as np
import pytest

from parityhub.errors import EvidenceError
from parityhub.frameworks.tensorflow.arrays import read_arrays, write_arrays, write_values


def test_arrays_go_out_and_in(tmp_path):
    arrays = {"a/b": np.arange(3.0), "file": np.array(2 + 1j), "x#2": np.ones((2, 0), np.int8)}
    file = str(tmp_path / "deep" / "arrays.npz")
    write_arrays(file, arrays)
    read = read_arrays(file)
    assert list(read) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(read[name], array)
        assert read[name].dtype == array.dtype


def test_values_have_files_of_their_own(tmp_path):
    first = write_values(str(tmp_path), {"a/b": np.zeros(1), "a_b": np.ones(1)})
    second = write_values(str(tmp_path), {"a/b": np.full(1, 2.0)})
    files = [first["a/b"], first["a_b"], second["a/b"]]
    assert [float(np.load(file)[0]) for file in files] == [0.0, 1.0, 2.0]


def test_objects_and_other_files_are_refused(tmp_path):
    objects = tmp_path / "objects.npz"
    np.savez(objects, a=np.array([None]))
    single = tmp_path / "single.npy"
    np.save(single, np.zeros(3))
    for file in (objects, single, tmp_path / "absent.npz"):
        with pytest.raises(EvidenceError, match=f"{file.name} cannot be read"):
            read_arrays(str(file))

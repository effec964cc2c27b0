import ml_dtypes
import numpy as np
import pytest

from parityhub.capture.arrays import read_array
from parityhub.errors import DataError


class Eager:
    """Has `.numpy()`, as TensorFlow's tensors have."""

    def __init__(self, array):
        self.array = array

    def numpy(self):
        return self.array


class OnTape(Eager):
    """Gives its numbers only off the tape, on the host, and resolved, as PyTorch's tensors do."""

    steps = ("detach", "cpu", "resolve_conj", "resolve_neg")

    def __init__(self, array, done=()):
        super().__init__(array)
        self.done = done

    def __getattr__(self, name):
        if name not in self.steps:
            raise AttributeError(name)
        return lambda: OnTape(self.array, (*self.done, name))

    def numpy(self):
        if self.done != self.steps:
            raise RuntimeError(f"still on the tape: {self.done}")
        return self.array


class Capsule:
    """Has only `__dlpack__`."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


@pytest.mark.parametrize("wrap", [np.asarray, Eager, OnTape, Capsule])
def test_reads_any_tensor_without_a_copy(wrap):
    array = np.arange(6.0).reshape(2, 3)
    assert np.shares_memory(read_array(wrap(array)), array)


def test_says_what_it_cannot_read():
    class Refusing:
        def numpy(self):
            raise TypeError("got unsupported ScalarType BFloat16")

    with pytest.raises(DataError, match="BFloat16"):
        read_array(Refusing())
    with pytest.raises(DataError, match="not numeric"):
        read_array([object()])


def test_bfloat16_of_numpy_comes_as_float32_exactly():
    narrow = np.array([1.0, 1 / 3, 3e38], dtype=ml_dtypes.bfloat16)
    found = read_array(narrow)
    assert found.dtype == np.float32
    assert np.array_equal(found, narrow.astype(np.float64))

import numpy as np
import pytest

from parityhub.baselines.initial_weights import make_initial_weights
from parityhub.baselines.layout import describe_weights, gather, lay_out, list_layers
from parityhub.errors import EvidenceError

LAYOUTS = describe_weights(2)
WEIGHTS = make_initial_weights(2, 0)


@pytest.mark.parametrize("gridsize", [1, 2])
def test_initial_weights_are_those_described(gridsize):
    weights = make_initial_weights(gridsize, 0)
    described = {layout.name: layout.shape for layout in describe_weights(gridsize)}
    assert {name: array.shape for name, array in weights.items()} == described
    assert {array.dtype for array in weights.values()} == {np.dtype(np.float32)}


def test_initial_weights_follow_the_seed():
    same, other = make_initial_weights(2, 0), make_initial_weights(2, 1)
    assert all(same[name].tobytes() == array.tobytes() for name, array in WEIGHTS.items())
    assert all((other[name] != array).any() for name, array in WEIGHTS.items() if "kernel" in name)


@pytest.mark.parametrize("framework", ["tensorflow", "pytorch"])
def test_there_and_back_is_the_same(framework):
    back = gather(lay_out(WEIGHTS, LAYOUTS, framework), LAYOUTS, framework)
    assert list(back) == list(WEIGHTS)
    for name, array in WEIGHTS.items():
        np.testing.assert_array_equal(back[name], array)


def test_pytorch_has_kernels_as_oihw_and_tensorflow_as_hwio():
    kernel = WEIGHTS["narrow_0.kernel"]
    torch = lay_out(WEIGHTS, LAYOUTS, "pytorch")["narrow_0.weight"]
    tensorflow = lay_out(WEIGHTS, LAYOUTS, "tensorflow")["narrow_0/kernel"]
    assert (torch.shape, tensorflow.shape) == ((16, 32, 3, 3), (3, 3, 32, 16))
    assert torch[5, 6, 1, 2] == tensorflow[1, 2, 6, 5] == kernel[1, 2, 6, 5]


def test_names_are_unique_on_either_side():
    for attribute in ("name", "tensorflow", "pytorch"):
        names = [getattr(layout, attribute) for layout in LAYOUTS]
        assert len(set(names)) == len(names) == 2 * len(list_layers(2))


def test_an_unmatched_name_or_shape_is_an_error():
    missing = {name: array for name, array in WEIGHTS.items() if name != "bottom.bias"}
    for weights, what in (
        (missing, "missing .*bottom.bias"),
        (WEIGHTS | {"extra": np.zeros(1)}, "unknown .*extra"),
        (WEIGHTS | {"bottom.bias": np.zeros(3)}, "bottom.bias has shape"),
        # As many numbers, in another order: a silent transpose.
        (WEIGHTS | {"narrow_0.kernel": np.zeros((3, 3, 16, 32))}, "narrow_0.kernel has shape"),
    ):
        with pytest.raises(EvidenceError, match=what):
            lay_out(weights, LAYOUTS, "pytorch")
    with pytest.raises(EvidenceError, match="pytorch weights do not match"):
        gather(lay_out(WEIGHTS, LAYOUTS, "tensorflow"), LAYOUTS, "pytorch")
    with pytest.raises(EvidenceError, match="shape"):
        lay_out(WEIGHTS, describe_weights(1), "tensorflow")

"""The layout mapping: data that says what each weight is called and how it is turned."""

import numpy as np
import pytest

from parityhub.baselines.initial_weights import make_initial_weights
from parityhub.baselines.layout import Framework, describe_weights, gather, lay_out
from parityhub.errors import EvidenceError


@pytest.mark.parametrize("gridsize", [1, 2])
@pytest.mark.parametrize("framework", ["tensorflow", "pytorch"])
def test_laid_out_and_gathered_again_nothing_has_changed(framework: Framework, gridsize: int):
    layouts = describe_weights(gridsize)
    weights = make_initial_weights(gridsize, 1)
    again = gather(lay_out(weights, layouts, framework), layouts, framework)
    assert list(again) == list(weights)
    assert all(np.array_equal(again[name], weights[name]) for name in weights)


def test_a_kernel_is_hwio_in_tensorflow_and_oihw_in_pytorch():
    layouts = describe_weights(2)
    weights = make_initial_weights(2, 1)
    name = "encoder_1.kernel"
    height, width, inputs, outputs = weights[name].shape
    torch = lay_out(weights, layouts, "pytorch")["encoder_1.weight"]
    assert torch.shape == (outputs, inputs, height, width)
    assert torch[5, 3, 2, 1] == weights[name][2, 1, 3, 5]
    assert np.array_equal(
        lay_out(weights, layouts, "tensorflow")["encoder_1/kernel"], weights[name]
    )


def test_what_does_not_match_is_an_error_never_a_guess():
    layouts = describe_weights(2)
    weights = make_initial_weights(2, 1)
    with pytest.raises(EvidenceError, match=r"missing \['encoder_0.bias'\]"):
        lay_out({k: v for k, v in weights.items() if k != "encoder_0.bias"}, layouts, "pytorch")
    with pytest.raises(EvidenceError, match=r"unknown \['stray'\]"):
        lay_out({**weights, "stray": np.zeros(1)}, layouts, "pytorch")
    turned = {**weights, "encoder_0.kernel": weights["encoder_0.kernel"].transpose(3, 2, 0, 1)}
    with pytest.raises(EvidenceError, match=r"encoder_0\.kernel has shape"):
        lay_out(turned, layouts, "tensorflow")
    with pytest.raises(EvidenceError, match="has shape") as refused:
        lay_out(make_initial_weights(1, 1), layouts, "tensorflow")
    assert "gridsize" in refused.value.hint


def test_the_same_seed_makes_the_same_weights():
    first, same, other = (make_initial_weights(2, seed) for seed in (4, 4, 5))
    assert all(np.array_equal(first[name], same[name]) for name in first)
    assert not np.array_equal(first["bottom.kernel"], other["bottom.kernel"])

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.compare.weights.convert import convert_weights, share_weights
from parityhub.compare.weights.mapping import derive_mapping
from parityhub.errors import EvidenceError
from parityhub.plan.pair import WeightEntry
from tests.compare.weights.listings import (
    keras,
    keras_attention,
    keras_conv,
    keras_dense,
    keras_norm,
    keras_recurrent,
    torch,
    torch_attention,
    torch_conv,
    torch_dense,
    torch_norm,
    torch_recurrent,
)

OURS = [
    *keras_conv("conv", 3, 4),
    *keras_norm("bn", 4),
    keras("deep/kernel", "DepthwiseConv2D", 3, 3, 4, 2),
    *keras_dense("head", 5, 5),
    *keras_recurrent("lstm/lstm_cell", "LSTMCell", 3, 2, 4),
    *keras_recurrent("gru/gru_cell", "GRUCell", 3, 2, 3),
    *keras_attention("attn", 6, 2),
    keras("up/kernel", "Conv2DTranspose", 3, 3, 5, 4),
    keras("scale", "Net"),
]
THEIRS = [
    *torch_conv("conv", 3, 4),
    *torch_norm("bn", 4),
    torch("deep.weight", "Conv2d", 8, 1, 3, 3),
    *torch_dense("head", 5, 5),
    *torch_recurrent("lstm", "LSTM", 3, 2, 4),
    *torch_recurrent("gru", "GRU", 3, 2, 3),
    *torch_attention("attn", 6),
    torch("up.weight", "ConvTranspose2d", 4, 5, 3, 3),
    torch("scale", "Net"),
]


def draw_arrays(listing, seed, dtype=np.float32):
    generator = np.random.default_rng(seed)
    return {
        info["name"]: np.asarray(generator.standard_normal(info["shape"]), dtype)
        for info in listing
        if info["role"] != "num_batches_tracked"
    }


@given(st.integers(0, 2**32), st.sampled_from([np.float32, np.float64, np.complex64]))
def test_there_and_back_is_exact(seed, dtype):
    mapping = derive_mapping(OURS, THEIRS)
    arrays = draw_arrays(OURS, seed, dtype)
    there = convert_weights(arrays, mapping, "tensorflow")
    back = convert_weights(there, mapping, "pytorch")
    assert set(back) == set(arrays)
    assert all(np.array_equal(back[name], arrays[name]) for name in arrays)
    assert all(back[name].dtype == arrays[name].dtype for name in arrays)
    assert {name: array.shape for name, array in there.items()} == {
        info["name"]: tuple(info["shape"])
        for info in THEIRS
        if info["role"] != "num_batches_tracked"
    }


@given(st.integers(0, 2**32))
def test_the_other_way_round_is_exact_but_for_sums_of_biases(seed):
    mapping = derive_mapping(OURS, THEIRS)
    arrays = draw_arrays(THEIRS, seed)
    back = convert_weights(convert_weights(arrays, mapping, "pytorch"), mapping, "tensorflow")
    summed = {"lstm.bias_ih_l0", "lstm.bias_hh_l0"}
    assert all(np.array_equal(back[name], arrays[name]) for name in set(arrays) - summed)
    total = arrays["lstm.bias_ih_l0"] + arrays["lstm.bias_hh_l0"]
    assert np.array_equal(back["lstm.bias_ih_l0"], total)
    assert not back["lstm.bias_hh_l0"].any()


def test_shared_weights_are_the_same_numbers():
    mapping = derive_mapping(OURS, THEIRS)
    ours, theirs = share_weights(draw_arrays(THEIRS, 1), mapping, "pytorch")
    assert np.array_equal(theirs["lstm.bias_ih_l0"], ours["lstm/lstm_cell/bias"])
    assert all(
        np.array_equal(theirs[name], array)
        for name, array in convert_weights(ours, mapping, "tensorflow").items()
    )
    again, _ = share_weights(draw_arrays(OURS, 2), mapping, "tensorflow")
    assert set(again) == {info["name"] for info in OURS}


def test_each_rule_moves_the_elements_it_says():
    arrays = draw_arrays(OURS, 3)
    made = convert_weights(arrays, derive_mapping(OURS, THEIRS), "tensorflow")
    kernel = arrays["conv/kernel"]
    assert made["conv.weight"][3, 1, 0, 2] == kernel[0, 2, 1, 3]
    assert made["deep.weight"][2 * 2 + 1, 0, 0, 1] == arrays["deep/kernel"][0, 1, 2, 1]
    assert made["up.weight"][3, 4, 1, 2] == arrays["up/kernel"][1, 2, 4, 3]
    assert made["head.weight"][1, 4] == arrays["head/kernel"][4, 1]
    reset = arrays["gru/gru_cell/kernel"][:, 2:4]
    assert np.array_equal(made["gru.weight_ih_l0"][:2], reset.T)
    assert np.array_equal(made["gru.bias_hh_l0"][:2], arrays["gru/gru_cell/bias"][1, 2:4])
    key = arrays["attn/key/kernel"]
    assert made["attn.in_proj_weight"][6 + 3 * 1 + 2, 5] == key[5, 1, 2]
    assert (
        made["attn.out_proj.weight"][4, 3 * 1 + 2]
        == arrays["attn/attention_output/kernel"][1, 2, 4]
    )


@given(st.sampled_from(list(permutations(range(4)))), st.integers(0, 99))
def test_declared_axes_go_there_and_back(axes, seed):
    shape = (2, 3, 4, 5)
    moved = [shape[axis] for axis in axes]
    ours, theirs = [keras("a/k", "Mine", *shape)], [torch("a.k", "Mine", *moved)]
    mapping = derive_mapping(
        ours, theirs, [WeightEntry(tensorflow="a/k", pytorch="a.k", axes=axes)]
    )
    arrays = draw_arrays(ours, seed)
    there = convert_weights(arrays, mapping, "tensorflow")
    assert np.array_equal(there["a.k"], arrays["a/k"].transpose(axes))
    assert np.array_equal(convert_weights(there, mapping, "pytorch")["a/k"], arrays["a/k"])


def test_special_values_come_through():
    mapping = derive_mapping(keras_dense("a", 2, 2), torch_dense("a", 2, 2))
    kernel = np.array([[np.nan, np.inf], [-0.0, 5e-324]])
    made = convert_weights({"a/kernel": kernel, "a/bias": kernel[0]}, mapping, "tensorflow")
    assert made["a.weight"].T.tobytes() == kernel.tobytes()


def test_tied_weights_must_be_equal():
    ours = [keras("e/embeddings", "Embedding", 6, 4)]
    theirs = [torch("e.weight", "Embedding", 6, 4), torch("head.weight", "Linear", 6, 4)]
    tied = [
        WeightEntry(tensorflow="e/embeddings", pytorch=name, axes=(0, 1))
        for name in ("e.weight", "head.weight")
    ]
    mapping = derive_mapping(ours, theirs, tied)
    arrays = draw_arrays(ours, 4)
    there = convert_weights(arrays, mapping, "tensorflow")
    assert np.array_equal(there["e.weight"], there["head.weight"])
    assert np.array_equal(
        convert_weights(there, mapping, "pytorch")["e/embeddings"], arrays["e/embeddings"]
    )
    there["head.weight"] = there["head.weight"] + 1
    with pytest.raises(EvidenceError, match="not equal"):
        convert_weights(there, mapping, "pytorch")


def test_weights_of_another_model_are_refused():
    mapping = derive_mapping(keras_dense("a", 2, 3), torch_dense("a", 2, 3))
    with pytest.raises(EvidenceError, match="lack a/bias"):
        convert_weights({"a/kernel": np.ones((2, 3))}, mapping, "tensorflow")
    with pytest.raises(EvidenceError, match=r"shape \(3, 2\), expected \(2, 3\)"):
        convert_weights({"a/kernel": np.ones((3, 2)), "a/bias": np.ones(3)}, mapping, "tensorflow")

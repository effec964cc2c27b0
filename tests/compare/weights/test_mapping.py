import pytest

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


def pair_names(mapping):
    return {pair.tensorflow: pair.pytorch for pair in mapping if not pair.addend}


def find(mapping, tensorflow):
    return next(pair for pair in mapping if pair.tensorflow == tensorflow)


RULES = [
    (keras("a/kernel", "Conv1D", 3, 4, 5), torch("a.weight", "Conv1d", 5, 4, 3), "WIO -> OIW"),
    (
        keras("a/kernel", "Conv2D", 3, 3, 4, 5),
        torch("a.weight", "Conv2d", 5, 4, 3, 3),
        "HWIO -> OIHW",
    ),
    (
        keras("a/kernel", "Conv3D", 2, 3, 3, 4, 5),
        torch("a.weight", "Conv3d", 5, 4, 2, 3, 3),
        "DHWIO -> OIDHW",
    ),
    (
        keras("a/kernel", "DepthwiseConv2D", 3, 3, 4, 2),
        torch("a.weight", "Conv2d", 8, 1, 3, 3),
        "HWIM -> (I*M)1HW",
    ),
    (
        keras("a/kernel", "Conv2DTranspose", 3, 3, 5, 4),
        torch("a.weight", "ConvTranspose2d", 4, 5, 3, 3),
        "HWOI -> IOHW",
    ),
    (keras("a/kernel", "Dense", 4, 4), torch("a.weight", "Linear", 4, 4), "IO -> OI"),
    (
        keras("a/kernel", "Dense", 4, 5),
        torch("a.weight", "Conv2d", 5, 4, 1, 1),
        "IO -> OI, (5, 4) -> (5, 4, 1, 1)",
    ),
    (
        keras("a/kernel", "Conv2D", 1, 1, 4, 5),
        torch("a.weight", "Linear", 5, 4),
        "HWIO -> OIHW, (5, 4, 1, 1) -> (5, 4)",
    ),
    (
        keras("a/kernel", "EinsumDense", 6, 2, 3),
        torch("a.weight", "Linear", 6, 6),
        "ABC -> (B*C)A",
    ),
    (
        keras("a/embeddings", "Embedding", 10, 10),
        torch("a.weight", "Embedding", 10, 10),
        "the same order",
    ),
    (
        keras("a/gamma", "LayerNormalization", 8),
        torch("a.weight", "LayerNorm", 8),
        "the same order",
    ),
    (keras("a/alpha", "PReLU", 1, 1, 3), torch("a.weight", "PReLU", 3), "(1, 1, 3) -> (3,)"),
    (keras("scale", "Net"), torch("scale", "Net"), "the same order"),
    (keras("a/g", "Mine", 3), torch("a.g", "Mine", 3, 1, 1), "(3,) -> (3, 1, 1)"),
]


@pytest.mark.parametrize(("tensorflow", "pytorch", "rule"), RULES)
def test_a_kind_of_layer_has_its_rule(tensorflow, pytorch, rule):
    (pair,) = derive_mapping([tensorflow], [pytorch])
    assert (pair.rule, pair.confidence, pair.found) == (rule, "certain", "by name")


def test_names_in_another_spelling_are_the_same():
    ours = [*keras_conv("block_1_expand", 4, 4), *keras_norm("block_1_expand_BN", 4)]
    ours += [*keras_conv("block_2_expand", 4, 4), *keras_norm("block_2_expand_BN", 4)]
    theirs = [*torch_norm("block.2.expand.bn", 4), *torch_conv("block.2.expand", 4, 4)]
    theirs += [*torch_norm("block.1.expand.bn", 4), *torch_conv("block.1.expand", 4, 4)]
    mapping = derive_mapping(ours, theirs)
    assert len(mapping) == 12
    assert {(pair.found, pair.confidence) for pair in mapping} == {("by name", "certain")}
    assert all(pair.tensorflow.split("_")[1] == pair.pytorch.split(".")[1] for pair in mapping)


def test_numbers_may_start_elsewhere_but_then_order_counts():
    ours = [info for name in ("conv2d", "conv2d_1", "conv2d_2") for info in keras_conv(name, 4, 4)]
    theirs = [info for place in (1, 2, 3) for info in torch_conv(f"features.conv{place}", 4, 4)]
    mapping = derive_mapping(ours, theirs)
    assert pair_names(mapping)["conv2d_1/kernel"] == "features.conv2.weight"
    assert {(pair.found, pair.confidence) for pair in mapping} == {("by name", "likely")}


def test_numbers_against_order_are_ambiguous():
    ours = [info for name in ("dense", "dense_1", "dense_2") for info in keras_dense(name, 4, 4)]
    theirs = [info for place in (3, 2, 1) for info in torch_dense(f"fc{place}", 4, 4)]
    with pytest.raises(EvidenceError, match=r"dense/kernel \(4 x 4\) could be any of") as caught:
        derive_mapping(ours, theirs)
    for place in (1, 2, 3):
        assert f"fc{place}.weight (4 x 4)" in caught.value.message
    assert 'tensorflow = "dense/kernel", pytorch = "fc3.weight"' in caught.value.hint
    assert "axes = [1, 0]" in caught.value.hint


def test_what_fits_nothing_else_is_certain_under_any_name():
    ours = [*keras_conv("stem", 3, 8), *keras_norm("stem_norm", 8), *keras_dense("head", 8, 2)]
    theirs = [*torch_dense("a", 8, 2), *torch_conv("b", 3, 8), *torch_norm("c", 8)]
    mapping = derive_mapping(ours, theirs)
    assert pair_names(mapping) == {
        "stem/kernel": "b.weight",
        "stem/bias": "b.bias",
        "stem_norm/gamma": "c.weight",
        "stem_norm/beta": "c.bias",
        "stem_norm/moving_mean": "c.running_mean",
        "stem_norm/moving_variance": "c.running_var",
        "head/kernel": "a.weight",
        "head/bias": "a.bias",
    }
    assert {pair.confidence for pair in mapping} == {"certain"}
    assert {pair.found for pair in mapping} == {"by shape and order"}


def test_order_decides_between_neighbours_and_is_only_likely():
    ours = [*keras_conv("one", 3, 8), *keras_conv("two", 8, 8), *keras_conv("three", 8, 8)]
    theirs = [*torch_conv("x.0", 3, 8), *torch_conv("x.2", 8, 8), *torch_conv("x.4", 8, 8)]
    mapping = derive_mapping(ours, theirs)
    assert find(mapping, "two/kernel").pytorch == "x.2.weight"
    assert find(mapping, "two/kernel").confidence == "likely"
    assert find(mapping, "one/kernel").confidence == "certain"


def test_order_against_names_is_ambiguous():
    ours = [*keras_conv("in", 3, 8), *keras_conv("left_a", 8, 8), *keras_conv("right_a", 8, 8)]
    theirs = [*torch_conv("x", 3, 8), *torch_conv("b_right", 8, 8), *torch_conv("b_left", 8, 8)]
    with pytest.raises(EvidenceError, match=r"could be any of .*: b_right.weight"):
        derive_mapping(ours, theirs)


def test_another_order_of_owners_is_ambiguous():
    ours = [*keras_conv("a", 8, 8), *keras_norm("b", 8), *keras_conv("c", 8, 8)]
    ours += [*keras_norm("d", 8)]
    theirs = [*torch_conv("m", 8, 8), *torch_conv("n", 8, 8), *torch_norm("o", 8)]
    theirs += [*torch_norm("p", 8)]
    with pytest.raises(EvidenceError, match="could be any of"):
        derive_mapping(ours, theirs)


def test_a_name_in_another_shape_is_not_paired():
    ours, theirs = keras_dense("head", 4, 5), torch_dense("head", 5, 4)
    with pytest.raises(EvidenceError, match=r"fits none .*: head.weight \(4 x 5\)"):
        derive_mapping(ours, theirs)


def test_a_weight_of_pytorch_alone_is_refused():
    ours = [keras("a/kernel", "Dense", 4, 5)]
    with pytest.raises(EvidenceError, match="fits none"):
        derive_mapping(ours, torch_dense("a", 4, 5))
    with pytest.raises(EvidenceError, match=r"PyTorch's b.weight \(5 x 4\) has no partner"):
        derive_mapping(keras_dense("a", 4, 5), torch_dense("a", 4, 5) + torch_dense("b", 4, 5))


def test_attention_goes_into_one_fused_weight():
    mapping = derive_mapping(keras_attention("mha", 6, 2), torch_attention("self_attn", 6))
    assert pair_names(mapping)["mha/key/kernel"] == "self_attn.in_proj_weight"
    key = find(mapping, "mha/key/kernel")
    assert (key.axes, key.reshape, key.start) == ((1, 2, 0), (6, 6), 6)
    assert key.rule == "ABC -> (B*C)A, rows 6 to 11"
    assert find(mapping, "mha/value/bias").start == 12
    output = find(mapping, "mha/attention_output/kernel")
    assert (output.axes, output.pytorch) == ((2, 0, 1), "self_attn.out_proj.weight")


def test_a_fused_linear_is_three_unless_keras_has_it_so():
    three = [info for name in ("query", "key", "value") for info in keras_dense(f"at/{name}", 4, 4)]
    mapping = derive_mapping(three, torch_dense("at.qkv", 4, 12))
    assert [pair.start for pair in mapping] == [0, 0, 4, 4, 8, 8]
    (kernel, _) = derive_mapping(keras_dense("at/qkv", 4, 12), torch_dense("at.qkv", 4, 12))
    assert (kernel.start, kernel.reshape) == (0, (12, 4))


def test_lstm_in_two_directions():
    ours = keras_recurrent("bidirectional/forward_lstm/lstm_cell", "LSTMCell", 3, 4, 4)
    ours += keras_recurrent("bidirectional/backward_lstm/lstm_cell", "LSTMCell", 3, 4, 4)
    theirs = torch_recurrent("lstm", "LSTM", 3, 4, 4)
    theirs += torch_recurrent("lstm", "LSTM", 3, 4, 4, "_l0_reverse")
    mapping = derive_mapping(ours, theirs)
    names = pair_names(mapping)
    assert names["bidirectional/forward_lstm/lstm_cell/kernel"] == "lstm.weight_ih_l0"
    assert names["bidirectional/backward_lstm/lstm_cell/bias"] == "lstm.bias_ih_l0_reverse"
    second = [pair for pair in mapping if pair.addend]
    assert [pair.pytorch for pair in second] == ["lstm.bias_hh_l0", "lstm.bias_hh_l0_reverse"]
    assert "this one is zero" in second[0].rule
    assert {pair.found for pair in mapping} == {"by name"}


def test_layers_of_one_lstm_are_several_of_keras():
    ours = keras_recurrent("lstm/lstm_cell", "LSTMCell", 4, 4, 4)
    ours += keras_recurrent("lstm_1/lstm_cell", "LSTMCell", 4, 4, 4)
    theirs = torch_recurrent("rnn", "LSTM", 4, 4, 4)
    theirs += torch_recurrent("rnn", "LSTM", 4, 4, 4, "_l1")
    mapping = derive_mapping(ours, theirs)
    assert pair_names(mapping)["lstm_1/lstm_cell/recurrent_kernel"] == "rnn.weight_hh_l1"
    assert {pair.confidence for pair in mapping} == {"likely"}


def test_gru_has_gates_in_another_order_and_two_biases():
    ours = keras_recurrent("gru/gru_cell", "GRUCell", 3, 4, 3)
    mapping = derive_mapping(ours, torch_recurrent("gru", "GRU", 3, 4, 3))
    kernel = find(mapping, "gru/gru_cell/kernel")
    assert (kernel.gates, kernel.rule) == ((1, 0, 2), "IO -> OI, gates z,r,h -> r,z,n")
    biases = [pair for pair in mapping if pair.tensorflow.endswith("bias")]
    assert {pair.pytorch: pair.row for pair in biases} == {"gru.bias_ih_l0": 0, "gru.bias_hh_l0": 1}


def test_gru_that_resets_before_is_another_function():
    ours = keras_recurrent("gru/gru_cell", "GRUCell", 3, 4, 3)[:2]
    ours.append(keras("gru/gru_cell/bias", "GRUCell", 12))
    with pytest.raises(EvidenceError, match=r"reset_after=False.*gru.weight_ih_l0"):
        derive_mapping(ours, torch_recurrent("gru", "GRU", 3, 4, 3))


def test_separable_convolution_is_two_layers():
    ours = [
        keras("s/depthwise_kernel", "SeparableConv2D", 3, 3, 4, 1),
        keras("s/pointwise_kernel", "SeparableConv2D", 1, 1, 4, 5),
        keras("s/bias", "SeparableConv2D", 5),
    ]
    theirs = [
        torch("s.depthwise.weight", "Conv2d", 4, 1, 3, 3),
        torch("s.pointwise.weight", "Conv2d", 5, 4, 1, 1),
        torch("s.pointwise.bias", "Conv2d", 5),
    ]
    mapping = derive_mapping(ours, theirs)
    assert [pair.pytorch for pair in mapping] == [info["name"] for info in theirs]
    assert next(pair.rule for pair in mapping) == "HWIM -> (I*M)1HW"


def test_a_square_weight_of_an_unknown_class_is_not_guessed():
    ours, theirs = [keras("m/w", "Mine", 4, 4)], [torch("m.w.weight", "Linear", 4, 4)]
    with pytest.raises(EvidenceError, match="cannot be told"):
        derive_mapping(ours, theirs)
    (pair,) = derive_mapping([keras("m/w", "Mine", 4, 5)], [torch("m.w.weight", "Linear", 5, 4)])
    assert (pair.axes, pair.confidence) == ((1, 0), "likely")


def test_prelu_with_a_slope_for_each_pixel_is_not_pytorchs():
    with pytest.raises(EvidenceError, match=r"p/alpha \(8 x 8 x 3\) fits none"):
        derive_mapping([keras("p/alpha", "PReLU", 8, 8, 3)], [torch("p.weight", "PReLU", 3)])


def test_what_is_declared_goes_first():
    ours = [*keras_dense("a", 4, 4), *keras_dense("b", 4, 4)]
    theirs = [*torch_dense("m", 4, 4), *torch_dense("n", 4, 4)]
    declared = [
        WeightEntry(tensorflow="a/kernel", pytorch="n.weight", axes=(0, 1)),
        WeightEntry(tensorflow="a/bias", pytorch="n.bias"),
    ]
    mapping = derive_mapping(ours, theirs, declared)
    assert pair_names(mapping)["a/kernel"] == "n.weight"
    assert find(mapping, "a/kernel").axes == (0, 1)
    assert find(mapping, "a/kernel").found == "declared"
    assert (find(mapping, "b/kernel").pytorch, find(mapping, "b/kernel").axes) == (
        "m.weight",
        (1, 0),
    )
    plain = derive_mapping(
        ours[:1], theirs[:1], [WeightEntry(tensorflow="a/kernel", pytorch="m.weight")]
    )
    assert plain[0].axes == (1, 0)


DECLARED = [
    (WeightEntry(tensorflow="no", pytorch="m.weight"), "weight no, which it does not have"),
    (WeightEntry(tensorflow="a/kernel", pytorch="no"), "weight no, which it does not have"),
    (WeightEntry(tensorflow="a/kernel", pytorch="m.weight", axes=(0, 0)), r"axes \[0, 0\]"),
    (WeightEntry(tensorflow="a/kernel", pytorch="m.weight", axes=(0, 1, 2)), "for a weight of"),
    (WeightEntry(tensorflow="a/kernel", pytorch="m.bias"), "does not fit"),
]


@pytest.mark.parametrize(("entry", "words"), DECLARED)
def test_a_declaration_that_does_not_fit_is_refused(entry, words):
    with pytest.raises(EvidenceError, match=words):
        derive_mapping(keras_dense("a", 4, 5), torch_dense("m", 4, 5), [entry])


def test_one_weight_may_be_declared_for_two_of_pytorch_but_not_the_other_way():
    ours = [keras("e/embeddings", "Embedding", 6, 4)]
    theirs = [torch("e.weight", "Embedding", 6, 4), torch("head.weight", "Linear", 6, 4)]
    tied = [
        WeightEntry(tensorflow="e/embeddings", pytorch="e.weight"),
        WeightEntry(tensorflow="e/embeddings", pytorch="head.weight", axes=(0, 1)),
    ]
    assert [pair.pytorch for pair in derive_mapping(ours, theirs, tied)] == [
        "e.weight",
        "head.weight",
    ]
    with pytest.raises(EvidenceError, match="twice"):
        derive_mapping(ours, theirs, [tied[0], tied[0]])


def test_empty_listings_have_an_empty_mapping():
    assert derive_mapping([], []) == ()
    with pytest.raises(EvidenceError, match="none is left"):
        derive_mapping(keras_dense("a", 2, 2), [])

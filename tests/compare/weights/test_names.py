import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.compare.weights.names import (
    drop_prefix,
    drop_wrappers,
    list_tokens,
    make_name,
    read_name,
    sort_words,
)

SAME = [
    ("block_1_expand", "block.1.expand"),
    ("block_1_expand_BN", "block.1.expand.bn"),
    ("conv2d_3", "conv.3"),
    ("batch_normalization_2", "bn2"),
    ("Conv1", "conv1"),
    ("encoder/self_attention/query", "encoder.self_attn.q_proj"),
    ("multi_head_attention/attention_output", "attn.out_proj"),
    ("layerNorm", "layer_norm"),
    ("dense_1", "fc1"),
    ("conv_2d", "conv"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_are_the_same(one, other):
    assert read_name(one) == read_name(other)


@pytest.mark.parametrize(("one", "other"), [("conv_1", "conv_2"), ("a_b", "b_a"), ("a", "a_1")])
def test_other_names_are_other(one, other):
    assert read_name(one) != read_name(other)


def test_a_number_at_the_end_is_no_word():
    assert read_name("conv2d").stem == read_name("conv2d_7").stem == ("conv",)
    assert read_name("conv2d").numbers < read_name("conv2d_7").numbers
    assert read_name("conv2d_7").generic
    assert read_name("conv_expand").words == {"expand"}


def test_wrappers_and_shared_prefixes_are_left_out():
    assert drop_wrappers(read_name("model.features.stem")) == read_name("stem")
    names = [read_name("unet.encoder.0"), read_name("unet.decoder.0")]
    assert drop_prefix(names) == [read_name("encoder.0"), read_name("decoder.0")]
    assert drop_prefix(names[:1]) == names[:1]


def test_words_in_another_order_are_the_same_sorted():
    assert sort_words(read_name("bn_stem_1")) == sort_words(read_name("stem.bn.1"))
    assert sort_words(read_name("a_1_b_2")) != sort_words(read_name("a_2_b_1"))


@given(st.lists(st.one_of(st.sampled_from(["a", "bn", "conv"]), st.integers(0, 99).map(str))))
def test_a_name_gives_its_tokens_back(tokens):
    assert list_tokens(make_name(tuple(tokens))) == tuple(tokens)

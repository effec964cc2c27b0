import pytest

from parityhub.baselines.options import InferOptions, TrainOptions, parse_options
from parityhub.errors import OptionError

TRAIN = ["train", "--train-data", "d.npz", "--out", "o"]
INFER = ["infer", "--bundle", "b.zip", "--test-data", "d.npz", "--out", "o"]


def test_train_has_defaults_for_all_but_its_paths():
    options = parse_options("side", TRAIN)
    assert isinstance(options, TrainOptions)
    assert (options.gridsize, options.dtype, options.log_patch_stats) == (2, "float32", False)


def test_infer_leaves_to_the_bundle_what_is_not_given():
    options = parse_options("side", INFER)
    assert isinstance(options, InferOptions)
    assert (options.gridsize, options.n_groups, options.dtype) == (None, None, None)
    assert (options.stitch, options.debug_dump) == (False, None)


def test_options_are_read():
    options = parse_options("side", [*TRAIN, "--gridsize", "1", "--nphotons", "1e4", "--seed", "9"])
    assert isinstance(options, TrainOptions)
    assert (options.gridsize, options.nphotons, options.seed) == (1, 1e4, 9)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        TRAIN[:-2],
        INFER[:-2],
        [*TRAIN, "--gridsize", "3"],
        [*TRAIN, "--epochs", "0"],
        [*TRAIN, "--epochs", "two"],
        [*TRAIN, "--nphotons", "inf"],
        [*TRAIN, "--learning-rate", "0"],
        [*TRAIN, "--dtype", "float16"],
        [*TRAIN, "--neighbor-count", "2"],
        [*TRAIN, "--stitch"],
        [*TRAIN, "--epoch", "3"],
        [*INFER, "--epochs", "3"],
        [*INFER, "--patch-stats-limit", "-1"],
    ],
)
def test_refuses_in_one_line(words):
    with pytest.raises(OptionError) as caught:
        parse_options("side", words)
    assert "\n" not in caught.value.message
    assert "--" in caught.value.hint


def test_two_neighbors_are_enough_for_a_group_of_one():
    assert parse_options("side", [*TRAIN, "--gridsize", "1", "--neighbor-count", "2"]).gridsize == 1

"""The pairs that faults are seeded into are such as a plan could have."""

import msgspec
import pytest

from parityhub.compare.selftest.faults import FAULTS
from parityhub.compare.selftest.pairs import CANVAS, GRIDSIZE, PAIRS, SIZE
from parityhub.plan.check_pairs import (
    TARGET,
    find_bad_axes,
    find_bad_outputs,
    find_bad_sides,
)
from parityhub.plan.pair import Pair

EACH = pytest.mark.parametrize("pair", PAIRS.values(), ids=list(PAIRS))


def test_each_fault_has_its_pair_and_each_pair_its_faults() -> None:
    assert {fault.pair for fault in FAULTS} == PAIRS.keys()


@EACH
def test_a_pair_could_stand_in_a_plan(pair: Pair) -> None:
    assert msgspec.convert(msgspec.to_builtins(pair), Pair) == pair
    assert list(find_bad_sides((), pair)) == []
    assert list(find_bad_outputs((), pair)) == []
    assert [
        problem for axes in pair.input_axes.values() for problem in find_bad_axes((), axes)
    ] == []
    assert (pair.weights.bundle is None) != (pair.weights.source is None)


@EACH
def test_both_sides_come_with_parityhub_and_are_built_alike(pair: Pair) -> None:
    for side in (pair.tensorflow, pair.pytorch):
        assert TARGET.fullmatch(side.target)
        assert side.target.startswith("parityhub.baselines.")
    assert pair.tensorflow.options == pair.pytorch.options
    assert "fault" not in pair.pytorch.options


@EACH
def test_tolerances_are_derived(pair: Pair) -> None:
    """A given one could hide a fault, or make a false alarm go away."""
    assert not any(output.given for output in pair.outputs)
    assert pair.dtype == "float32"


def test_the_reference_is_built_for_the_groups_that_it_is_given() -> None:
    options = PAIRS["reference"].tensorflow.options
    assert options == {"gridsize": GRIDSIZE, "size": SIZE, "canvas_size": CANVAS}
    assert CANVAS > SIZE


def test_axes_go_to_pytorch_and_back() -> None:
    small = PAIRS["small"]
    there, [output] = small.input_axes["image"], small.outputs
    assert [there[axis] for axis in output.axes] == [0, 1, 2, 3]

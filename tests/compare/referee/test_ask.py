from dataclasses import replace

import numpy as np
import pytest
from msgspec import json

from parityhub.compare.referee.ask import compare_pair
from parityhub.compare.referee.tolerance import find_bound
from parityhub.errors import EvidenceError, UsageError
from parityhub.hub.parity_records import ComparisonRecord, WeightRecord
from tests.compare.referee.fakes import (
    FakeProbe,
    declare,
    make_pair,
    make_request,
    make_sides,
    make_values,
)


def compare(folder, sides, **changes):
    record = compare_pair(*sides, make_request(folder, **changes))
    assert json.decode(json.encode(record), type=ComparisonRecord) == record
    return record


def test_a_pair_passes_by_rounding_alone(tmp_path):
    weight = WeightRecord(
        tensorflow="a", pytorch="b", rule="same", found="by name", confidence="certain"
    )
    record = compare(tmp_path, make_sides(), mapping=(weight,))
    assert record.verdict == "PASS"
    assert record.reason.startswith("output: PASS by rounding alone")
    assert (record.pair, record.dtype, record.draws, record.repeats) == ("net", "float32", 8, 3)
    assert record.mapping == (weight,)
    assert "8 seeded draws" in record.referee
    assert record.ulps["tanh"].keys() == {"tensorflow", "pytorch", "spread"}
    assert [share.share for share in record.outputs[0].shares] == [0.75, 0.25]
    assert record.versions == {"tensorflow": {"engine": "1"}, "pytorch": {"engine": "1"}}
    assert record.seconds["pytorch"] == 0.25


def test_children_are_asked_for_both_dtypes_with_the_same_numbers(tmp_path):
    tensorflow, pytorch = make_sides()
    axes = {"x": (1, 0)}
    compare(tmp_path, (tensorflow, pytorch), pair=make_pair(input_axes=axes, threads=2))
    assert tensorflow.verbs() == ["open", "load", "run", "open", "load", "run", "ulps"]
    assert pytorch.verbs() == [*tensorflow.verbs(), "noise"]
    opens = [request for request in pytorch.asked if request["do"] == "open"]
    assert [request["key"] for request in opens] == ["net/float32", "net/float64"]
    assert opens[0] == {**opens[1], "key": "net/float32", "dtype": "float32"}
    assert (opens[0]["options"], opens[0]["threads"]) == ({"width": 3}, 2)
    runs = [request for request in pytorch.asked if request["do"] == "run"]
    assert [request["repeats"] for request in runs] == [3, 1]
    noise = pytorch.asked[-1]
    assert noise["unit"] == 2.0**-24
    assert noise["ulps"]["exp"] == pytest.approx(np.sqrt(3) * 0.5)
    here, there = (np.load(probe.asked[0]["inputs"])["x"] for probe in (tensorflow, pytorch))
    assert here.dtype == np.float32
    assert np.array_equal(here.T, there)
    assert np.array_equal(here, np.load(tmp_path / "in.npz")["x"].astype(np.float32))


def test_the_larger_error_of_both_frameworks_counts(tmp_path):
    tensorflow, pytorch = make_sides()
    tensorflow.ulps = lambda request, dtype: {"tanh": {"max": 7.0, "rms": 1.0}}
    record = compare(tmp_path, (tensorflow, pytorch))
    # so that lambda(1) standard deviations are the largest error that was measured
    std = pytorch.asked[-1]["ulps"]["tanh"] / np.sqrt(3)
    assert find_bound(1) * std == pytest.approx(7.0)
    assert record.ulps["tanh"] == {"tensorflow": 7.0, "pytorch": 2.0, "spread": pytest.approx(std)}
    assert record.ulps["exp"].keys() == {"pytorch", "spread"}


def test_beyond_the_derived_tolerance_fails(tmp_path):
    assert compare(tmp_path, make_sides(error=1e-5)).verdict == "FAIL"


def test_code_that_differs_in_float64_alone_fails(tmp_path):
    record = compare(tmp_path, make_sides(error=0.0, code=1e-9))
    assert record.verdict == "FAIL"
    assert "the code differs" in record.reason


@pytest.mark.parametrize("refused", ["open:float64", "load:float64", "run:float64"])
@pytest.mark.parametrize("side", [0, 1])
def test_a_float64_run_that_fails_leaves_it_underived(tmp_path, refused, side):
    sides = make_sides()
    sides[side].refuses = frozenset({refused})
    record = compare(tmp_path, sides)
    assert record.verdict == "INCONCLUSIVE"
    assert record.referee.startswith("no referee: " + ("TensorFlow", "PyTorch")[side])
    assert record.outputs[0].tolerance_kind == "underived"
    assert record.referee in record.outputs[0].tolerance_reason


@pytest.mark.parametrize("verb", ["ulps", "noise"])
def test_a_response_that_cannot_be_measured_leaves_it_underived(tmp_path, verb):
    sides = make_sides(refuses=frozenset({verb}))
    record = compare(tmp_path, sides)
    assert (record.verdict, record.outputs[0].tolerance_kind) == ("INCONCLUSIVE", "underived")
    assert "could not be measured" in record.referee
    assert record.outputs[0].referee_difference == 0.0
    sides = make_sides(code=1e-3, refuses=frozenset({verb}))
    assert compare(tmp_path, sides).verdict == "FAIL"


def test_a_model_without_a_dtype_switch_has_no_referee(tmp_path):
    tensorflow, pytorch = make_sides()
    pytorch.dtypes = {"float64": "float32"}
    record = compare(tmp_path, (tensorflow, pytorch))
    assert record.verdict == "INCONCLUSIVE"
    assert "PyTorch's model has no dtype switch: asked for float64" in record.referee


def test_a_model_that_computes_in_another_dtype_is_not_judged_by_the_one_asked_for(tmp_path):
    tensorflow, pytorch = make_sides(dtypes={"float32": "float16"})
    record = compare(tmp_path, (tensorflow, pytorch))
    assert record.outputs[0].tolerance_kind == "underived"
    assert "asked for float32 it gives float16" in record.referee


@pytest.mark.parametrize("sigma", [np.nan, np.inf])
def test_a_response_that_is_not_finite_derives_nothing(tmp_path, sigma):
    record = compare(tmp_path, make_sides(sigma=sigma))
    assert (record.verdict, record.outputs[0].tolerance_kind) == ("INCONCLUSIVE", "underived")


@pytest.mark.parametrize("refused", ["open:float32", "load:float32", "run:float32"])
def test_what_no_comparison_can_do_without_is_an_error(tmp_path, refused):
    with pytest.raises(EvidenceError, match="refused"):
        compare(tmp_path, make_sides(refuses=frozenset({refused})))


def test_unnamed_outputs_are_not_matched_without_a_declaration(tmp_path):
    record = compare(tmp_path, make_sides(named=False))
    assert record.verdict == "INCONCLUSIVE"
    assert len(record.outputs) == 2
    pair = make_pair(outputs=(declare("z", "output", "output"),))
    assert compare(tmp_path, make_sides(named=False), pair=pair).verdict == "PASS"


def test_an_unmatched_output_beside_one_that_passes_is_inconclusive(tmp_path):
    tensorflow, pytorch = make_sides()
    extra = {dtype: {**o, "extra": make_values(9)} for dtype, o in tensorflow.outputs.items()}
    record = compare(tmp_path, (FakeProbe(extra), pytorch))
    assert [output.verdict for output in record.outputs] == ["PASS", "INCONCLUSIVE"]
    assert record.verdict == "INCONCLUSIVE"


def test_no_output_at_all_is_inconclusive(tmp_path):
    empty = {"float32": {}, "float64": {}}
    assert compare(tmp_path, (FakeProbe(empty), FakeProbe(empty))).verdict == "INCONCLUSIVE"


def test_axes_bring_an_output_into_the_other_order(tmp_path):
    tensorflow, pytorch = make_sides()
    pytorch.outputs = {d: {"out": o["output"].T.copy()} for d, o in pytorch.outputs.items()}
    pair = make_pair(outputs=(declare("z", "output", "out", axes=(1, 0)),))
    record = compare(tmp_path, (tensorflow, pytorch), pair=pair)
    assert record.verdict == "PASS"
    assert (record.outputs[0].left, record.outputs[0].right) == ("output", "out")
    pair = make_pair(outputs=(declare("z", "output", "out"),))
    reason = compare(tmp_path, (tensorflow, pytorch), pair=pair).reason
    assert "shapes differ" in reason
    assert reason.endswith(
        'outputs]] name = "z", tensorflow = "output", pytorch = "out", axes = [1, 0]'
    )
    pair = make_pair(outputs=(declare("z", "output", "out", axes=(1, 0, 2)),))
    with pytest.raises(EvidenceError, match="no order of 2 axes"):
        compare(tmp_path, (tensorflow, pytorch), pair=pair)


def test_an_override_without_a_reason_is_refused_before_anything_runs(tmp_path):
    sides = make_sides()
    pair = make_pair(outputs=(declare("z", "output", "output", atol=1.0),))
    with pytest.raises(UsageError, match="without a reason"):
        compare(tmp_path, sides, pair=pair)
    assert sides[0].asked == []


def test_an_override_is_used(tmp_path):
    pair = make_pair(outputs=(declare("z", "output", "output", atol=1e-3, reason="known"),))
    record = compare(tmp_path, make_sides(error=1e-5), pair=pair)
    assert (record.verdict, record.outputs[0].tolerance_kind) == ("PASS", "override")


def test_the_response_is_recalled_where_it_holds(tmp_path):
    first = compare(tmp_path, make_sides())
    sides = make_sides()
    second = compare(tmp_path, sides, earlier=first)
    assert {"ulps", "noise"}.isdisjoint(sides[1].verbs())
    assert "recalled" in second.referee
    assert second.outputs == first.outputs
    assert second.ulps == first.ulps


@pytest.mark.parametrize("change", ["code", "versions", "draws", "dtype", "inputs", "response"])
def test_the_response_is_measured_again_where_anything_changed(tmp_path, change):
    first = compare(tmp_path, make_sides())
    sides, changes = make_sides(), {}
    if change == "code":
        sides = make_sides(code=1e-16)
        assert not np.array_equal(*(s.outputs["float64"]["output"] for s in sides))
    elif change == "versions":
        sides = make_sides(versions={"engine": "2"})
    elif change == "draws":
        changes["pair"] = make_pair(draws=9)
    elif change == "dtype":
        first = replace_record(first, dtype="bfloat16")
    elif change == "inputs":
        np.savez(tmp_path / "in.npz", x=np.ones((2, 3)))
    else:
        outputs = (replace_record(first.outputs[0], sigma_max=None),)
        first = replace_record(first, outputs=outputs)
    compare(tmp_path, sides, earlier=first, **changes)
    assert "noise" in sides[1].verbs()


def replace_record(record, **changes):
    from msgspec import structs

    return structs.replace(record, **changes)


def test_a_missing_file_is_an_error_of_one_line(tmp_path):
    request = replace(make_request(tmp_path), inputs=tmp_path / "gone.npz")
    with pytest.raises(EvidenceError, match=r"gone\.npz: not a whole"):
        compare_pair(*make_sides(), request)


def test_complex_outputs_are_compared(tmp_path):
    exact = make_values() + 1j * make_values(1)
    outputs = {"float32": {"output": exact.astype(np.complex64)}, "float64": {"output": exact}}
    record = compare(tmp_path, (FakeProbe(outputs), FakeProbe(outputs)))
    assert (record.verdict, record.outputs[0].dtype) == ("PASS", "complex64")


def test_a_function_that_is_not_finite_derives_nothing(tmp_path):
    tensorflow, pytorch = make_sides()
    tensorflow.ulps = lambda request, dtype: {"exp": {"max": np.inf, "rms": np.inf}}
    record = compare(tmp_path, (tensorflow, pytorch))
    assert record.outputs[0].tolerance_kind == "underived"
    assert "TensorFlow's exp is not finite" in record.referee


def make_labels(*labels, referees=None):
    """Two children that give labels: the float32 ones of each, and the float64 ones."""
    return tuple(
        FakeProbe({"float32": {"output": np.array(one)}, "float64": {"output": np.array(other)}})
        for one, other in zip(labels, referees or labels, strict=True)
    )


def test_integers_that_are_equal_in_both_dtypes_pass(tmp_path):
    record = compare(tmp_path, make_labels([1, 2, 3], [1, 2, 3]))
    assert record.verdict == "PASS"
    assert record.outputs[0].tolerance == 0
    assert "do not round" in record.outputs[0].tolerance_reason


def test_integers_that_differ_in_float32_alone_are_inconclusive(tmp_path):
    sides = make_labels([1, 2, 3], [1, 2, 4], referees=([1, 2, 3], [1, 2, 3]))
    record = compare(tmp_path, sides)
    assert record.verdict == "INCONCLUSIVE"
    assert "tipped the balance" in record.reason


def test_integers_that_differ_in_float64_fail(tmp_path):
    record = compare(tmp_path, make_labels([1, 2, 3], [1, 2, 4]))
    assert record.verdict == "FAIL"
    assert record.outputs[0].metrics["caught_by"] == "referee, max_abs"

from dataclasses import replace

import numpy as np
import pytest
from msgspec import structs

from parityhub.compare.referee.ask import compare_pair
from tests.compare.referee.small_pair import lay_pair

pytestmark = pytest.mark.slow


def compare(children, request):
    return compare_pair(children.tensorflow, children.pytorch, request)


def by_name(record):
    return {output.name: output for output in record.outputs}


@pytest.mark.campaign
def test_no_false_alarm_over_20_seeds_and_no_tolerance_far_above_what_is_there(children, tmp_path):
    margins = {"map": [], "logits": []}
    for seed in range(20):
        record = compare(children, lay_pair(tmp_path, seed))
        assert record.verdict == "PASS", record.reason
        for output in record.outputs:
            assert output.reason.startswith("PASS by rounding alone")
            assert output.referee_difference < 1e-14 * output.scale
            margins[output.name].append(output.margin)
    for name, found in margins.items():
        print(name, "margins", min(found), np.median(found), max(found))
        assert min(found) > 1
        assert np.median(found) < 30


@pytest.mark.parametrize("fault", ["bfloat16", "bfloat16 in float32 alone"])
def test_one_layer_in_bfloat16_fails(children, tmp_path, fault):
    record = compare(children, lay_pair(tmp_path, options={"fault": fault}))
    assert record.verdict == "FAIL"
    found = by_name(record)["map"]
    assert found.margin < 0.1
    if fault == "bfloat16":
        assert "referee" in found.metrics["caught_by"]
        assert found.error_pytorch is None
    else:
        assert found.metrics["caught_by"] == "max_abs, rms"
        assert found.error_pytorch > 100 * found.error_tensorflow


def test_code_that_differs_by_a_billionth_fails_although_float32_looks_fine(children, tmp_path):
    record = compare(children, lay_pair(tmp_path, options={"fault": "code"}))
    found = by_name(record)["map"]
    assert (record.verdict, found.verdict) == ("FAIL", "FAIL")
    assert found.metrics["caught_by"] == "referee"
    assert found.max_abs < found.tolerance
    assert found.reason.startswith("the code differs, whatever float32 says")


def test_a_constant_and_a_nan_are_caught(children, tmp_path):
    constant = by_name(compare(children, lay_pair(tmp_path, options={"fault": "constant"})))
    assert constant["logits"].verdict == "FAIL"
    assert "constant" in constant["logits"].metrics["caught_by"]
    nan = by_name(compare(children, lay_pair(tmp_path, options={"fault": "nan"})))
    assert nan["logits"].verdict == "FAIL"
    assert nan["logits"].metrics["caught_by"] == "nonfinite"
    assert nan["logits"].metrics["nan_right"] == 1


def test_unnamed_outputs_are_not_matched(children, tmp_path):
    record = compare(children, lay_pair(tmp_path, options={"fault": "unnamed"}, outputs=()))
    assert record.verdict == "INCONCLUSIVE"
    assert "map, logits" in record.reason or "logits, map" in record.reason


def test_a_model_that_does_not_follow_the_dtype_has_no_referee(children, tmp_path):
    record = compare(children, lay_pair(tmp_path, options={"follows": False}))
    assert record.verdict == "INCONCLUSIVE"
    assert "no dtype switch" in record.referee
    assert {output.tolerance_kind for output in record.outputs} == {"underived"}


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_other_dtypes_have_tolerances_of_their_own(children, tmp_path, dtype):
    record = compare(children, lay_pair(tmp_path, dtype=dtype))
    assert record.verdict == "PASS", record.reason
    assert record.outputs[0].dtype == dtype


def test_a_response_that_still_holds_is_recalled_and_judges_alike(children, tmp_path):
    request = lay_pair(tmp_path)
    first = compare(children, request)
    second = compare(children, replace(request, earlier=first))
    assert "recalled" in second.referee
    assert structs.replace(second, referee="", seconds={}) == structs.replace(
        first, referee="", seconds={}
    )


def test_the_report_can_show_what_each_operation_adds(children, tmp_path):
    record = compare(children, lay_pair(tmp_path))
    for output in record.outputs:
        assert sum(share.share for share in output.shares) == pytest.approx(1)
        assert any("second" in share.name for share in output.shares)
    assert record.ulps["tanh"].keys() == {"tensorflow", "pytorch", "spread"}

import pytest

from parityhub.compare.referee.ask import compare_pair
from parityhub.compare.referee.rejudge import rejudge_comparison
from parityhub.compare.referee.tolerance import Override
from parityhub.errors import UsageError
from tests.compare.referee.fakes import declare, make_pair, make_request, make_sides, make_values


def compare(folder, sides, **changes):
    return compare_pair(*sides, make_request(folder, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"error": 1e-5},
        {"code": 1e-9},
        {"sigma": float("nan")},
        {"spread": 1e-4},
        {"named": False},
        {"refuses": frozenset({"open:float64"})},
    ],
)
def test_judged_again_without_overrides_nothing_changes(tmp_path, changes):
    record = compare(tmp_path, make_sides(**changes))
    assert rejudge_comparison(record, {}) == record


def test_it_needs_no_array(tmp_path):
    record = compare(tmp_path, make_sides(error=1e-5))
    for file in (tmp_path / "work").rglob("*.np[yz]"):
        file.unlink()
    again = rejudge_comparison(record, {"output": Override("known", atol=1e-3)})
    assert (record.verdict, again.verdict) == ("FAIL", "PASS")
    assert again.outputs[0].tolerance_kind == "override"
    assert "known" in again.outputs[0].tolerance_reason
    assert "rounding alone" not in again.reason


def test_a_tighter_tolerance_fails_what_passed(tmp_path):
    record = compare(tmp_path, make_sides(error=1e-7, sigma=1e-7))
    again = rejudge_comparison(record, {"output": Override("must be exact")})
    assert (record.verdict, again.verdict) == ("PASS", "FAIL")


def test_an_override_of_the_plan_can_be_taken_back(tmp_path):
    pair = make_pair(outputs=(declare("z", "output", "output", atol=1e-3, reason="known"),))
    record = compare(tmp_path, make_sides(error=1e-5), pair=pair)
    again = rejudge_comparison(record, {})
    assert (record.verdict, again.verdict) == ("PASS", "FAIL")
    assert again.outputs[0].tolerance_kind == "derived"


def test_what_was_never_measured_keeps_its_verdict(tmp_path):
    tensorflow, pytorch = make_sides()
    pytorch.outputs = {d: {"output": make_values(0, (5, 4))} for d in pytorch.outputs}
    record = compare(tmp_path, (tensorflow, pytorch))
    again = rejudge_comparison(record, {"output": Override("why not", atol=1e9)})
    assert again == record
    assert record.verdict == "FAIL"


def test_an_unknown_output_is_refused(tmp_path):
    record = compare(tmp_path, make_sides())
    with pytest.raises(UsageError, match="no output 'logits'"):
        rejudge_comparison(record, {"logits": Override("why", atol=1.0)})

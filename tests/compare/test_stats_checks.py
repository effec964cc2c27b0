import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parityhub.compare.checks import judge_check
from parityhub.plan.model import AboveCheck, AliveCheck, CloseCheck, StatsCheck
from tests.compare.builders import make_attempt, make_evidence, measure_stats

ALIVE = AliveCheck(id="a", title="alive", of=("torch",), sections=("patch",))
CLOSE = CloseCheck(
    id="c",
    title="variances agree",
    metric="patch.var_zero_mean",
    left="torch",
    right="tensorflow",
    rel=0.1,
    reason="the issue says so",
)
ABOVE = AboveCheck(id="b", title="above", metric="patch.mean", of=("torch",), bound=1.5, reason="r")
STATS = StatsCheck(
    id="s", title="stats", baseline="B3:torch", candidate="torch", sections=("patch",)
)


def judge(check, **sides):
    attempts = [make_attempt(name, stats={"patch": stats}) for name, stats in sides.items()]
    return judge_check(check, make_evidence(*attempts)).record


def judge_pair(left, right, rel=0.1):
    check = CloseCheck(
        id="c", title="t", metric="patch.mean", left="a", right="b", rel=rel, reason="r"
    )
    return judge(check, a=measure_stats(mean=left), b=measure_stats(mean=right))


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({}, "PASS", "torch patch is alive: mean 2.0, std 1.0, min 0.0, max 5.0"),
        ({"std": 0.0}, "FAIL", "torch patch is constant: std is 0"),
        ({"min": 5.0}, "FAIL", "torch patch is constant"),
        ({"mean": math.nan}, "FAIL", "torch patch.mean is nan"),
        ({"max": math.inf, "std": math.nan}, "FAIL", "torch patch.std is nan"),
        ({"var_zero_mean": None}, "INCONCLUSIVE", "torch patch.var_zero_mean is missing"),
        ({"var_zero_mean": None, "std": 0.0}, "FAIL", "constant"),
        ({"count": 1, "std": 0.0, "min": 5.0, "var_zero_mean": 0.0}, "PASS", "alive"),
        ({"nonfinite": 2}, "FAIL", "2 elements are not finite"),
    ],
)
def test_alive(changes, verdict, reason):
    record = judge(ALIVE, torch=measure_stats(**changes))
    assert record.verdict == verdict
    assert reason in record.reason
    assert all(number.source is not None for number in record.numbers)


def test_alive_of_nothing_is_inconclusive():
    nobody = AliveCheck(id="a", title="t", of=(), sections=("patch",))
    nothing = AliveCheck(id="a", title="t", of=("torch",), sections=())
    absent = AliveCheck(id="a", title="t", of=("torch",), sections=("canvas",))
    for check in (nobody, nothing, absent):
        record = judge(check, torch=measure_stats())
        assert (record.verdict, record.deferred) == ("INCONCLUSIVE", False)


def test_a_dead_side_is_fail_although_the_other_is_missing():
    check = AliveCheck(id="a", title="t", of=("torch", "tensorflow"), sections=("patch",))
    record = judge(check, torch=measure_stats(std=0.0))
    assert (record.verdict, record.deferred) == ("FAIL", False)
    assert "not judged: C1:tensorflow: it has not run" in record.reason
    record = judge(check, torch=measure_stats())
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", True)


@pytest.mark.parametrize(
    ("left", "right", "verdict", "reason"),
    [
        (1.05, 1.0, "PASS", "ratio 1.05, within 0.1 of 1"),
        (1.2, 1.0, "FAIL", "ratio 1.2, outside 0.1 of 1"),
        (-1.0, 1.0, "FAIL", "ratio -1.0"),
        (-1.05, -1.0, "PASS", "ratio 1.05"),
        (1.0, 0.0, "FAIL", "a base of 0"),
        (0.0, 0.0, "INCONCLUSIVE", "a base of 0"),
        (0.0, 1.0, "FAIL", "ratio 0.0"),
        (1e308, 5e-324, "FAIL", "ratio inf"),
        (5e-324, 5e-324, "PASS", "ratio 1.0"),
        (1e-323, 5e-324, "FAIL", "ratio 2.0"),
        (math.nan, 1.0, "FAIL", "a patch.mean is nan"),
        (math.nan, math.nan, "FAIL", "is nan"),
        (math.inf, math.inf, "FAIL", "is inf"),
        (None, 1.0, "INCONCLUSIVE", "a patch.mean is missing"),
    ],
)
def test_close(left, right, verdict, reason):
    record = judge_pair(left, right)
    assert record.verdict == verdict
    assert reason in record.reason


def test_close_states_its_bound_its_reason_and_its_numbers():
    record = judge(
        CLOSE,
        torch=measure_stats(var_zero_mean=1.5),
        tensorflow=measure_stats(var_zero_mean=1.0),
    )
    assert record.tolerance == "|left - right| <= 0.1 |right|: the issue says so"
    assert record.reason == (
        "torch patch.var_zero_mean 1.5 against tensorflow patch.var_zero_mean 1.0: "
        "ratio 1.5, outside 0.1 of 1"
    )
    assert [number.value for number in record.numbers] == [1.5, 1.0, 1.5]
    assert record.numbers[0].source.pointer == "/patch/var_zero_mean"


def test_close_defers_where_a_side_is_missing():
    record = judge(CLOSE, torch=measure_stats())
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", True)
    assert "C1:tensorflow" in record.reason


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite, finite, st.floats(1e-12, 0.99))
def test_close_is_the_exact_inequality(left, right, rel):
    assume(right != 0)
    passed = judge_pair(left, right, rel).verdict == "PASS"
    ((p, q), (r, s), (t, u)) = (x.as_integer_ratio() for x in (left, right, rel))
    # |p/q - r/s| <= (t/u) |r/s|, over the common denominator
    assert passed == (abs(p * s - r * q) * u <= t * abs(r) * q)


def test_the_bound_itself_is_close():
    assert judge_pair(1.5, 1.0, rel=0.5).verdict == "PASS"
    assert judge_pair(math.nextafter(1.5, 2), 1.0, rel=0.5).verdict == "FAIL"


@given(finite)
def test_twice_a_statistic_is_never_within_a_tenth(value):
    assume(value != 0)
    assert judge_pair(value, value).verdict == "PASS"
    assert judge_pair(2 * value, value).verdict == "FAIL"


@pytest.mark.parametrize(
    ("mean", "verdict", "reason"),
    [
        (2.0, "PASS", "|torch patch.mean| is 2.0, above 1.5"),
        (-2.0, "PASS", "above 1.5"),
        (1.5, "FAIL", "not above 1.5"),
        (0.0, "FAIL", "not above"),
        (math.inf, "FAIL", "is inf"),
        (math.nan, "FAIL", "is nan"),
        (None, "INCONCLUSIVE", "is missing"),
    ],
)
def test_above(mean, verdict, reason):
    record = judge(ABOVE, torch=measure_stats(mean=mean))
    assert record.verdict == verdict
    assert reason in record.reason
    assert record.tolerance == "|value| > 1.5: r"


def test_above_of_nothing_is_inconclusive():
    check = AboveCheck(id="b", title="t", metric="patch.mean", of=(), bound=0, reason="r")
    assert judge(check, torch=measure_stats()).verdict == "INCONCLUSIVE"


def test_above_zero_refuses_zero():
    check = AboveCheck(id="b", title="t", metric="patch.mean", of=("torch",), bound=0, reason="r")
    assert judge(check, torch=measure_stats(mean=0.0)).verdict == "FAIL"
    assert judge(check, torch=measure_stats(mean=-5e-324)).verdict == "PASS"


def judge_stats(base, candidate, check=STATS):
    evidence = make_evidence(
        make_attempt("torch", phase="B3", stats={"patch": base}),
        make_attempt("torch", stats={"patch": candidate}),
    )
    return judge_check(check, evidence).record


def test_stats_is_diff_stats():
    record = judge_stats(measure_stats(), measure_stats(std=0.5))
    assert record.verdict == "PASS"
    assert "compared is not equal" in record.reason
    assert record.tolerance == "collapsed: under 0.001 of the baseline's magnitude"
    by_name = {number.name: number for number in record.numbers}
    assert by_name["torch patch.std"].value == 0.5
    assert by_name["torch patch.std"].source.pointer == "/patch/std"
    assert by_name["ratio of patch.std"].value == 0.5
    collapsed = judge_stats(measure_stats(), measure_stats(std=0.0))
    assert collapsed.verdict == "FAIL"
    assert "variance collapse" in collapsed.reason


def test_stats_of_one_run_or_of_a_missing_one():
    same = StatsCheck(id="s", title="t", baseline="torch", candidate="C1:torch")
    assert judge_stats(measure_stats(), measure_stats(), same).verdict == "INCONCLUSIVE"
    record = judge(STATS, torch=measure_stats())
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", True)
    assert "B3:torch: it has not run" in record.reason

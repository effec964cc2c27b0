import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.compare.checks import judge_check
from parityhub.plan.model import EqualCheck, LearnedCheck
from tests.compare.builders import make_attempt, make_evidence

EQUAL = EqualCheck(id="e", title="scale survives", left="torch.trained", right="torch.loaded")
LEARNED = LearnedCheck(id="l", title="scale learned", initial="torch.start", final="torch.end")

values = st.one_of(st.floats(), st.integers(-(2**70), 2**70), st.text(max_size=3), st.none())


def judge(check, **recorded):
    return judge_check(check, make_evidence(make_attempt("torch", values=recorded))).record


@pytest.mark.parametrize(
    ("trained", "loaded", "verdict"),
    [
        (9.882118, 9.882118, "PASS"),
        (9.882118, math.nextafter(9.882118, 10), "FAIL"),
        (1, 1.0, "PASS"),
        (2**53 + 1, float(2**53), "FAIL"),
        (5e-324, 0.0, "FAIL"),
        (0.0, -0.0, "FAIL"),
        (0, -0.0, "PASS"),
        ("relu", "relu", "PASS"),
        ("relu", "gelu", "FAIL"),
        ("1.0", 1.0, "FAIL"),
        ("", "", "INCONCLUSIVE"),
        (math.nan, math.nan, "FAIL"),
        (math.inf, math.inf, "FAIL"),
        (None, 1.0, "INCONCLUSIVE"),
        (None, None, "INCONCLUSIVE"),
        (None, math.nan, "FAIL"),
    ],
)
def test_equal(trained, loaded, verdict):
    record = judge(EQUAL, trained=trained, loaded=loaded)
    assert record.verdict == verdict
    assert not record.deferred
    assert record.reason


def test_equal_shows_both_in_full_with_their_sources():
    record = judge(EQUAL, trained=0.1, loaded=0.2)
    assert record.reason == "torch.trained 0.1 differs from torch.loaded 0.2"
    assert [(number.name, number.value) for number in record.numbers] == [
        ("torch.trained", 0.1),
        ("torch.loaded", 0.2),
    ]
    assert [number.source.pointer for number in record.numbers] == ["/trained", "/loaded"]


@given(values, values)
def test_equal_passes_only_for_equal_values_and_either_way_round(first, second):
    forth = judge(EQUAL, trained=first, loaded=second).verdict
    back = judge(EQUAL, trained=second, loaded=first).verdict
    assert forth == back
    if forth == "PASS":
        assert first == second


def test_a_value_is_not_equal_to_itself():
    check = EqualCheck(id="e", title="t", left="torch.trained", right="C1:torch.trained")
    assert judge(check, trained=1.0).verdict == "INCONCLUSIVE"


def test_a_missing_side_defers():
    check = EqualCheck(id="e", title="t", left="torch.a", right="tensorflow.a")
    missing = {"C1:tensorflow": "blocked: red/blocked_x.md"}
    evidence = make_evidence(make_attempt("torch", values={"a": 1.0}), missing=missing)
    record = judge_check(check, evidence).record
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", True)
    assert record.reason == "C1:tensorflow: blocked: red/blocked_x.md"


@pytest.mark.parametrize(
    ("start", "end", "verdict", "reason"),
    [
        (9.0, 9.5, "PASS", "torch.end moved from 9.0 to 9.5"),
        (9.0, math.nextafter(9, 10), "PASS", "moved from 9.0 to 9.000000000000002"),
        (9.0, 9.0, "FAIL", "torch.end is 9.0 as at the start: unchanged, so not learned"),
        (9, 9.0, "FAIL", "unchanged"),
        (9.0, math.nan, "FAIL", "torch.end is nan"),
        (math.nan, math.nan, "FAIL", "torch.start is nan"),
        (None, 9.0, "INCONCLUSIVE", "torch.start is missing"),
        ("a", "b", "INCONCLUSIVE", "torch.start is the text 'a'"),
    ],
)
def test_learned(start, end, verdict, reason):
    record = judge(LEARNED, start=start, end=end)
    assert record.verdict == verdict
    assert reason in record.reason

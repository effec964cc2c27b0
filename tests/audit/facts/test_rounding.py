from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.facts.rounding import match_number, parse_number


@pytest.mark.parametrize(
    ("written", "unit", "recorded"),
    [
        ("8.97e9", "", 8965544960.0),
        ("9.882118", "", 9.88211769),
        ("5,188,101.0", "", 5188101.0),
        ("51466.19", "", 51466.191406),
        ("7.17", "s", 7.17),
        ("10", "%", 0.1),
        ("1.43", "MB", 1430000),
        ("1.43", "MiB", 1499463),
        ("12.5", "ms", 0.0125),
        ("1.5×10^-5", "", 1.525e-5),
        ("−3.5", "", -3.5),
        ("0.25", "", 0.245),
        ("0.24", "", 0.245),
        ("~6.1e-05", "", 6.02e-5),
    ],
)
def test_a_number_is_true_of_what_rounds_to_it(written, unit, recorded):
    assert match_number(written, unit, recorded) == "equal"


@pytest.mark.parametrize(
    ("written", "unit", "recorded"),
    [
        ("8.96e9", "", 8965544960.0),
        ("9.882119", "", 9.88211769),
        ("7.18", "s", 7.17),
        ("1.44", "MB", 1430000),
        ("0", "", 0.3),
        ("256", "", 255),
        ("1", "", float("nan")),
        ("1", "", float("inf")),
        ("no number", "", 1.0),
    ],
)
def test_a_number_is_not_true_of_what_does_not(written, unit, recorded):
    assert match_number(written, unit, recorded) == "differs"


def test_evidence_with_fewer_digits_is_consistent_and_does_not_confirm():
    printed = Decimal("0.000001")
    assert match_number("0.0000456", "", 0.000046, printed) == "consistent"
    assert match_number("0.0000556", "", 0.000046, printed) == "differs"


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 17))
def test_whatever_python_prints_of_a_value_is_true_of_it(value, digits):
    text = f"{value:.{digits}g}"
    parsed = parse_number(text)
    assert parsed is not None
    zero = not parsed.value and value
    assert zero or match_number(text, "", value) == "equal"


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    parsed = parse_number(text)
    assert parsed is None or parsed.quantum > 0

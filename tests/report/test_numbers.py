import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.report.numbers import format_number, format_seconds, format_size


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.01234567890123, "0.0123456789"),
        (8965544960.0, "8.96554496e+09"),
        (1.0, "1.0"),
        (1.0000000000002, "1.0000000000002"),
        (-0.0, "-0.0"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (12345678901234567890, "12345678901234567890"),
        (True, "true"),
        (None, "missing"),
        ("text", "text"),
    ],
)
def test_a_value_is_shown_as_what_it_is(value: object, shown: str) -> None:
    assert format_number(value) == shown


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float32_is_recovered_from_what_is_shown(value: float) -> None:
    assert np.float32(format_number(value)) == np.float32(value)


@given(st.floats(allow_nan=False), st.integers(1, 3))
def test_unequal_values_beside_each_other_never_look_equal(value: float, ulps: int) -> None:
    other = value
    for _ in range(ulps):
        other = math.nextafter(other, math.inf)
    shown, beside = format_number(value, [value, other]), format_number(other, [value, other])
    assert (shown == beside) == (value == other)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.0, "0.00 s"), (0.0042, "0.0042 s"), (3.6712, "3.67 s"), (754.218, "754.22 s")],
)
def test_seconds(seconds: float, shown: str) -> None:
    assert format_seconds(seconds) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (999_400, "999 kB"),
        (999_600, "1 MB"),
        (1_543_503_872, "1.54 GB"),
        (4_000_000_000_000_000, "4e+03 TB"),
    ],
)
def test_sizes(size: int, shown: str) -> None:
    assert format_size(size) == shown


def test_what_was_not_measured_is_missing() -> None:
    assert format_seconds(None) == format_size(None) == "missing"

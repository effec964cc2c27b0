import pytest

from parityhub.compare.measured import classify, describe, read_number
from parityhub.hub.records import Measured
from tests.compare.builders import measure


@pytest.mark.parametrize(
    ("measured", "number", "kind", "words"),
    [
        (measure(0.1), 0.1, "finite", "0.1"),
        (measure(3), 3.0, "finite", "3"),
        (measure(5e-324), 5e-324, "finite", "5e-324"),
        (measure(float("nan")), None, "not-finite", "nan"),
        (measure(float("-inf")), None, "not-finite", "-inf"),
        (measure(None), None, "missing", "missing (no such entry)"),
        (measure("1.0"), None, "missing", "the text '1.0'"),
        (None, None, "missing", "missing"),
        # Records that contradict themselves must not read as sound.
        (Measured(status="finite", value=float("nan"), source=None), None, "not-finite", "nan"),
        (Measured(status="finite", value=None, source=None), None, "not-finite", "finite"),
    ],
)
def test_what_a_record_holds(measured, number, kind, words):
    assert read_number(measured) == number
    assert classify(measured) == kind
    assert describe(measured) == words


def test_an_integer_beyond_float64_is_not_finite():
    huge = Measured(status="finite", value=10**400, source=None)
    assert read_number(huge) is None
    assert classify(huge) == "not-finite"

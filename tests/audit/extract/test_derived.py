import pytest

from tests.audit.extract.builders import find_claims


@pytest.mark.parametrize(
    ("text", "value", "unit", "operands"),
    [
        ("9.0e9 against 9.0e-3: trillion-fold", "trillion", "fold", ("9.0e9", "9.0e-3")),
        ("from 2 to 8, 4x higher", "4", "fold", ("2", "8")),
        ("from 2 to 8, a factor of 4", "4", "fold", ("2", "8")),
        ("2 and 4, twice as much", "twice", "fold", ("2", "4")),
        ("0.9 of 1.0 is 10 % lower", "10", "%", ("0.9", "1.0")),
        ("3.0 against 4.0: ratio 0.75", "0.75", "ratio", ("3.0", "4.0")),
        ("3.0 against 4.0, difference of 1.0", "1.0", "-", ("3.0", "4.0")),
        ("20 s against 10 s: speedup of 2", "2", "fold", ("20", "10")),
        ("256 - 128 = 128", "128", "-", ("256", "128")),
        ("2 and 4; the sum is 6", "6", "+", ("2", "4")),
        ("1e3 and 1e8 are 5 orders of magnitude apart", "5", "magnitude", ("1e3", "1e8")),
    ],
)
def test_derived_numbers_have_operands_in_reach(text, value, unit, operands):
    (claim,) = find_claims(text, "derived")
    assert (claim.value, claim.unit, claim.operands) == (value, unit, operands)


METRICS = """\
Baseline: Phase B3 (first)
Candidate: Phase C1 (second)

## Patch Amplitude

  mean:
    Baseline:  5.0e+04
    Candidate: 0.0e+00
    Delta:     -5.0e+04
    Ratio:     0.000000 (ok)
  std:
    Baseline:  9.0e+04
    Candidate: 1.0e+04
    Ratio:     0.111111 (ok)
"""


def test_a_ratio_under_its_operands_takes_them_and_no_others():
    found = find_claims(METRICS, "derived", file="metrics.txt")
    assert [(claim.row, claim.value, claim.operands) for claim in found] == [
        ("mean", "-5.0e+04", ("5.0e+04", "0.0e+00")),
        ("mean", "0.000000", ("5.0e+04", "0.0e+00")),
        ("std", "0.111111", ("9.0e+04", "1.0e+04")),
    ]


def test_values_under_a_label_bear_its_name_and_the_phase_of_their_side():
    found = find_claims(METRICS, "number", file="metrics.txt")
    subjects = [(c.name, c.subject.side, c.subject.phase, c.subject.section) for c in found]
    assert subjects[:2] == [
        ("mean", "baseline", "B3", "patch_amplitude"),
        ("mean", "candidate", "C1", "patch_amplitude"),
    ]


def test_a_bound_in_percent_is_no_derived_number():
    assert find_claims("within 10 % of it, at most 5 percent", "derived") == []

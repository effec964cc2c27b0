import pytest

from parityhub.audit.extract.number_forms import parse_number
from tests.audit.extract.builders import find_claims, pairs, read_at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("var_zero_mean=8.97e9", [("var_zero_mean", "8.97e9")]),
        ("- Patch stats: mean=1.5, var=2e-3", [("mean", "1.5"), ("var", "2e-3")]),
        ("the mean 51466.19 of all", [("mean", "51466.19")]),
        ("Mean of 51466.19", [("Mean", "51466.19")]),
        ("- **Variance**: var_zero_mean ≈ 6.09e-05 (good)", [("var_zero_mean", "6.09e-05")]),
        ("- **Std**: ≈ 0.00781", [("Std", "0.00781")]),
        ("the loaded scale (9.882118)", [("scale", "9.882118")]),
        ("**Loaded intensity_scale: 9.882118**", [("intensity_scale", "9.882118")]),
        ("torch.trained_scale 9.87670 equals it", [("torch.trained_scale", "9.87670")]),
        ("loss fell to 0.25", [("loss", "0.25")]),
        (
            "10 epochs, 256 images and 128 groups",
            [("epochs", "10"), ("images", "256"), ("groups", "128")],
        ),
        ("a 10-epoch run", [("epoch", "10")]),
        ("epoch 3/10", [("epoch", "3"), ("epochs", "10")]),
        ("`gridsize` `2`", [("gridsize", "2")]),
        ("train --n_images 256 --batch-size=4", [("n_images", "256"), ("batch_size", "4")]),
        ("mean|input|=430.7", [("|input|", "430.7")]),
        ("above 1e-06", [("threshold", "1e-06")]),
        ("seed 7", [("seed", "7")]),
        ("Attempt 2 counts", [("Attempt", "2")]),
        ("shape (7597, 64, 64)", [("shape", "(7597, 64, 64)")]),
        (
            "Amplitude range: [0.0, 33.5]",
            [("Amplitude range min", "0.0"), ("Amplitude range max", "33.5")],
        ),
        ("about 5,188,101.0 in all", [("", "5,188,101.0")]),
        ("var is 8.99×10^9 here", [("var", "8.99×10^9")]),
    ],
)
def test_numbers_bear_the_names_beside_them(text, expected):
    assert pairs(find_claims(text, "number")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3/3 PASSED", [("passed", "3", "tests"), ("total", "3", "tests")]),
        (
            "GREEN (1/1, 7.13s)",
            [("passed", "1", "tests"), ("total", "1", "tests"), ("duration", "7.13", "s")],
        ),
        ("4 passed of 4", [("passed", "4", "tests"), ("total", "4", "tests")]),
        ("5 of 6 checks pass", [("passed", "5", "checks"), ("total", "6", "checks")]),
        ("2 failed, 1 skipped", [("failed", "2", ""), ("skipped", "1", "")]),
    ],
)
def test_counts_of_tests_have_a_part_and_a_whole(text, expected):
    found = find_claims(text, "number")
    assert [(claim.name, claim.value, claim.unit) for claim in found] == expected


@pytest.mark.parametrize(
    ("text", "value", "unit", "name"),
    [
        ("took 7.17s", "7.17", "s", "duration"),
        ("took 1.5 h", "1.5", "h", "duration"),
        ("holds 1.43 MiB", "1.43", "MiB", "size"),
        ("holds 971 bytes", "971", "bytes", "size"),
        ("within 10 % of it", "10", "%", "threshold"),
    ],
)
def test_units_belong_to_their_number(text, value, unit, name):
    (claim,) = find_claims(text, "number")
    assert (claim.value, claim.unit, claim.name) == (value, unit, name)


def test_a_size_is_said_of_the_file_before_it():
    claims = find_claims("- wts.h5.zip (8.3MB), params.dill (971 bytes)", "number")
    assert [(claim.path, claim.name) for claim in claims] == [
        ("wts.h5.zip", "size"),
        ("params.dill", "size"),
    ]


def test_identifiers_versions_and_list_marks_are_no_numbers():
    assert find_claims("1. POLICY-001 of fly001_64 in phase B3, gridsize-1, v2", "number") == []


TABLE = """\
| `patch_amplitude` | PyTorch | TensorFlow | ratio |
| --- | --- | --- | --- |
| `mean` | 5.1 | 5.2 | 0.98 |

| side | mean | std |
|---|---|---|
| torch | 1.0 | 2.0 |
"""


def test_cells_are_named_by_row_or_column_and_have_a_side():
    found = [
        (c.name, c.value, c.subject.side, c.subject.section) for c in find_claims(TABLE, "number")
    ]
    assert found == [
        ("mean", "5.1", "torch", "patch_amplitude"),
        ("mean", "5.2", "tensorflow", "patch_amplitude"),
        ("mean", "1.0", "torch", ""),
        ("std", "2.0", "torch", ""),
    ]


def test_a_ratio_in_a_row_comes_of_the_row():
    (claim,) = find_claims(TABLE, "derived")
    assert (claim.value, claim.operands, claim.unit) == ("0.98", ("5.1", "5.2"), "ratio")


def test_a_list_says_the_same_as_a_table():
    (claim,) = find_claims("## Patch Amplitude\n\n- PyTorch mean: 5.1\n", "number")
    assert (claim.subject.side, claim.subject.section, claim.value) == (
        "torch",
        "patch_amplitude",
        "5.1",
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8.97e9", 8.97e9),
        ("5,188,101.0", 5188101.0),
        ("1.5×10⁻⁵", 1.5e-5),
        ("−3", -3),
        ("8.99×10^9", 8.99e9),
    ],
)
def test_numbers_are_parsed_as_they_are_written(text, value):
    assert float(parse_number(text)) == value


def test_what_is_no_number_is_none():
    assert parse_number("3 of 4") is None


def test_values_lie_where_they_are_said_to():
    text = "a\\_b **mean=1.5** and `std` `2`\n\n| x | mean |\n|-|-|\n| a\\|b | *3.25* |\n"
    claims = find_claims(text, "number")
    assert [read_at(text, claim) for claim in claims] == ["1.5", "2", "3.25"]

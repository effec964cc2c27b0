import pytest

from tests.audit.extract.builders import find_claims


@pytest.mark.parametrize(
    ("text", "value", "zone"),
    [
        ("2025-11-14T06:49:50Z", "2025-11-14T06:49:50Z", "Z"),
        ("at 2025-11-14T064950Z.", "2025-11-14T064950Z", "Z"),
        ("at 2025-11-14T0529Z,", "2025-11-14T0529Z", "Z"),
        ("20251114T064950Z", "20251114T064950Z", "Z"),
        ("2025-11-14T06:49:50+01:00", "2025-11-14T06:49:50+01:00", "+01:00"),
        ("2025-11-14 06:29", "2025-11-14 06:29", ""),
        ("2025-11-14 06:29 UTC", "2025-11-14 06:29 UTC", "UTC"),
        ("on 2025-11-14", "2025-11-14", ""),
        ("on Nov 14 it ran", "Nov 14", ""),
        ("on 14 November 2025", "14 November 2025", ""),
        ("at 06:49:50", "06:49:50", ""),
    ],
)
def test_times_keep_their_zone(text, value, zone):
    (claim,) = find_claims(text, "time")
    assert (claim.value, claim.unit) == (value, zone)


def test_a_span_has_two_ends():
    claims = find_claims("(2025-11-14 05:46-05:47, 10 epochs)", "time")
    assert [(claim.value, claim.unit) for claim in claims] == [
        ("2025-11-14 05:46", ""),
        ("05:47", ""),
    ]


def test_a_time_has_its_label():
    (claim,) = find_claims("- **Timestamp:** 2025-11-14T07:40Z", "time")
    assert claim.name == "Timestamp"


def test_digits_of_a_path_or_ratio_are_no_time():
    assert find_claims("reports/2025-11-13T000000Z/a.md at a.log:12:30", "time") == []

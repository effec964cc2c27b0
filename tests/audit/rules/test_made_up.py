import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.rules.made_up import bound, describe_pattern


@pytest.mark.parametrize(
    "value",
    [
        "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0",
        "0123456789abcdef0123456789abcdef01234567",
        "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
        "1111111111111111111111111111111111111111",
        hashlib.sha1(b"x").hexdigest()[:20] + "0123456789abcdef0123",
    ],
)
def test_a_pattern_is_no_digest(value):
    assert describe_pattern(value)


def test_true_digests_follow_no_pattern():
    digests = [hashlib.sha1(str(number).encode()).hexdigest() for number in range(20_000)]
    assert not [digest for digest in digests if describe_pattern(digest)]


@given(st.text(alphabet="0123456789abcdef", max_size=19))
def test_short_abbreviations_are_not_judged(value):
    assert describe_pattern(value) == ""


def test_the_bound_is_the_tail_of_the_binomial():
    assert bound(1, 1e-8) == 1
    assert bound(39, 1 / 8) == 19

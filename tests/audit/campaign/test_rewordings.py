"""A rewording changes how a report says things, and nothing of what it says."""

import re
from collections import Counter
from random import Random

import pytest

from parityhub.audit.campaign.rewordings import list_ways, reword

DIGEST = re.compile(r"\b[0-9a-f]{40,64}\b")
NUMBER_KEEPING = re.compile(r"list items|table rows|entries|phases|a blank|blanks|CRLF|a line|two")


@pytest.fixture(scope="module")
def reworded(made):
    return list(reword(made, 120, Random(5)))


def test_as_many_as_were_asked_for_each_of_one_report(made, reworded):
    assert len(reworded) == 120
    for one in reworded:
        assert one.text != (made / one.file).read_bytes().decode()


def test_many_ways_are_used(reworded):
    assert len({one.name for one in reworded}) >= 25
    assert {one.name for one in reworded} <= {name for name, _ in list_ways()}


def test_order_and_blanks_keep_every_word(made, reworded):
    kept = [one for one in reworded if NUMBER_KEEPING.match(one.name)]
    assert kept
    for one in kept:
        before = (made / one.file).read_bytes().decode()
        assert Counter(one.text.split()) == Counter(before.split()), one.name


def test_digests_are_kept_or_abbreviated(made, reworded):
    for one in reworded:
        before = Counter(DIGEST.findall((made / one.file).read_bytes().decode()))
        after = Counter(DIGEST.findall(one.text))
        lost = sum((before - after).values())
        assert lost <= 1, one.name
        assert set(after) <= set(before), one.name


def test_the_same_seed_gives_the_same(made):
    once, again = (list(reword(made, 20, Random(9))) for _ in range(2))
    assert once == again

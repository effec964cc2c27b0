"""A mutant differs from what stood there in one thing of its form."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.campaign.mutate import change_byte, mutate
from parityhub.audit.campaign.scan import Place

DIGEST = "3849c008edbb17e7074ce5ea6e4ae864c81db32f"


def place(form, text):
    return Place("summary.md", 0, len(text), form, text.encode(), 1)


def change(form, text, seed, paths=()):
    return mutate(place(form, text), form, Random(seed), [path.encode() for path in paths])


@given(st.integers(0, 10**6), st.floats(-1e9, 1e9, allow_nan=False))
def test_a_number_differs_in_one_digit(seed, value):
    text = f"{value:.6g}"
    changed = change("number", text, seed).decode()
    assert len(changed) == len(text)
    assert sum(a != b for a, b in zip(text, changed, strict=True)) == 1


@given(st.integers(0, 10**6))
def test_made_up_digests_keep_the_half_they_claim(seed):
    one = change("digest", DIGEST, seed).decode()
    half = change("digest-half", DIGEST, seed).decode()
    whole = change("digest-whole", DIGEST, seed).decode()
    assert sum(a != b for a, b in zip(DIGEST, one, strict=True)) == 1
    assert half[:20] == DIGEST[:20]
    assert half != DIGEST
    assert whole != DIGEST
    assert {len(half), len(whole)} == {40}


@given(st.integers(0, 10**6))
def test_a_time_stays_a_time(seed):
    from datetime import datetime

    text = "2026-11-14T21:30:00Z"
    changed = change("time", text, seed).decode()
    assert sum(a != b for a, b in zip(text, changed, strict=True)) == 1
    assert changed[10] == "T"
    assert len(changed) == len(text)
    try:
        datetime.fromisoformat(changed)
    except ValueError:
        # A month of 19 is no time any more, and no less a lie.
        assert changed[5:13] != text[5:13]


@given(st.integers(0, 10**6), st.integers(1, 500))
def test_a_cited_line_is_another_line(seed, line):
    changed = int(change("line", str(line), seed))
    assert changed != line
    assert changed > 0


def test_another_path_is_one_that_is_there():
    paths = ["a/start.npy", "b/start.npy", "b/other.npy"]
    assert change("path-other", "a/start.npy", 1, paths) == b"b/start.npy"
    assert change("path-other", "a/report.json", 1, paths) is None


@pytest.mark.parametrize("word", ["PASS", "failed", "done", "self-reported"])
def test_a_status_is_another_one(word):
    assert change("status", word, 1) not in (None, word.encode())


@given(st.binary(max_size=64), st.integers(0, 1000))
def test_one_byte_of_a_file_changes(data, seed):
    changed = change_byte(data, Random(seed))
    assert changed != data
    if data:
        assert len(changed) == len(data)
        assert sum(a != b for a, b in zip(data, changed, strict=True)) == 1

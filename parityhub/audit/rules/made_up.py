"""Digests that no hash function gives: their characters follow a pattern.

The characters of a digest are as good as random. Each bound is set so that a true digest of 40
characters, or half of one, passes it less than once in ten million, by the binomial's tail.
"""

from functools import cache
from itertools import pairwise
from math import comb

HALF = 20
RARE = 1e-7


def describe_pattern(value: str) -> str:
    """Say which pattern the characters of a digest follow; empty where they follow none.

    Args:
        value: lower case hex characters; fewer than 20 are not judged.
    """
    parts = {"it": value, "its first half": value[: len(value) // 2]}
    parts["its second half"] = value[len(value) // 2 :]
    for name, part in parts.items():
        if len(part) < HALF:
            continue
        if pattern := _describe(part):
            return f"{name if name != 'it' else 'the whole'} {pattern}"
    return ""


def _describe(part: str) -> str:
    length = len(part)
    if (climbs := count_climbs(part, 1)) >= bound(length - 1, 1 / 8):
        return f"counts up or down at {climbs} of {length - 1} places"
    if (climbs := count_climbs(part, 2)) >= bound(length - 2, 1 / 8):
        return f"counts up or down, every second character, at {climbs} of {length - 2} places"
    if (turns := count_turns(part)) >= bound(length - 1, 0.4688):
        return f"takes digit and letter in turn at {turns} of {length - 1} places"
    most = max(part.count(character) for character in set(part))
    if most >= bound(length, 1 / 16) + 1:
        return f"has one character {most} times in {length}"
    if repeats := find_period(part):
        return f"repeats itself every {repeats} characters"
    return ""


@cache
def bound(places: int, chance: float) -> int:
    """Return how often something of a chance happens at most, but for once in ten million.

    The binomial's upper tail, summed.
    """
    tail, count = 0.0, places + 1
    while count > 0:
        more = (
            comb(places, count - 1) * chance ** (count - 1) * (1 - chance) ** (places - count + 1)
        )
        if tail + more > RARE:
            break
        tail, count = tail + more, count - 1
    return count


def count_climbs(part: str, stride: int) -> int:
    """Count the places where the digit a stride further is one more, or one less."""
    values = [int(character, 16) for character in part]
    return sum((b - a) % 16 in {1, 15} for a, b in zip(values, values[stride:], strict=False))


def count_turns(part: str) -> int:
    """Count the places where a digit stands beside a letter."""
    kinds = [character.isdigit() for character in part]
    return sum(a != b for a, b in pairwise(kinds))


def find_period(part: str) -> int:
    """Return after how many characters a text repeats itself; 0 where it doesn't."""
    for period in range(1, len(part) // 2 + 1):
        if len(part) - period >= 8 and part[period:] == part[:-period]:
            return period
    return 0

"""Sentences: how far the words around a claim reach."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache

END = re.compile(
    r"[.!?][\"'`)\]*]{0,3}(?:\s|$)|[;。](?:\s|$)|\n(?=[ \t]{0,4}(?:[A-Z][\w /-]{0,30}:|$))"
)
WINDOW = 600
"""characters: farther than that nothing is of one sentence"""


@lru_cache(maxsize=32)
def _find_borders(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where sentences end, and where the next ones begin."""
    ends = list(END.finditer(text))
    return tuple(match.start() for match in ends), tuple(match.end() for match in ends)


def sentence_start(text: str, at: int) -> int:
    """Where the sentence that holds an index begins."""
    begins = _find_borders(text)[1]
    index = bisect_right(begins, at)
    return max(begins[index - 1] if index else 0, at - WINDOW)


def sentence_end(text: str, at: int) -> int:
    """Where the sentence that holds an index ends."""
    ends = _find_borders(text)[0]
    index = bisect_left(ends, at)
    return min(ends[index] if index < len(ends) else len(text), at + WINDOW)

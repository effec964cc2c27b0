"""Arrays worked on block by block: large ones on two threads, in memory that does not grow."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

BLOCK = 1 << 19
"""Elements a block where threads work. Smaller ones fit a nearer cache, but threads that take turns
at Python's lock every few microseconds do not run at once: here an operation takes 20 or more."""
SMALL = 1 << 14
"""Elements a block where one thread works alone: its temporaries stay in the cache."""
THREADS = 2
KEPT = (32 << 20) - (1 << 16)
"""Bytes of the largest block that glibc's malloc is ready to keep for the next one."""

Part = TypeVar("Part")
Result = TypeVar("Result")


def choose_block(size: int) -> int:
    """Return how many elements a block of an array of `size` elements has."""
    return BLOCK if _is_large(size) else SMALL


def map_parts(work: Callable[[Part], Result], parts: Sequence[Part], *, size: int) -> list[Result]:
    """Return what the work gives for each part of an array of `size` elements, in their order.

    From two blocks of BLOCK elements on, two threads work; below, the caller's alone does.
    Floating-point conditions are for the work to name, so numpy does not warn of them.
    """

    def guard(part: Part) -> Result:
        with np.errstate(all="ignore"):
            return work(part)

    if not _is_large(size):
        return [guard(part) for part in parts]
    _keep_freed_memory()
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(guard, parts))


def _is_large(size: int) -> bool:
    return size >= THREADS * BLOCK


def _keep_freed_memory() -> None:
    """Let malloc keep the memory of freed blocks for the next ones.

    Else each temporary is mapped anew and cleared page by page, which takes longer than all that
    is reckoned in it. glibc raises its threshold for that to the largest mapped block that was
    ever freed (mallopt(3), M_MMAP_THRESHOLD). Elsewhere this does nothing.
    """
    np.empty(KEPT, dtype=np.uint8)

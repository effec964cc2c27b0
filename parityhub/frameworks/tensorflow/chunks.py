"""A sequence cut into stretches that fit a budget."""

from collections.abc import Sequence


def plan_chunks(sizes: Sequence[int], budget: int) -> list[range]:
    """Cut a sequence of sizes into stretches that fit a budget; one that does not fit is alone."""
    chunks: list[range] = []
    start, total = 0, 0
    for place, size in enumerate(sizes):
        if place > start and total + size > budget:
            chunks.append(range(start, place))
            start, total = place, 0
        total += size
    if len(sizes) > start:
        chunks.append(range(start, len(sizes)))
    return chunks

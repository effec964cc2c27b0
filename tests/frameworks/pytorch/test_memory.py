import math

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from parityhub.frameworks.pytorch.memory import find_memory, find_region, may_overlap


@st.composite
def draw_views(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """Two views of one tensor of whole numbers."""
    shape = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    base = torch.arange(math.prod(shape)).reshape(shape)
    views = []
    for _ in range(2):
        view = base
        for axis, length in enumerate(shape):
            start = draw(st.integers(0, length - 1))
            stop = draw(st.integers(start, length))
            step = draw(st.sampled_from([1, 1, 2]))
            view = view[(slice(None),) * axis + (slice(start, stop, step),)]
        views.append(view.permute(draw(st.permutations(range(len(shape))))))
    return views[0], views[1]


@given(views=draw_views())
def test_no_shared_element_is_missed(views: tuple[Tensor, Tensor]) -> None:
    one, other = views
    shared = set(one.flatten().tolist()) & set(other.flatten().tolist())
    said = may_overlap(find_region(one), find_region(other))
    assert said or not shared
    assert find_memory(one) == find_memory(other)


def test_chunks_of_the_last_axis_are_apart() -> None:
    chunks = torch.zeros(5, 48).chunk(4, 1)
    said = [[may_overlap(find_region(a), find_region(b)) for a in chunks] for b in chunks]
    assert said == [[a == b for a in range(4)] for b in range(4)]


def test_part_overlaps_the_whole() -> None:
    whole = torch.zeros(4, 6)
    assert may_overlap(find_region(whole), find_region(whole[1:2, 3:]))

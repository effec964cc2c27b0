import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.baselines.canvas import (
    Frame,
    add_tiles,
    crop_object,
    frame_scan,
    offset_groups,
    size_group_canvas,
    split_positions,
)

POSITIONS = st.lists(
    st.tuples(st.floats(-50, 200), st.floats(-50, 200)), min_size=1, max_size=8
).map(np.array)


def test_offsets_are_from_the_middle_of_the_group():
    positions = np.array([[0.0, 0.0], [2.0, 4.0], [10.0, 10.0]])
    offsets = offset_groups(positions, np.array([[0, 1], [2, 2]]))
    np.testing.assert_array_equal(offsets, [[[-1, -2], [1, 2]], [[0, 0], [0, 0]]])


def test_a_group_of_one_needs_no_room():
    assert size_group_canvas(np.zeros((5, 1, 2)), 64) == 64


@given(POSITIONS)
def test_a_group_canvas_has_room_for_each_patch(positions):
    offsets = positions[np.newaxis] - positions.mean(axis=0)
    size = size_group_canvas(offsets, 16)
    begin = (size - 16) / 2 + offsets
    assert begin.min() >= 0
    assert begin.max() + 16 <= size


@given(POSITIONS)
def test_a_frame_holds_each_tile(positions):
    frame = frame_scan(positions, 16)
    corners, rests = split_positions(positions, frame, 16)
    assert (corners >= 0).all()
    assert (corners + 17 <= frame.shape).all()
    assert ((rests >= 0) & (rests < 1)).all()
    back = corners + rests + 8 + [frame.row, frame.column]
    np.testing.assert_allclose(back, positions, atol=1e-9)


@given(POSITIONS)
def test_offsets_from_the_middle_fit_the_canvas(positions):
    frame = frame_scan(positions, 16)
    reach = np.abs(frame.offset_from_middle(positions)).max(axis=0) + 8
    assert (reach <= np.array(frame.shape) / 2 + 1).all()


def test_tiles_add_up_where_they_overlap():
    canvas = np.zeros((1, 4, 5))
    add_tiles(canvas, np.ones((2, 1, 3, 3)), np.array([[0, 0], [1, 2]]))
    assert canvas[0].tolist() == [
        [1, 1, 1, 0, 0],
        [1, 1, 2, 1, 1],
        [1, 1, 2, 1, 1],
        [0, 0, 1, 1, 1],
    ]


@pytest.mark.parametrize(
    ("row", "column"), [(0, 0), (2, 1), (-3, -2), (7, 8), (-20, 0), (30, 30), (0, -20)]
)
def test_the_object_is_cropped_on_its_own_pixels(row, column):
    sample = 1 + np.arange(100.0).reshape(10, 10)
    crop = crop_object(sample, Frame(row=row, column=column, shape=(6, 5)))
    padded = np.zeros((70, 70))
    padded[30:40, 30:40] = sample
    np.testing.assert_array_equal(crop, padded[30 + row : 36 + row, 30 + column : 35 + column])

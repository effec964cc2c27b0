"""Images of a page: one pixel an element, what has no value transparent, the same bytes again."""

import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from parityhub.report.pixels import (
    LARGEST,
    LEVELS,
    STOPS,
    Colors,
    draw_pixels,
    find_step,
    lay_patches,
    make_palette,
)


def read(data: bytes) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


def test_each_element_is_a_pixel_in_order_of_its_value() -> None:
    pixels = read(draw_pixels(np.array([[0.0, 0.5], [1.0, np.nan]]), 0.0, 1.0, "sequential"))
    assert pixels.shape == (2, 2, 4)
    assert pixels[..., 3].tolist() == [[255, 255], [255, 0]]
    light = pixels[..., :3].sum(axis=2)
    assert light[0, 0] < light[0, 1] < light[1, 0]
    assert "#{:02x}{:02x}{:02x}".format(*pixels[0, 0, :3]) == STOPS["sequential"][0]
    assert "#{:02x}{:02x}{:02x}".format(*pixels[1, 0, :3]) == STOPS["sequential"][-1]


def test_zero_stands_at_the_centre_of_a_difference() -> None:
    pixels = read(draw_pixels(np.array([[-2.0, 0.0, 2.0]]), -2.0, 2.0, "diverging"))
    red, blue = pixels[0, :, 0].astype(int), pixels[0, :, 2].astype(int)
    assert abs(red[1] - blue[1]) <= 2
    assert blue[0] > red[0]
    assert red[2] > blue[2]


@pytest.mark.parametrize("colors", ["sequential", "diverging"])
def test_a_palette_has_its_stops_and_as_many_colours_as_levels(colors: Colors) -> None:
    palette = make_palette(colors)
    assert len(palette) == 3 * (LEVELS + 1)
    assert palette[:3].hex() == STOPS[colors][0][1:]
    assert palette[-6:-3].hex() == STOPS[colors][-1][1:]


def test_a_sequential_palette_grows_lighter_for_every_reader() -> None:
    colours = np.frombuffer(make_palette("sequential"), np.uint8).reshape(-1, 3)[:LEVELS]
    light = colours @ np.array([0.2126, 0.7152, 0.0722])
    assert np.all(np.diff(light) > -1.5)
    assert light[-1] - light[0] > 150


def test_infinities_and_values_beyond_the_scale_are_drawn_as_such() -> None:
    pixels = read(draw_pixels(np.array([[np.inf, -np.inf, 9.0, -9.0]]), 0.0, 1.0, "sequential"))
    assert pixels[0, :, 3].tolist() == [0, 0, 255, 255]
    assert pixels[0, 2].tolist() != pixels[0, 3].tolist()


def test_a_scale_without_extent_draws_the_middle() -> None:
    pixels = read(draw_pixels(np.full((2, 2), 3.0), 3.0, 3.0, "diverging"))
    assert len(np.unique(pixels.reshape(-1, 4), axis=0)) == 1


def test_a_large_array_is_thinned_evenly() -> None:
    step = find_step((2 * LARGEST + 1, 10))
    assert step == 3
    values = np.arange((2 * LARGEST + 1) * 10, dtype=float).reshape(-1, 10)
    assert read(draw_pixels(values, 0, values.max(), "sequential")).shape[:2] == (342, 4)


def test_patches_are_laid_out_whole_with_nothing_between_them() -> None:
    sheet = lay_patches(np.array([np.full((2, 3), n + 1.0) for n in range(3)]) * -1j)
    assert sheet.shape == (5, 7)
    assert sheet[:2, :3].tolist() == [[1.0] * 3] * 2
    assert sheet[:2, 4:].tolist() == [[2.0] * 3] * 2
    assert np.isnan(sheet[2]).all()
    assert np.isnan(sheet[:, 3]).all()
    assert np.isnan(sheet[3:, 4:]).all()


def test_the_same_array_gives_the_same_bytes() -> None:
    values = np.random.default_rng(1).random((8, 8))
    assert draw_pixels(values, 0, 1, "sequential") == draw_pixels(values.copy(), 0, 1, "sequential")
    assert draw_pixels(values, 0, 1, "sequential") != draw_pixels(values, 0, 1, "diverging")

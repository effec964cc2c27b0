import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.compare.image_region import Incomparable
from parityhub.compare.images import compare_images, compare_with_object
from tests.compare.builders import make_image


def turn(image, angle):
    return (image * np.exp(1j * angle)).astype(image.dtype)


def test_an_image_against_itself():
    image = make_image()
    found = compare_images(image, image)
    assert (found.global_phase, found.removed_scale) == (pytest.approx(0, abs=1e-15), None)
    assert found.overlap == pytest.approx(1, abs=1e-14)
    assert found.amplitude_ratio == pytest.approx(1, abs=1e-14)
    for part in (found.amplitude, found.phase):
        assert part.max_abs < 1e-14
        assert part.ssim == pytest.approx(1, abs=1e-12)


@given(st.floats(-3.1, 3.1))
def test_a_global_phase_is_found_and_removed(angle):
    image = make_image()
    found = compare_images(image, turn(image, angle))
    assert found.global_phase == pytest.approx(angle, abs=1e-6)
    assert found.phase.max_abs < 1e-6
    assert found.phase.ssim > 0.999999
    assert found.amplitude.max_abs < 1e-5


@given(st.floats(-3.1, 3.1))
def test_turning_both_images_changes_nothing(angle):
    first, second = make_image(0), make_image(3)
    plain = compare_images(first, second)
    turned = compare_images(turn(first, angle), turn(second, angle))
    assert turned.global_phase == pytest.approx(plain.global_phase, abs=1e-5)
    assert turned.phase.mae == pytest.approx(plain.phase.mae, rel=1e-4)
    assert turned.phase.ssim == pytest.approx(plain.phase.ssim, abs=1e-3)
    assert turned.amplitude.ssim == pytest.approx(plain.amplitude.ssim, abs=1e-5)


def test_a_phase_that_wraps_at_other_pixels_is_no_difference():
    rows, columns = np.indices((40, 40))
    ramp = 2 * np.pi * (rows + columns) / 40
    image = ((2 + np.sin(rows / 5)) * np.exp(1j * ramp)).astype(np.complex64)
    noisy = turn(image, 0) * np.exp(1j * 0.01 * np.sin(columns)).astype(np.complex64)
    found = compare_images(image, noisy)
    assert found.phase.max_abs < 0.02
    assert found.phase.ssim > 0.99


def test_twice_the_phase_is_seen():
    image = make_image()
    doubled = (image * np.exp(1j * np.angle(image))).astype(np.complex64)
    found = compare_images(image, doubled)
    assert found.phase.slope == pytest.approx(2, rel=1e-5)
    assert found.phase.correlation == pytest.approx(1, abs=1e-6)
    shown = found.phase.image - found.phase.reference
    assert np.allclose(found.phase.difference, shown, atol=1e-6)
    expected = np.angle(image) - found.global_phase
    assert np.allclose(found.phase.difference, expected, atol=1e-5)


def test_twice_the_amplitude_is_seen():
    image = make_image()
    found = compare_images(image, 2 * image)
    assert found.amplitude_ratio == pytest.approx(2)
    assert found.amplitude.slope == pytest.approx(2)
    assert found.amplitude.correlation == pytest.approx(1)
    assert found.amplitude.mae == pytest.approx(np.abs(image).mean())
    assert found.amplitude.ssim < 0.9
    assert found.phase.max_abs < 1e-6


def test_a_scale_is_removed_against_the_object_and_named():
    image = make_image()
    found = compare_with_object(image, turn(2 * image, 0.4))
    assert found.removed_scale == found.amplitude_ratio == pytest.approx(2)
    assert found.global_phase == pytest.approx(0.4, abs=1e-6)
    assert found.amplitude.max_abs < 1e-5
    assert found.amplitude.ssim > 0.999999


def test_an_object_in_double_precision_is_taken():
    image = make_image()
    found = compare_with_object(image.astype(np.complex128), image)
    assert found.amplitude.max_abs == 0
    refusal = compare_with_object(np.abs(image), image)
    assert isinstance(refusal, Incomparable)


def test_an_image_of_another_object_is_not_alike():
    first, second = make_image(0), make_image(3)
    found = compare_images(first, second)
    assert found.amplitude.ssim < 0.7
    assert found.phase.ssim < 0.7
    assert found.overlap < 0.99


def test_a_transposed_image_of_equal_shape_is_not_alike():
    image = make_image(shape=(32, 32))
    assert compare_images(image, image.T).amplitude.ssim < 0.7


def test_the_phase_is_not_measured_where_an_amplitude_is_zero():
    image = make_image()
    image[5, 6] = 0
    other = image.copy()
    other[5, 6] = -0.0
    other[9, 9] = 0
    image[20, 30] = 0
    found = compare_images(image, other)
    assert found.amplitude.pixels == image.size
    assert found.phase.pixels == image.size - 3
    assert found.phase.max_abs < 0.02
    assert np.isnan(found.phase.difference[5, 6])


def test_a_phase_is_needed():
    first, second = np.zeros((8, 8), np.complex64), np.zeros((8, 8), np.complex64)
    first[0, 0], second[1, 1] = 1, 1
    found = compare_images(first, second)
    assert isinstance(found, Incomparable)
    assert "no phase" in found.reason


@pytest.mark.parametrize("value", [np.nan, np.inf, complex(0, np.nan)])
@pytest.mark.parametrize("side", [0, 1])
def test_an_image_that_is_not_finite_is_named(value, side):
    images = [make_image(), make_image()]
    images[side][3, 4] = value
    found = compare_images(*images)
    name = ("the reference", "the image")[side]
    assert found == Incomparable(f"{name} is not finite at 1 of 1280 pixels")


@pytest.mark.parametrize("side", [0, 1])
def test_a_constant_image_is_named(side):
    images = [make_image(), make_image()]
    images[side][:] = 1
    assert "is constant" in compare_images(*images).reason


def test_nothing_outside_the_coverage_is_compared():
    image = make_image()
    coverage = np.zeros(image.shape)
    coverage[4:24, 5:30] = 1
    other = image.copy()
    other[coverage == 0] = np.nan
    found = compare_images(image, other, coverage)
    assert found.region.startswith("rows 4 to 23, columns 5 to 29, 500 covered")
    assert found.amplitude.pixels == 500
    assert found.amplitude.max_abs < 1e-6
    assert found.amplitude.difference.shape == (20, 25)


@pytest.mark.parametrize("scale", [1e-43, 1e-30, 1e30, 1e38])
def test_the_ends_of_complex64_are_measured(scale):
    image, other = make_image(0) / 4, make_image(3) / 4
    small = (image * np.float32(scale)).astype(np.complex64)
    found = compare_images(small, (other * np.float32(scale)).astype(np.complex64))
    assert np.isfinite([found.amplitude.ssim, found.phase.ssim, found.amplitude_ratio]).all()
    assert found.amplitude.mae > 0


@pytest.mark.parametrize("scale", [1e-310, 1e200])
def test_the_ends_of_complex128_are_refused_by_name(scale):
    image = make_image().astype(np.complex128) * scale
    found = compare_images(image, image * 1.01)
    assert isinstance(found, Incomparable)
    assert "beyond float64" in found.reason

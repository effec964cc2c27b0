import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.compare.metrics.fourier_ring import correlate_rings, find_half_bit


def make_noise(shape=(64, 64), seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def filter_low(image, cutoff):
    radius = np.hypot(*np.meshgrid(*(np.fft.fftfreq(n) for n in image.shape), indexing="ij"))
    return np.fft.ifft2(np.fft.fft2(image) * (radius < cutoff)).real


@given(st.integers(4, 20), st.integers(4, 20), st.booleans())
def test_an_image_agrees_with_itself_up_to_nyquist(height, width, imaginary):
    image = make_noise((height, width)) + (1j * make_noise((height, width), 1) if imaginary else 0)
    found = correlate_rings(image, 3 * image)
    assert found.resolution is None
    assert found.correlation == pytest.approx([1.0] * len(found.correlation))
    assert len(found.frequency) == min(height, width) // 2 + 1


def test_rings_hold_the_coefficients_that_they_should():
    found = correlate_rings(make_noise((6, 6)), make_noise((6, 6), 1))
    assert found.frequency == pytest.approx([0, 1 / 6, 2 / 6, 0.5])
    assert found.samples[:2] == (1, 8)


def test_equals_the_definition_ring_by_ring():
    first, second = make_noise(), make_noise(seed=1) + make_noise()
    found = correlate_rings(first, second)
    one, other = np.fft.fft2(first), np.fft.fft2(second)
    radius = np.rint(64 * np.hypot(*np.meshgrid(np.fft.fftfreq(64), np.fft.fftfreq(64))))
    for ring in (1, 10, 32):
        a, b = one[radius == ring], other[radius == ring]
        expected = np.vdot(b, a).real / np.linalg.norm(a) / np.linalg.norm(b)
        assert found.correlation[ring] == pytest.approx(expected)


@pytest.mark.parametrize("cutoff", [0.1, 0.2, 0.35])
def test_resolution_is_where_the_common_signal_ends(cutoff):
    common = 3 * filter_low(make_noise((128, 128)), cutoff)
    first, second = (common + 0.05 * make_noise((128, 128), seed) for seed in (1, 2))
    assert 0.5 / correlate_rings(first, second).resolution == pytest.approx(cutoff, abs=0.02)


def test_images_without_anything_in_common_part_at_once():
    found = correlate_rings(make_noise(), make_noise(seed=1))
    assert found.resolution > 0.5 / 0.1


def test_a_global_phase_is_not_forgiven():
    image = make_noise() + 1j * make_noise(seed=1)
    assert correlate_rings(image, -image).correlation[5] == pytest.approx(-1)


def test_half_bit_is_that_of_the_paper():
    assert find_half_bit(np.array([1, 10**12])) == pytest.approx([1, 0.1716], abs=1e-4)
    # (0.2071 + 0.19102) / (1.2071 + 0.09102)
    assert find_half_bit(np.array([100]))[0] == pytest.approx(0.306690, abs=1e-5)


def test_scales_do_not_matter_and_empty_rings_have_no_number():
    image = make_noise()
    for scale in (1e-300, 1e300):
        assert correlate_rings(image, image * scale).correlation[3] == pytest.approx(1)
    flat = correlate_rings(np.ones((8, 8)), np.ones((8, 8)))
    assert flat.correlation[1:] == (None,) * 4
    assert flat.resolution is None


@pytest.mark.parametrize("shape", [(3, 9), (9, 3)])
def test_a_small_image_has_no_rings(shape):
    assert correlate_rings(np.ones(shape), np.ones(shape)) is None

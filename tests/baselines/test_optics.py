import numpy as np
import pytest

from parityhub.baselines.constants import DAMPING
from parityhub.baselines.optics import find_lit, initial_scale, make_back_propagator
from parityhub.baselines.scene import make_probe

PROBE = make_probe(32, 256)


def test_the_first_estimate_of_a_clear_object_is_clear_where_lit():
    back = make_back_propagator(PROBE)
    amplitude = np.abs(np.fft.fft2(PROBE, norm="ortho"))
    estimate = np.fft.ifft2(amplitude * back.phase, norm="ortho") * back.inverse
    intensity = np.abs(PROBE) ** 2
    expected = intensity / (intensity + DAMPING * intensity.max())
    np.testing.assert_allclose(estimate, expected, atol=1e-12)
    assert np.abs(estimate[find_lit(PROBE)]).min() >= 0.5


def test_a_frequency_without_light_has_a_phase_all_the_same():
    back = make_back_propagator(np.ones((8, 8), dtype=np.complex128))
    np.testing.assert_allclose(np.abs(back.phase), 1)


def test_the_middle_is_lit_and_the_corner_is_not():
    lit = find_lit(PROBE)
    assert lit[16, 16]
    assert not lit[0, 0]


def test_the_scale_starts_at_the_formula():
    assert initial_scale(1e5, 64) == pytest.approx(np.sqrt(1e5) / 32)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from parityhub.compare.image_part import measure_part, wrap_phase
from parityhub.compare.image_region import Incomparable


def make_planes(seed=0, shape=(24, 30)):
    random = np.random.default_rng(seed)
    reference = random.uniform(1, 3, size=shape)
    return reference, reference + random.normal(0, 0.1, size=shape)


def measure(reference, image, mask=None):
    everywhere = np.ones(reference.shape, dtype=bool)
    return measure_part(reference, image, image - reference, everywhere if mask is None else mask)


def test_numbers_agree_with_their_plain_expressions():
    reference, image = make_planes()
    part = measure(reference, image)
    error = image - reference
    span = np.ptp(reference)
    assert part.pixels == reference.size
    assert part.data_range == span
    assert part.mae == pytest.approx(np.abs(error).mean(), rel=1e-14)
    assert part.rmse == pytest.approx(np.sqrt((error**2).mean()), rel=1e-14)
    assert part.max_abs == np.abs(error).max()
    slope = np.polyfit(reference.ravel(), image.ravel(), 1)[0]
    assert part.slope == pytest.approx(slope, rel=1e-12)
    assert part.correlation == pytest.approx(
        np.corrcoef(reference.ravel(), image.ravel())[0, 1], rel=1e-12
    )
    assert part.ssim == pytest.approx(
        structural_similarity(reference, image, data_range=span), rel=1e-12
    )
    assert part.psnr == pytest.approx(
        peak_signal_noise_ratio(reference, image, data_range=span), rel=1e-12
    )


def test_identical_planes():
    reference, _ = make_planes()
    part = measure(reference, reference.copy())
    assert (part.mae, part.rmse, part.max_abs, part.psnr) == (0, 0, 0, None)
    assert part.ssim == pytest.approx(1, abs=1e-14)
    assert part.correlation == pytest.approx(1, abs=1e-14)


def test_rounding_does_not_lift_a_likeness_over_one():
    for seed in range(20):
        reference, _ = make_planes(seed, shape=(40, 40))
        part = measure(reference, reference * (1 + 1e-15))
        assert 1 - 1e-9 < part.ssim <= 1
        assert 1 - 1e-9 < part.correlation <= 1


def test_what_is_not_covered_touches_no_number():
    reference, image = make_planes()
    mask = np.zeros(reference.shape, dtype=bool)
    mask[2:20, 3:25] = True
    inside = measure(reference[2:20, 3:25], image[2:20, 3:25])
    for junk in (np.nan, 1e200, -7.0):
        image[~mask] = junk
        masked = measure(reference, image, mask)
        for name in ("pixels", "mae", "rmse", "max_abs", "psnr", "slope", "data_range"):
            assert getattr(masked, name) == pytest.approx(getattr(inside, name), rel=1e-12)
        assert masked.ssim == pytest.approx(inside.ssim, rel=1e-12)
        assert np.array_equal(np.isnan(masked.difference), ~mask)


def test_maps_are_float32_and_hold_the_difference():
    reference, image = make_planes()
    part = measure(reference, image)
    maps = (part.reference, part.image, part.difference)
    assert {(drawn.dtype.name, drawn.shape) for drawn in maps} == {("float32", reference.shape)}
    assert np.array_equal(part.difference, (image - reference).astype(np.float32))


def test_ssim_needs_one_whole_window():
    reference, image = make_planes(shape=(6, 40))
    assert measure(reference, image).ssim is None
    reference, image = make_planes(shape=(9, 9))
    mask = np.indices((9, 9)).sum(axis=0) % 2 == 0
    assert measure(reference, image, mask).ssim is None
    mask = np.zeros((9, 9), dtype=bool)
    mask[1:8, 2:9] = True
    assert measure(reference, image, mask).ssim is not None


def test_a_flat_reference_has_no_range_and_no_likeness():
    _, image = make_planes()
    part = measure(np.ones_like(image), image)
    assert part.data_range == 0
    assert (part.ssim, part.psnr, part.correlation, part.slope) == (None, None, None, None)
    assert part.mae > 0


def test_a_shuffled_image_is_not_alike():
    reference, _ = make_planes()
    rows, columns = np.indices(reference.shape) / 5
    smooth = np.sin(rows) + np.cos(columns)
    shuffled = np.random.default_rng(1).permutation(smooth.ravel()).reshape(smooth.shape)
    assert measure(smooth, shuffled).ssim < 0.5
    assert abs(measure(smooth, shuffled).correlation) < 0.3


def test_numbers_beyond_float64_are_named():
    reference, image = make_planes()
    with np.errstate(all="ignore"):
        part = measure(reference * 1e200, image * 1e200)
    assert isinstance(part, Incomparable)
    assert "beyond float64" in part.reason


@given(st.lists(st.floats(-50, 50), min_size=1))
def test_wrapped_phases_lie_within_pi_and_are_the_same_angle(phases):
    phase = np.array(phases)
    wrapped = wrap_phase(phase)
    assert np.all(np.abs(wrapped) <= np.pi * (1 + 1e-12))
    assert np.allclose(np.exp(1j * wrapped), np.exp(1j * phase), atol=1e-12)


def test_a_phase_within_the_wrap_is_left_as_it_is():
    phase = np.array([0.0, 1e-300, -3.0, 3.0])
    assert np.array_equal(wrap_phase(phase), phase)

import numpy as np
import pytest

from parityhub.baselines.scene import list_images, make_object, make_probe, measure, scan_area
from parityhub.errors import DataError


def test_the_object_takes_no_photons_on_the_whole():
    sample = make_object("camera", 64)
    assert np.mean(np.abs(sample) ** 2) == pytest.approx(1)
    assert np.ptp(np.abs(sample)) > 0.1
    assert np.ptp(np.angle(sample)) > 0.5


def test_a_colour_image_will_do():
    assert make_object("astronaut", 32).shape == (32, 32)


def test_an_image_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(DataError, match="'nobody'") as caught:
        make_object("nobody", 32)
    assert "camera" in caught.value.hint


def test_images_lie_in_the_installed_package():
    images = list_images()
    assert {"camera", "coins", "moon"} <= set(images)
    assert all(path.is_file() for path in images.values())


def test_the_probe_has_its_photons_and_fades_to_the_edge():
    intensity = np.abs(make_probe(64, 1e5)) ** 2
    assert intensity.sum() == pytest.approx(1e5)
    assert intensity[0].max() < 1e-3 * intensity.max()


def test_a_scan_stays_in_its_area_off_the_raster():
    scan = scan_area((10, 50), (20, 40), 4, np.random.default_rng(0))
    assert 10 <= scan.y.min() <= scan.y.max() <= 50
    assert 20 <= scan.x.min() <= scan.x.max() <= 40
    assert len(scan.x) == 11 * 6
    moved = np.hypot(scan.x - scan.nominal_x, scan.y - scan.nominal_y)
    assert 0 < moved.max() <= np.sqrt(2) * 4 / 3


def test_counts_are_whole_and_as_many_as_asked_for():
    scan = scan_area((20, 44), (20, 44), 4, np.random.default_rng(0))
    amplitudes = measure(
        make_object("camera", 64), make_probe(32, 1e4), scan, 1e4, np.random.default_rng(1)
    )
    counts = np.square(amplitudes, dtype=np.float64)
    np.testing.assert_allclose(counts, np.round(counts), rtol=1e-6)
    # The mean of n patterns' totals has a standard error of sqrt(1e4 / n).
    assert counts.sum(axis=(1, 2)).mean() == pytest.approx(1e4, abs=5 * np.sqrt(1e4 / len(counts)))
    assert amplitudes[:, 16, 16].mean() > 10 * amplitudes[:, 0, 0].mean()

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from parityhub.compare.image_region import Incomparable
from parityhub.compare.metrics.images import measure_images


def make_images(shape=(2, 3, 16, 20), seed=0, dtype=np.float32):
    rng = np.random.default_rng(seed)
    smooth = np.cumsum(np.cumsum(rng.normal(size=shape), axis=-1), axis=-2)
    return smooth.astype(dtype)


def make_complex(shape=(2, 16, 20)):
    return (2 + np.abs(make_images(shape)) + 1j * make_images(shape, 1)).astype(np.complex64)


def test_means_are_those_of_scikit_image():
    right = make_images()
    left = right + 0.1 * make_images(seed=1)
    found = measure_images(left, right, "NCHW")
    pairs = [(x, y) for x, y in zip(left.reshape(6, 16, 20), right.reshape(6, 16, 20), strict=True)]
    ranges = [float(np.ptp(y.astype("f8"))) for _, y in pairs]
    likeness, psnr = [], []
    for (x, y), span in zip(pairs, ranges, strict=True):
        _, windows = structural_similarity(
            y.astype("f8") / span, x.astype("f8") / span, data_range=1.0, full=True
        )
        likeness.append(windows[3:-3, 3:-3].mean())
        psnr.append(peak_signal_noise_ratio(y.astype("f8"), x.astype("f8"), data_range=span))
    assert (found.images, found.skipped, found.amplitude) == (6, (), None)
    assert found.values.mae == pytest.approx(np.abs(left - right).mean(), rel=1e-5)
    assert found.values.ssim == pytest.approx(np.mean(likeness), rel=1e-9)
    assert found.values.psnr == pytest.approx(np.mean(psnr), rel=1e-9)
    assert len(found.rings.correlation) == 9


def test_channels_last_are_the_same_images():
    right = make_images()
    left = right + 0.1 * make_images(seed=1)
    turned = measure_images(np.moveaxis(left, 1, -1), np.moveaxis(right, 1, -1), "NHWC")
    assert turned == measure_images(left, right, "NCHW")


def test_a_global_phase_is_removed_and_reported():
    right = make_complex()
    left = (right * np.exp(1j * np.array([0.5, -2.0]))[:, None, None]).astype(np.complex64)
    found = measure_images(left, right, "NHW")
    assert found.global_phases == pytest.approx((0.5, -2.0), abs=1e-5)
    assert found.phase.mae < 1e-5
    assert found.amplitude.mae < 1e-5
    assert found.values is None
    assert (found.resolution, found.agree_to_nyquist) == (None, 2)


def test_other_images_are_told_apart():
    found = measure_images(make_images(seed=5), make_images(), "NCHW")
    assert found.values.ssim < 0.9
    assert found.resolution > 1
    assert found.agree_to_nyquist == 0


def test_an_image_against_itself():
    image = make_images((16, 20))
    found = measure_images(image, image, "HW")
    assert (found.values.mae, found.values.ssim, found.values.psnr) == (0, pytest.approx(1), None)
    assert (found.resolution, found.agree_to_nyquist) == (None, 1)


def test_images_that_cannot_be_compared_are_named():
    left, right = make_images((4, 16, 20)), make_images((4, 16, 20))
    left[1] = 3
    right[2] = 0
    left[3, 0, 0] = np.nan
    found = measure_images(left, right, "NHW")
    assert found.images == 1
    assert [number for number, _ in found.skipped] == [1, 2, 3]
    reasons = [reason for _, reason in found.skipped]
    assert reasons[0] == "the image is constant: 3.0 at each pixel"
    assert reasons[1] == "the reference is constant: 0.0 at each pixel"
    assert reasons[2] == "the image is not finite at 1 of 320 pixels"


@pytest.mark.parametrize(
    ("left", "right", "layout", "reason"),
    [
        (np.ones((4, 4)), np.ones((4, 5)), "HW", "shapes differ"),
        (np.ones((4, 4)), np.ones((4, 4)), "NCHW", "no images of layout NCHW"),
        (np.ones((4, 4)), np.ones((4, 4)), "HW", "the reference is constant"),
        (np.ones((0, 4, 4)), np.ones((0, 4, 4)), "NHW", "no image"),
        (np.ones((1, 1)), np.ones((1, 1)), "HW", "only 1 pixels"),
        (np.ones((4, 4)), 1j * np.ones((4, 4)), "HW", "one is complex"),
        (np.full((4, 4), "a"), np.full((4, 4), "a"), "HW", "no numbers"),
        (1j * np.ones((4, 4)), 1j * np.ones((4, 4)), "HW", "the reference is constant"),
    ],
)
def test_says_why_there_is_nothing(left, right, layout, reason):
    found = measure_images(left, right, layout)
    assert isinstance(found, Incomparable)
    assert reason in found.reason


def test_small_images_have_errors_but_no_windows_and_no_rings():
    right = np.arange(9.0).reshape(3, 3)
    found = measure_images(right + 1, right, "HW")
    assert (found.values.mae, found.values.ssim, found.rings) == (1, None, None)

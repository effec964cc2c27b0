import numpy as np
import pytest

from parityhub.compare.image_region import Incomparable, cut_region, find_region, refuse_values
from tests.compare.builders import make_image


def test_without_coverage_the_whole_image_is_meant():
    image = make_image(shape=(8, 9))
    region = find_region(image, image, None)
    assert region.mask.shape == (8, 9)
    assert region.mask.all()
    assert region.text == "rows 0 to 7, columns 0 to 8, 72 covered of 72 pixels"


def test_the_box_bounds_the_coverage():
    image = make_image(shape=(20, 30))
    coverage = np.zeros(image.shape, dtype=np.int32)
    coverage[3:9, 4] = 2
    coverage[5, 4:12] = 1
    region = find_region(image, image, coverage)
    assert (region.rows, region.columns) == (slice(3, 9), slice(4, 12))
    assert np.count_nonzero(region.mask) == 13
    box = cut_region(image, region)
    assert box.dtype == np.complex128
    assert np.array_equal(box[region.mask], image[coverage > 0])
    assert not box[~region.mask].any()


@pytest.mark.parametrize(
    ("a", "b", "coverage", "reason"),
    [
        (np.ones((4, 5), "c8"), np.ones((5, 4), "c8"), None, "shapes differ: (4, 5) and (5, 4)"),
        (np.ones((4, 5), "c8"), np.ones((4, 5), "c16"), None, "dtypes differ"),
        (np.ones((4, 5), "f4"), np.ones((4, 5), "f4"), None, "not a complex image"),
        (np.ones((1, 4, 5), "c8"), np.ones((1, 4, 5), "c8"), None, "not a complex image"),
        (np.ones((0, 5), "c8"), np.ones((0, 5), "c8"), None, "only 0 of 0 pixels"),
        (np.ones((1, 1), "c8"), np.ones((1, 1), "c8"), None, "only 1 of 1 pixels"),
        (np.ones((4, 5), "c8"), np.ones((4, 5), "c8"), np.zeros((4, 5)), "only 0 of 20 pixels"),
        (np.ones((4, 5), "c8"), np.ones((4, 5), "c8"), np.full((4, 5), np.nan), "only 0 of 20"),
        (np.ones((4, 5), "c8"), np.ones((4, 5), "c8"), np.ones((5, 4)), "the coverage is float64"),
        (np.ones((4, 5), "c8"), np.ones((4, 5), "c8"), np.ones((4, 5), "c8"), "the coverage is co"),
    ],
)
def test_what_cannot_be_compared_is_named(a, b, coverage, reason):
    found = find_region(a, b, coverage)
    assert isinstance(found, Incomparable)
    assert reason in found.reason


def test_values_are_screened_where_covered_only():
    image = make_image(shape=(8, 8))
    coverage = np.ones(image.shape)
    coverage[0, 0] = 0
    image[0, 0] = np.nan
    region = find_region(image, image, coverage)
    assert refuse_values(cut_region(image, region), "it", region) is None
    image[2, 3] = np.inf
    refusal = refuse_values(cut_region(image, region), "it", region)
    assert refusal == Incomparable("it is not finite at 1 of 63 pixels")


def test_a_constant_is_refused_whatever_its_value():
    for value in (0, 1 + 2j, 1e-40):
        image = np.full((8, 8), value, np.complex64)
        region = find_region(image, image, None)
        refusal = refuse_values(cut_region(image, region), "it", region)
        assert "it is constant" in refusal.reason

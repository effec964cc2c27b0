import numpy as np
import pytest
from matplotlib.figure import Figure

from parityhub.report.panels import count_not_finite, describe_flatness, draw_panel, find_limits

RAMP = np.linspace(0.0, 1.0, 12).reshape(3, 4)


@pytest.mark.parametrize(
    ("image", "label"),
    [
        (None, "missing"),
        (np.empty((0, 4)), "empty"),
        (np.full((3, 4), np.nan), "not finite"),
        (np.full((3, 4), 0.25), "constant 0.25"),
        (np.array([[0.5, np.nan], [0.5, np.inf]]), "constant 0.5\nor not finite"),
        (RAMP, ""),
    ],
)
def test_an_image_without_contrast_says_why(image: np.ndarray | None, label: str) -> None:
    assert describe_flatness(image) == label


def test_a_flat_image_is_labelled_and_not_scaled() -> None:
    axes = Figure().subplots()
    assert draw_panel(axes, np.zeros((3, 4))) is None
    assert [text.get_text() for text in axes.texts] == ["constant 0"]
    assert not axes.images


def test_values_that_are_not_finite_are_masked() -> None:
    image = RAMP.copy()
    image[0, 0], image[2, 3] = np.nan, np.inf
    drawn = draw_panel(Figure().subplots(), image)
    assert drawn is not None
    assert (
        np.ma.getmaskarray(np.ma.asarray(drawn.get_array())).sum() == count_not_finite(image) == 2
    )
    assert drawn.get_clim() == find_limits(image) == (RAMP.flat[1], RAMP.flat[10])


def test_limits_are_shared_by_all_that_is_there() -> None:
    assert find_limits(RAMP, None, RAMP - 2.0) == (-2.0, 1.0)
    assert find_limits(None, np.full((2, 2), np.nan)) == (0.0, 1.0)

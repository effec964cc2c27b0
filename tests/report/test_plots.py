"""Pictures: the same data give the same bytes, other data give others."""

from io import BytesIO

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.image import imread

from parityhub.errors import EvidenceError
from parityhub.report.plots import draw_pair, draw_patch_grid, draw_training_curves

Pair = dict[str, npt.NDArray[np.float64]]


@pytest.fixture
def patches() -> npt.NDArray[np.float64]:
    return np.random.default_rng(3).random((5, 8, 8))


@pytest.fixture
def pair() -> Pair:
    values = np.random.default_rng(4).random((4, 8, 8))
    left, right, left_phase, right_phase = values
    return {
        "left_amplitude": left,
        "right_amplitude": right,
        "difference_amplitude": right - left,
        "left_phase": left_phase,
        "right_phase": right_phase,
        "difference_phase": right_phase - left_phase,
    }


def read_png(data: bytes) -> npt.NDArray[np.float32]:
    return np.asarray(imread(BytesIO(data), format="png"))


def test_a_patch_grid_is_a_png_with_all_patches_visible(patches: npt.NDArray[np.float64]) -> None:
    picture = read_png(draw_patch_grid(patches))
    colored = np.ptp(picture[..., :3], axis=-1) > 0.05
    height, width = colored.shape
    cells = [
        colored[row * height // 2 :, column * width // 3 :][: height // 2, : width // 3].mean()
        for row in range(2)
        for column in range(3)
    ]
    assert all(share > 0.3 for share in cells[:5])
    assert cells[5] < 0.05


def test_the_same_patches_give_the_same_bytes(patches: npt.NDArray[np.float64]) -> None:
    assert draw_patch_grid(patches) == draw_patch_grid(patches.copy())


def test_other_patches_give_other_bytes(patches: npt.NDArray[np.float64]) -> None:
    assert draw_patch_grid(patches) != draw_patch_grid(patches[::-1])
    assert draw_patch_grid(patches) != draw_patch_grid(patches * 2)


def test_constant_patches_are_not_scaled_into_noise() -> None:
    picture = read_png(draw_patch_grid(np.full((2, 8, 8), 0.25)))
    assert np.ptp(picture[..., :3], axis=-1).max() == 0


def test_patches_that_are_not_finite_can_be_drawn(patches: npt.NDArray[np.float64]) -> None:
    broken = patches.copy()
    broken[0], broken[1, 2:4], broken[2, 0, 0] = np.nan, np.inf, -np.inf
    assert draw_patch_grid(broken) != draw_patch_grid(patches)


@pytest.mark.parametrize("shape", [(0, 8, 8), (8, 8), (2, 0, 8)])
def test_what_is_no_stack_of_patches_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(EvidenceError, match="cannot be drawn"):
        draw_patch_grid(np.zeros(shape))


def test_a_pair_gives_the_same_bytes_twice_and_others_for_other_data(pair: Pair) -> None:
    first = draw_pair(pair, title="canvas")
    assert first == draw_pair(pair, title="canvas")
    assert first != draw_pair(pair | {"right_phase": pair["left_phase"]}, title="canvas")
    assert first != draw_pair(pair, title="canvas", names=("TensorFlow", "PyTorch"))


def test_a_pair_may_lack_a_side_or_not_differ(pair: Pair) -> None:
    same = pair | {"difference_amplitude": np.zeros((8, 8))}
    lacking = {name: image for name, image in pair.items() if not name.startswith("right")}
    assert len({draw_pair(arrays, title="t") for arrays in (pair, same, lacking, {})}) == 4


def test_a_hostile_title_is_only_a_title(pair: Pair) -> None:
    title = "$\\frac{ \x1b[31m \u202e 中 " + "long " * 100
    assert draw_pair(pair, title=title) != draw_pair(pair, title="t")


def test_curves_give_the_same_bytes_twice_and_others_for_other_data() -> None:
    losses = {"TensorFlow": [3.0, 2.0, 1.5], "PyTorch": [3.0, 2.0, 1.4]}
    first = draw_training_curves(losses)
    assert first == draw_training_curves(losses)
    assert first != draw_training_curves(losses | {"PyTorch": losses["TensorFlow"]})


def test_a_loss_that_is_not_finite_is_marked_and_not_left_out() -> None:
    broken = draw_training_curves({"PyTorch": [3.0, float("nan"), 1.0]})
    assert broken != draw_training_curves({"PyTorch": [3.0, 2.0, 1.0]})
    assert len({broken, draw_training_curves({"PyTorch": []}), draw_training_curves({})}) == 3


def test_a_users_settings_change_nothing_and_are_left_alone(
    patches: npt.NDArray[np.float64],
) -> None:
    expected = draw_patch_grid(patches)
    with mpl.rc_context({"font.size": 20, "image.cmap": "gray"}):
        assert draw_patch_grid(patches) == expected
        assert mpl.rcParams["font.size"] == 20

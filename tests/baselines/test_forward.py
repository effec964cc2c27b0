"""In float64 and with the same weights, both sides compute the same function to rounding."""

from pathlib import Path

import numpy as np
import pytest

from tests.baselines.conftest import run_words

pytestmark = pytest.mark.slow
FORWARD = Path(__file__).with_name("forward.py")


@pytest.fixture(scope="module", params=[1, 2], ids=["gridsize 1", "gridsize 2"])
def outputs(
    request: pytest.FixtureRequest, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, np.ndarray]]:
    found = []
    for framework in ("torch", "tensorflow"):
        out = tmp_path_factory.mktemp("forward") / f"{framework}.npz"
        ran = run_words(
            FORWARD, framework, data / "train.npz", out, str(request.param),
            env={"USE_XLA_TRANSLATE": "0"},
        )  # fmt: skip
        assert ran.code == 0, ran.log
        with np.load(out, allow_pickle=False) as arrays:
            found.append({name: arrays[name] for name in arrays.files})
    return found


@pytest.mark.parametrize("name", ["patches", "moved", "loss"])
def test_both_sides_agree_to_rounding(outputs: list[dict[str, np.ndarray]], name: str):
    torch, tensorflow = (found[name] for found in outputs)
    assert torch.dtype in (np.complex128, np.float64)
    assert torch.shape == tensorflow.shape
    scale = np.abs(tensorflow).max()
    assert scale > 0
    # 2^-53 is 1.1e-16; a few hundred terms a sum leave about 1e-14 of the output's scale.
    assert np.abs(torch - tensorflow).max() <= 1e-13 * scale


def shift_plainly(image: np.ndarray, shift: np.ndarray, size: int) -> np.ndarray:
    """Add up four neighbours: a shift by whole pixels, and the rest by weights."""
    (down, right), rest = np.floor(shift).astype(int), shift - np.floor(shift)
    padded = np.zeros((size + 40, size + 40))
    padded[20 + down : 20 + down + len(image), 20 + right : 20 + right + len(image)] = image
    lines = (1 - rest[0]) * padded[1:] + rest[0] * padded[:-1]
    moved = (1 - rest[1]) * lines[:, 1:] + rest[1] * lines[:, :-1]
    return moved[19 : 19 + size, 19 : 19 + size]


def test_translation_is_the_weighted_sum_of_four_neighbours(outputs: list[dict[str, np.ndarray]]):
    for found in outputs:
        for images, shift, moved in zip(
            found["images"], found["shifts"], found["moved"], strict=True
        ):
            for image, result in zip(images, moved, strict=True):
                np.testing.assert_allclose(result, shift_plainly(image, shift, 20), atol=1e-14)

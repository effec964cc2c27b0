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

"""The gate of phase B2: intensity_scale survives save and load, in both frameworks, to the bit."""

from pathlib import Path

import numpy as np
import pytest

from tests.baselines.conftest import run_words

pytestmark = pytest.mark.slow
ROUNDTRIP = Path(__file__).with_name("scale_roundtrip.py")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("framework", ["torch", "tensorflow"])
def test_the_scale_survives_save_and_load(framework: str, dtype: str, tmp_path: Path):
    asked = 9.882117688026186
    ran = run_words(ROUNDTRIP, framework, tmp_path / "wts.h5.zip", dtype, repr(asked))
    assert ran.code == 0, ran.log
    saved, stored, loaded = map(float, ran.log.splitlines()[-1].split())
    assert saved == float(np.dtype(dtype).type(asked))
    assert stored == saved
    assert loaded == saved

import numpy as np
import pytest
import torch

from parityhub.errors import UsageError
from parityhub.frameworks.pytorch import ulps
from parityhub.frameworks.pytorch.ulps import FUNCTIONS, make_grid, measure_functions


def test_every_function_is_measured() -> None:
    found = measure_functions(list(FUNCTIONS), "float32")
    assert found.keys() == FUNCTIONS.keys()
    for name, ulp in found.items():
        assert 0 < ulp["rms"] <= ulp["max"]
        assert ulp["max"] < 4 or name == "gelu"
    assert found["reciprocal"]["max"] == pytest.approx(0.5, abs=0.01)


def test_an_error_of_some_ulp_is_measured_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def double_step(x: torch.Tensor) -> torch.Tensor:
        if x.dtype == torch.float64:
            return x
        up = torch.nextafter(x, torch.full_like(x, torch.inf))
        return torch.nextafter(up, torch.full_like(x, torch.inf))

    monkeypatch.setitem(ulps.FUNCTIONS, "tanh", (double_step, (1.0, 1.9)))
    assert measure_functions(["tanh"], "float32")["tanh"] == {"max": 2.0, "rms": 2.0}


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_shorter_dtypes_are_measured(dtype: str) -> None:
    assert 0 < measure_functions(["sigmoid"], dtype)["sigmoid"]["max"] < 4


def test_grids_fill_their_domain() -> None:
    for low, high in ((-30.0, 30.0), (1e-6, 1e4), (-0.9, 1e4)):
        grid = make_grid(low, high)
        assert len(grid) == 2 * ulps.POINTS
        assert low <= grid.min() < grid.max() <= high
        assert np.array_equal(grid, make_grid(low, high))


@pytest.mark.parametrize(
    ("names", "dtype", "words"),
    [
        (["tanh", "nothing"], "float32", "PyTorch's nothing cannot be measured"),
        (["tanh"], "float64", "no more exact reference"),
        (["tanh"], "int8", "no floating dtype"),
    ],
)
def test_what_cannot_be_measured_is_refused(names: list[str], dtype: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        measure_functions(names, dtype)

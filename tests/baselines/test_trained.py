import numpy as np
import pytest

from parityhub.baselines.options import parse_options
from parityhub.baselines.trained import read_trained
from parityhub.capture.bundle import write_bundle
from parityhub.errors import EvidenceError, OptionError

PARAMS = {
    "intensity_scale": 9.75,
    "dtype": "float32",
    "gridsize": 2,
    "N": 32,
    "trained_by": "pytorch",
}


def read(folder, params, *words):
    path = folder / "wts.h5.zip"
    write_bundle(path, {"a": np.ones(2, dtype=np.float32)}, params)
    line = ["infer", "--bundle", str(path), "--test-data", "d.npz", "--out", "o", *words]
    return read_trained(parse_options("side", line))


def test_takes_from_the_bundle_what_is_not_given(tmp_path):
    trained = read(tmp_path, PARAMS)
    assert (trained.intensity_scale, trained.gridsize, trained.size) == (9.75, 2, 32)
    assert (trained.dtype, trained.framework) == ("float32", "pytorch")


def test_more_precision_may_be_asked_for_and_less_may_not(tmp_path):
    assert read(tmp_path, PARAMS, "--dtype", "float64").dtype == "float64"
    with pytest.raises(OptionError, match="bit for bit"):
        read(tmp_path, PARAMS | {"dtype": "float64"}, "--dtype", "float32")


def test_another_gridsize_is_refused(tmp_path):
    with pytest.raises(OptionError, match="--gridsize 1"):
        read(tmp_path, PARAMS, "--gridsize", "1")


@pytest.mark.parametrize(
    "change",
    [
        {"intensity_scale": None},
        {"intensity_scale": "9.75"},
        {"intensity_scale": float("nan")},
        {"dtype": "float16"},
        {"gridsize": 3},
        {"N": "32"},
    ],
)
def test_a_parameter_that_is_none_is_refused(tmp_path, change):
    with pytest.raises(EvidenceError, match=r"params\.json has"):
        read(tmp_path, PARAMS | change)

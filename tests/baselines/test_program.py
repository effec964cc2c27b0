"""Bad input ends at once, with one line and a hint, before a framework is imported."""

from pathlib import Path

import numpy as np
import pytest

from tests.baselines.conftest import SIDES, run_module, run_words


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("words", [["train"], ["train", "--train-data", "none.npz", "--out", "o"]])
def test_bad_input_is_one_line_and_a_hint(side: str, words: list[str]):
    ran = run_module(side, *words)
    assert ran.code == 2
    error, hint = ran.log.splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("hint: ")


def test_simulate_says_what_it_cannot_do(tmp_path: Path):
    ran = run_module("simulate", "--out", tmp_path, "--image", "nobody")
    assert ran.code == 2
    assert ran.log.startswith("error: scikit-image ships no image 'nobody'\nhint: ")


def test_data_of_another_size_than_the_bundle_is_refused(data: Path, tmp_path: Path):
    program = (
        "import sys\n"
        "from parityhub.baselines.program import run_program\n"
        "from parityhub.baselines.side import Program\n"
        "def open_side(settings): raise SystemExit('a framework was asked for')\n"
        "run_program(Program('side', 'pytorch', open_side), sys.argv[1:])\n"
    )
    bundle = tmp_path / "wts.h5.zip"
    write = (
        "import sys\n"
        "from parityhub.capture.bundle import write_bundle\n"
        "write_bundle(sys.argv[1], {}, {'intensity_scale': 9.5, 'dtype': 'float32',"
        " 'gridsize': 1, 'N': 64})\n"
    )
    assert run_words("-c", write, bundle).code == 0
    words = ("infer", "--bundle", bundle, "--test-data", data / "test.npz", "--out", tmp_path)
    ran = run_words("-c", program, *words)
    assert ran.code == 2
    assert "patterns of 32 pixels, the bundle 64" in ran.log


@pytest.mark.parametrize("side", SIDES)
def test_help_imports_no_framework(side: str):
    program = (
        "import runpy, sys\n"
        f"sys.argv = ['side', '--help']\n"
        f"try: runpy.run_module('parityhub.baselines.{side}', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'tensorflow', 'keras'} & set(sys.modules)))\n"
    )
    ran = run_words("-c", program)
    assert ran.log.splitlines()[-1] == "[]"


def test_nothing_finite_is_not_trained_on(data: Path, tmp_path: Path):
    with np.load(data / "train.npz", allow_pickle=False) as arrays:
        fields = {name: arrays[name] for name in arrays.files}
    fields["diff3d"][0, 0, 0] = np.nan
    np.savez(tmp_path / "nan.npz", **fields)
    words = ("train", "--train-data", tmp_path / "nan.npz", "--out", tmp_path / "out")
    ran = run_module("ptycho_torch", *words)
    assert ran.code == 2
    assert "diff3d" in ran.log
    assert not (tmp_path / "out").exists()

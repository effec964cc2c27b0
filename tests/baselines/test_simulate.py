import hashlib
from pathlib import Path

import numpy as np
import pytest

from parityhub.baselines.dataset import read_dataset
from parityhub.baselines.simulate import main
from parityhub.errors import OptionError

SMALL = ["--size", "16", "--positions", "40"]


def simulate(out: Path, *words: str) -> dict[str, bytes]:
    main(["--out", str(out), *SMALL, *words])
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path, capsys):
    first = simulate(tmp_path / "a", "--seed", "3")
    assert simulate(tmp_path / "b", "--seed", "3") == first
    other = simulate(tmp_path / "c", "--seed", "4")
    assert set(first) == {"train.npz", "test.npz"}
    assert all(other[name] != content for name, content in first.items())
    printed = capsys.readouterr().out
    for content in first.values():
        assert hashlib.sha256(content).hexdigest() in printed


def test_files_have_the_fields_names_and_types(tmp_path):
    simulate(tmp_path)
    with np.load(tmp_path / "train.npz", allow_pickle=False) as arrays:
        found = {name: (arrays[name].dtype.str, arrays[name].ndim) for name in arrays.files}
    assert found == {
        "diff3d": ("<f4", 3),
        "probeGuess": ("<c8", 2),
        "objectGuess": ("<c8", 2),
        "xcoords": ("<f8", 1),
        "ycoords": ("<f8", 1),
        "xcoords_start": ("<f8", 1),
        "ycoords_start": ("<f8", 1),
        "scan_index": ("<i8", 1),
    }


def test_no_test_position_lies_in_the_area_trained_on(tmp_path):
    simulate(tmp_path)
    train, test = (read_dataset(tmp_path / f"{name}.npz") for name in ("train", "test"))
    assert train.positions[:, 0].max() <= test.positions[:, 0].min()
    assert len(train.positions) > len(test.positions) > 4


@pytest.mark.parametrize(
    "words",
    [
        ["--size", "20"],
        ["--positions", "0"],
        ["--nphotons", "-1"],
        ["--nphotons", "nan"],
        ["--seed", "-1"],
        ["--unknown"],
        ["--siz", "16"],
    ],
)
def test_refuses_what_it_cannot_simulate(tmp_path, words):
    with pytest.raises(OptionError):
        main(["--out", str(tmp_path), *words])
    assert list(tmp_path.iterdir()) == []

import json

import numpy as np
import pytest

from parityhub.capture import DebugDump, compute_stats
from parityhub.errors import DataError

RNG = np.random.default_rng(0)
PATCHES = (RNG.normal(size=(70, 8, 8)) + 1j * RNG.normal(size=(70, 8, 8))).astype(np.complex64)
OFFSETS = RNG.uniform(-20, 20, size=(70, 2))
CANVAS = RNG.normal(size=(40, 50)).astype(np.complex64)


def read(path):
    return json.loads(path.read_text())


def test_writes_arrays_and_numbers(tmp_path):
    dump = DebugDump(tmp_path)
    dump.write_patches(PATCHES, OFFSETS)
    dump.write_canvas(CANVAS, np.ones((40, 50)), CANVAS)
    stats = read(tmp_path / "stats.json")
    assert stats["patch_amplitude"] == compute_stats(PATCHES)
    assert stats["canvas_amplitude"] == compute_stats(CANVAS)
    assert read(tmp_path / "canvas.json") == {
        "patch_size": 8,
        "canvas_size": [40, 50],
        "num_patches": 70,
        "max_abs_dx": np.abs(OFFSETS[:, 1]).max(),
        "max_abs_dy": np.abs(OFFSETS[:, 0]).max(),
    }
    offsets = read(tmp_path / "offsets.json")
    assert (offsets["count"], len(offsets["first"])) == (70, 64)
    assert offsets["dx"]["min"] == OFFSETS[:, 1].min()
    assert offsets["first"][5] == {"dx": OFFSETS[5, 1], "dy": OFFSETS[5, 0]}
    for name, array in {
        "patches": PATCHES,
        "offsets": OFFSETS,
        "canvas": CANVAS,
        "object_crop": CANVAS,
        "coverage": np.ones((40, 50)),
    }.items():
        np.testing.assert_array_equal(np.load(tmp_path / f"{name}.npy"), array)


def test_without_a_canvas_claims_none(tmp_path):
    DebugDump(tmp_path).write_patches(PATCHES, OFFSETS)
    assert set(read(tmp_path / "stats.json")) == {"patch_amplitude"}
    assert read(tmp_path / "canvas.json")["canvas_size"] is None
    assert not (tmp_path / "canvas.npy").exists()


def test_refuses_what_does_not_belong_together(tmp_path):
    dump = DebugDump(tmp_path)
    with pytest.raises(DataError, match="belong"):
        dump.write_patches(PATCHES, OFFSETS[:3])
    dump.write_patches(PATCHES, OFFSETS)
    with pytest.raises(DataError, match="coverage"):
        dump.write_canvas(CANVAS, np.ones((4, 4)))


def test_costs_nothing_where_it_is_off():
    class Untouchable:
        def __getattribute__(self, name):
            raise AssertionError(f"{name} was asked for")

    dump = DebugDump(None)
    dump.write_patches(Untouchable(), Untouchable())
    dump.write_canvas(Untouchable(), Untouchable(), Untouchable())

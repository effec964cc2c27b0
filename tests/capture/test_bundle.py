import io
import json
import zipfile

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.capture.bundle import read_bundle, write_bundle
from parityhub.errors import EvidenceError

WEIGHTS = {
    "b.kernel": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a.bias": np.array([1.5, -0.0]),
}
PARAMS = {"intensity_scale": 9.88211727142334, "gridsize": 2}


def make_zip(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def make_h5(fill):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        fill(file)
    return buffer.getvalue()


@pytest.fixture
def bundle(tmp_path):
    path = tmp_path / "wts.h5.zip"
    write_bundle(path, WEIGHTS, PARAMS)
    return path


def test_comes_back_bit_for_bit(bundle):
    weights, params = read_bundle(bundle)
    assert params == PARAMS
    assert set(weights) == set(WEIGHTS)
    for name, array in WEIGHTS.items():
        assert weights[name].dtype == array.dtype
        assert weights[name].tobytes() == array.tobytes()


@given(st.floats(width=32, allow_nan=False), st.floats(allow_nan=False))
def test_a_float_of_params_comes_back_bit_for_bit(tmp_path_factory, single, double):
    path = tmp_path_factory.mktemp("params") / "wts.h5.zip"
    write_bundle(path, {}, {"single": float(np.float32(single)), "double": double})
    _, params = read_bundle(path)
    assert np.float32(params["single"]).tobytes() == np.float32(single).tobytes()
    assert np.float64(params["double"]).tobytes() == np.float64(double).tobytes()


def test_same_content_same_bytes_in_any_order(bundle, tmp_path):
    other = tmp_path / "other.zip"
    write_bundle(other, dict(reversed(WEIGHTS.items())), dict(reversed(PARAMS.items())))
    assert other.read_bytes() == bundle.read_bytes()


def test_other_content_other_bytes(bundle, tmp_path):
    other = tmp_path / "other.zip"
    write_bundle(other, WEIGHTS, {**PARAMS, "intensity_scale": np.nextafter(9.88211727142334, 10)})
    assert other.read_bytes() != bundle.read_bytes()


def test_members_are_plain(bundle):
    with zipfile.ZipFile(bundle) as archive:
        assert archive.namelist() == ["params.json", "weights.h5"]
        assert json.loads(archive.read("params.json")) == PARAMS
        with h5py.File(io.BytesIO(archive.read("weights.h5"))) as file:
            np.testing.assert_array_equal(file["b.kernel"], WEIGHTS["b.kernel"])


def test_refuses_a_name_that_would_be_a_folder(tmp_path):
    with pytest.raises(ValueError, match="'/'"):
        write_bundle(tmp_path / "x.zip", {"a/b": np.zeros(1)}, {})
    assert list(tmp_path.iterdir()) == []


@given(data=st.data())
def test_any_cut_is_noticed(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("cut") / "wts.h5.zip"
    write_bundle(path, WEIGHTS, PARAMS)
    content = path.read_bytes()
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(EvidenceError):
        read_bundle(path)


@given(data=st.data())
def test_a_changed_byte_changes_no_number_unnoticed(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("byte") / "wts.h5.zip"
    write_bundle(path, WEIGHTS, PARAMS)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        weights, params = read_bundle(path)
    except EvidenceError:
        return
    assert params == PARAMS
    assert all(weights[name].tobytes() == array.tobytes() for name, array in WEIGHTS.items())


GOOD_H5 = make_h5(lambda file: file.create_dataset("a", data=np.ones(2)))


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"params.json": "{}"},
        {"weights.h5": GOOD_H5},
        {"params.json": "{}", "weights.h5": GOOD_H5, "../evil": ""},
        {"params.json": "{}", "weights.h5": GOOD_H5, "/etc/evil": ""},
        {"params.json": "[1]", "weights.h5": GOOD_H5},
        {"params.json": "{", "weights.h5": GOOD_H5},
        {"params.json": b"\xff", "weights.h5": GOOD_H5},
        {"params.json": "[" * 100_000, "weights.h5": GOOD_H5},
        {"params.json": "{}", "weights.h5": b"no hdf5"},
        {"params.json": "{}", "weights.h5": GOOD_H5[:-100]},
    ],
)
def test_refuses_what_is_no_bundle(tmp_path, members):
    path = tmp_path / "wts.h5.zip"
    make_zip(path, members)
    with pytest.raises(EvidenceError):
        read_bundle(path)


@pytest.mark.parametrize(
    "fill",
    [
        lambda file: file.__setitem__("a", h5py.ExternalLink("/tmp/other.h5", "/x")),
        lambda file: file.__setitem__("a", h5py.SoftLink("/b")),
        lambda file: file.create_group("a"),
        lambda file: file.create_dataset("a", data=["text"]),
        lambda file: file.create_dataset(
            "a", (1,), "f8", external=[("/tmp/parityhub-external", 0, 8)]
        ),
    ],
)
def test_refuses_weights_that_are_not_plain_arrays(tmp_path, fill):
    path = tmp_path / "wts.h5.zip"
    make_zip(path, {"params.json": "{}", "weights.h5": make_h5(fill)})
    with pytest.raises(EvidenceError, match="'a'"):
        read_bundle(path)


def test_says_a_missing_file_is_missing(tmp_path):
    with pytest.raises(EvidenceError, match="No such file"):
        read_bundle(tmp_path / "none.zip")

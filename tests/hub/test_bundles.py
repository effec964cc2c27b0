"""Bundles: whole ones are counted and digested, damaged and crafted ones refused with a reason."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import numpy.typing as npt
import pytest

from parityhub.capture.bundle import write_bundle
from parityhub.errors import EvidenceError
from parityhub.hub.bundles import count_weights, digest_members, read_params

Weights = dict[str, npt.NDArray[np.generic]]


def pack(weights: Weights) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, values in weights.items():
            file[name] = values
    return buffer.getvalue()


def write_zip(
    path: Path, members: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED
) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def make_whole(path: Path, weights: Weights | None = None) -> Path:
    content = pack({"conv": np.ones((3, 3))} if weights is None else weights)
    return write_zip(path, [("params.json", b'{"scale": 1.5}'), ("weights.h5", content)])


def read_whole(bundle: Path) -> None:
    digest_members(bundle)
    read_params(bundle)
    count_weights(bundle)


def refuse(bundle: Path) -> str:
    """Read a bundle in each way; return why it was refused."""
    with pytest.raises(EvidenceError) as caught:
        read_whole(bundle)
    assert bundle.name in caught.value.message
    assert caught.value.hint
    return caught.value.message


def test_a_whole_bundle_is_read(tmp_path: Path) -> None:
    bundle = tmp_path / "wts.h5.zip"
    scale = float(np.float32(9.882118))
    write_bundle(bundle, {"a": np.ones(3), "b": np.zeros((2, 2))}, {"intensity_scale": scale})
    assert count_weights(bundle) == 2
    assert read_params(bundle) == {"intensity_scale": scale}
    with zipfile.ZipFile(bundle) as archive:
        for member in digest_members(bundle):
            content = archive.read(member.path)
            assert member.sha256 == hashlib.sha256(content).hexdigest()
            assert member.size == len(content)
    assert len(digest_members(bundle)) == 2


def test_nested_groups_are_counted(tmp_path: Path) -> None:
    bundle = make_whole(tmp_path / "b.zip", {"block/one/kernel": np.ones(2), "bias": np.ones(1)})
    assert count_weights(bundle) == 2


@pytest.mark.parametrize("kept", [0, 1, 10, 0.3, 0.9, 0.999])
def test_a_bundle_that_is_cut_short_is_refused(tmp_path: Path, kept: float) -> None:
    data = make_whole(tmp_path / "whole.zip").read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(data[: int(kept if kept >= 1 else kept * len(data))])
    assert "not a whole bundle" in refuse(cut)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_bundle_in_which_bytes_were_changed_is_refused(tmp_path: Path, method: int) -> None:
    rng = np.random.default_rng(3)
    content = pack({"conv": rng.normal(size=(64, 64))})
    bundle = write_zip(
        tmp_path / "b.zip", [("params.json", b"{}"), ("weights.h5", content)], method
    )
    data = bytearray(bundle.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 200] = bytes(byte ^ 0xFF for byte in data[middle : middle + 200])
    bundle.write_bytes(data)
    assert "not a whole bundle" in refuse(bundle)


@pytest.mark.parametrize(
    "name", ["../outside", "a/../../outside", "/etc/passwd", "..\\outside", "\\server\\file"]
)
def test_a_member_that_climbs_out_is_refused(tmp_path: Path, name: str) -> None:
    bundle = write_zip(tmp_path / "b.zip", [("params.json", b"{}"), (name, b"x")])
    assert "leaves the archive" in refuse(bundle)


def test_a_member_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    bundle = tmp_path / "b.zip"
    with pytest.warns(UserWarning, match="Duplicate"):
        write_zip(bundle, [("params.json", b'{"scale": 1}'), ("params.json", b'{"scale": 2}')])
    assert "there twice" in refuse(bundle)


def test_a_member_that_claims_to_be_huge_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parityhub.hub.bundles.MEMBER_LIMIT", 100)
    assert "claims" in refuse(make_whole(tmp_path / "b.zip"))


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        ({"conv": np.array([1.0, np.nan])}, "weight conv holds NaN"),
        ({"good": np.ones(2), "late/bad": np.array([np.inf])}, "weight late/bad holds NaN"),
        ({"conv": np.array([complex(0, np.nan)])}, "weight conv holds NaN"),
        ({}, "no array"),
        ({"conv": np.ones((0, 3))}, "no array"),
        ({"conv": np.array([b"text"])}, "not numbers"),
    ],
)
def test_weights_that_are_no_result_are_refused(
    tmp_path: Path, weights: Weights, reason: str
) -> None:
    assert reason in refuse(make_whole(tmp_path / "b.zip", weights))


def point_outside(file: h5py.File, tmp_path: Path) -> None:
    (tmp_path / "secret.bin").write_bytes(b"\0" * 80)
    file.create_dataset(
        "conv", shape=(10,), dtype="f8", external=[(str(tmp_path / "secret.bin"), 0, 80)]
    )


def point_virtually(file: h5py.File, tmp_path: Path) -> None:
    layout = h5py.VirtualLayout(shape=(10,), dtype="f8")
    layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "x", shape=(10,))
    file.create_virtual_dataset("conv", layout)


def link_outside(file: h5py.File, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["x"] = np.ones(3)
    file["conv"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "/x")


@pytest.mark.parametrize(
    ("craft", "reason"),
    [
        (point_outside, "lies in another file"),
        (point_virtually, "lies in another file"),
        (link_outside, "no array"),
    ],
)
def test_weights_that_lie_in_another_file_are_refused(
    tmp_path: Path, craft: Callable[[h5py.File, Path], None], reason: str
) -> None:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        craft(file, tmp_path)
    members = [("params.json", b"{}"), ("weights.h5", buffer.getvalue())]
    assert reason in refuse(write_zip(tmp_path / "b.zip", members))


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        (b"", "not a whole bundle"),
        (b"{", "not a whole bundle"),
        (b"[1]", "not an object"),
        (b"\xff", "not a whole bundle"),
        (b"[" * 100_000, "not a whole bundle"),
    ],
)
def test_params_that_are_no_object_are_refused(tmp_path: Path, params: bytes, reason: str) -> None:
    members = [("params.json", params), ("weights.h5", pack({"a": np.ones(1)}))]
    assert reason in refuse(write_zip(tmp_path / "b.zip", members))


@pytest.mark.parametrize("missing", ["params.json", "weights.h5"])
def test_a_missing_member_is_named(tmp_path: Path, missing: str) -> None:
    members = [("params.json", json.dumps({}).encode()), ("weights.h5", pack({"a": np.ones(1)}))]
    left = [(name, content) for name, content in members if name != missing]
    assert missing in refuse(write_zip(tmp_path / "b.zip", left))


def test_an_encrypted_bundle_is_refused(tmp_path: Path) -> None:
    bundle = make_whole(tmp_path / "b.zip")
    data = bytearray(bundle.read_bytes())
    # The flag that says so, in each local header and in the directory.
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(mark, start + 4)
    bundle.write_bytes(data)
    assert "encrypted" in refuse(bundle)

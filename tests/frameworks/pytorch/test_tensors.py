from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from parityhub.capture.files import write_arrays
from parityhub.errors import EvidenceError, UsageError
from parityhub.frameworks.pytorch.tensors import (
    cast_input,
    flatten_outputs,
    read_arrays,
    read_feed,
    read_inputs,
    to_array,
    write_value,
)

Pair = namedtuple("Pair", ["left", "right"])
ONE = torch.ones(2)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (ONE, [("output", True)]),
        ({"a": ONE, "b": ONE}, [("a", True), ("b", True)]),
        ((ONE, ONE), [("0", False), ("1", False)]),
        ([ONE, (ONE, None)], [("0", False), ("1.0", False)]),
        ({"a": {"b": ONE}, "c": [ONE]}, [("a.b", True), ("c.0", False)]),
        (Pair(ONE, ONE), [("left", True), ("right", True)]),
    ],
)
def test_outputs_have_names(value: Any, names: list[tuple[str, bool]]) -> None:
    assert [(name, named) for name, named, _ in flatten_outputs(value)] == names


def test_output_that_is_no_tensor_is_refused() -> None:
    with pytest.raises(UsageError, match="returned a float"):
        list(flatten_outputs({"a": 1.0}))


@pytest.mark.parametrize(
    ("stored", "dtype", "expected"),
    [
        ("f8", torch.float32, torch.float32),
        ("f4", torch.bfloat16, torch.bfloat16),
        ("c8", torch.float64, torch.complex128),
        ("c16", torch.float32, torch.complex64),
        ("i4", torch.float64, torch.int32),
        ("?", torch.float64, torch.bool),
    ],
)
def test_inputs_are_cast(stored: str, dtype: torch.dtype, expected: torch.dtype) -> None:
    assert cast_input(np.ones(3, stored), dtype).dtype == expected


def test_arrays_round_trip_under_any_name(tmp_path: Path) -> None:
    arrays = {"file": np.arange(3), "a/b.c": np.ones((2, 2)), "allow_pickle": np.array(1.5)}
    write_arrays(tmp_path / "x.npz", arrays)
    got = read_arrays(str(tmp_path / "x.npz"))
    assert {name: array.tolist() for name, array in got.items()} == {
        name: array.tolist() for name, array in arrays.items()
    }


@pytest.mark.parametrize("content", [None, b"", b"no archive at all", b"PK\x03\x04"])
def test_file_that_holds_no_arrays_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EvidenceError, match="cannot read the arrays") as caught:
        read_arrays(str(path))
    assert "\n" not in caught.value.message


def test_objects_are_not_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", x=np.array([{}], object))
    with pytest.raises(EvidenceError):
        read_arrays(str(tmp_path / "x.npz"))


def test_single_array_is_no_archive(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.ones(3))
    with pytest.raises(EvidenceError):
        read_inputs(str(tmp_path / "x.npy"), torch.float32)


def test_archive_without_inputs_is_refused(tmp_path: Path) -> None:
    write_arrays(tmp_path / "x.npz", {})
    with pytest.raises(EvidenceError, match="no inputs"):
        read_inputs(str(tmp_path / "x.npz"), torch.float32)


def test_value_is_written_under_a_name_fit_for_a_file(tmp_path: Path) -> None:
    path = write_value(str(tmp_path), "a/b#2:1", torch.tensor([1 + 2j]).conj())
    assert Path(path).parent == tmp_path
    assert np.load(path).tolist() == [1 - 2j]


def test_bfloat16_is_written_as_float32() -> None:
    assert to_array(torch.tensor([1.5], dtype=torch.bfloat16)).dtype == np.float32


@pytest.mark.parametrize("axes", [[0, 3, 1, 2], "0312"])
def test_feed_is_transposed_to_this_sides_order(axes: Any, tmp_path: Path) -> None:
    array = np.arange(24.0).reshape(1, 2, 3, 4)
    np.save(tmp_path / "x.npy", array)
    like = torch.zeros(1, 4, 2, 3)
    got = read_feed({"file": str(tmp_path / "x.npy"), "axes": axes}, like, "conv")
    assert torch.equal(got, torch.from_numpy(array).permute(0, 3, 1, 2).float())


@pytest.mark.parametrize("axes", [None, [0, 1]])
def test_feed_of_another_shape_is_refused(axes: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((2, 3)))
    with pytest.raises(EvidenceError, match=r"conv has the shape \(2, 3\), not \(3, 2\)"):
        read_feed({"file": str(tmp_path / "x.npy"), "axes": axes}, torch.zeros(3, 2), "conv")

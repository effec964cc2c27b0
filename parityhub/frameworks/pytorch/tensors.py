"""Tensors, arrays and files: from one to the other, bit for bit where both have the dtype."""

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from parityhub.capture.files import write_array
from parityhub.errors import EvidenceError, UsageError

Arrays = dict[str, npt.NDArray[Any]]
COMPLEX = {torch.float64: torch.complex128}
"""the complex dtype that goes with a real one; complex64 with all others"""


def find_dtype(name: str) -> torch.dtype:
    """Return the floating dtype of that name.

    Raises:
        UsageError: PyTorch has none.
    """
    dtype = getattr(torch, name, None)
    if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
        raise UsageError(
            f"PyTorch has no floating dtype {name!r}",
            hint="ask for float64, float32, float16 or bfloat16",
        )
    return dtype


def name_dtype(dtype: torch.dtype) -> str:
    """Return `float32` of torch.float32."""
    return str(dtype).removeprefix("torch.")


def to_array(tensor: Tensor) -> npt.NDArray[Any]:
    """Return a tensor's numbers, sharing memory where that can be; bfloat16 as float32."""
    tensor = tensor.detach().cpu().resolve_conj().resolve_neg()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.float()
    array: npt.NDArray[Any] = tensor.numpy()
    return array


def cast_input(array: npt.NDArray[Any], dtype: torch.dtype) -> Tensor:
    """Return a copy as a tensor: of the dtype if it is floating, of its complex one if complex."""
    tensor = torch.from_numpy(np.array(array))
    if tensor.is_complex():
        return tensor.to(COMPLEX.get(dtype, torch.complex64))
    return tensor.to(dtype) if tensor.is_floating_point() else tensor


def read_arrays(path: str) -> Arrays:
    """Read the named arrays of an .npz.

    Raises:
        EvidenceError: it is not there, or is no .npz of plain arrays.
    """
    try:
        with Path(path).open("rb") as stream:
            stored = np.load(stream, allow_pickle=False)
            if isinstance(stored, np.ndarray):
                raise ValueError("it is a single array")
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        words = str(error).splitlines() or [type(error).__name__]
        raise EvidenceError(
            f"cannot read the arrays of {path}: {words[0]}",
            hint="give an .npz of named arrays",
        ) from error


def read_inputs(path: str, dtype: torch.dtype) -> dict[str, Tensor]:
    """Read a model's inputs, cast to the dtype.

    Raises:
        EvidenceError: the file holds no arrays.
    """
    arrays = read_arrays(path)
    if not arrays:
        raise EvidenceError(f"{path} holds no inputs", hint="give an .npz of named arrays")
    return {name: cast_input(array, dtype) for name, array in arrays.items()}


def read_feed(feed: Mapping[str, Any], like: Tensor, name: str) -> Tensor:
    """Read the other side's value of an operation, in this side's order of axes and dtype.

    Args:
        feed: `file`, an .npy; `axes`, as it is transposed to this side's order (None: it is so).
        like: this side's value.
        name: of the operation.

    Raises:
        EvidenceError: the file cannot be read, or its shape is not this side's.
    """
    try:
        array = np.load(feed["file"], allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise EvidenceError(
            f"cannot read the value of {name}: {str(error).splitlines()[0]}",
            hint="give an .npy",
        ) from error
    axes = feed.get("axes")
    if axes is not None and sorted(int(axis) for axis in axes) == list(range(array.ndim)):
        array = array.transpose([int(axis) for axis in axes])
    if array.shape != tuple(like.shape):
        raise EvidenceError(
            f"the value given for {name} has the shape {array.shape}, not {tuple(like.shape)}",
            hint="pair operations whose values have the same elements, and give their axes",
        )
    # In this side's strides: an operation behind it may look at its memory (`view`).
    return torch.empty_like(like).copy_(torch.from_numpy(np.array(array)))


def write_value(folder: str, name: str, tensor: Tensor) -> str:
    """Write a tensor as .npy in a folder, under its name made fit for a file; return the path."""
    path = Path(folder) / f"{quote(name, safe='.#:-_')}.npy"
    write_array(path, to_array(tensor))
    return str(path)


def flatten_outputs(value: Any) -> Iterator[tuple[str, bool, Tensor]]:
    """Yield (name, whether the model named it, tensor) for each tensor that a model returned.

    A dictionary's by its keys, one alone as `output`, a sequence's by place; nested ones with a
    point between.

    Raises:
        UsageError: it returned something else.
    """
    if isinstance(value, Tensor):
        yield "output", True, value
        return
    for path, named, tensor in _walk(value):
        yield ".".join(path), named, tensor


def _walk(value: Any) -> Iterator[tuple[tuple[str, ...], bool, Tensor]]:
    if isinstance(value, Tensor):
        yield (), True, value
    elif isinstance(value, Mapping) or hasattr(value, "_asdict"):
        for key, item in (value if isinstance(value, Mapping) else value._asdict()).items():
            for path, named, tensor in _walk(item):
                yield (str(key), *path), named, tensor
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            for path, _, tensor in _walk(item):
                yield (str(place), *path), False, tensor
    elif value is not None:
        raise UsageError(
            f"the model returned a {type(value).__name__}",
            hint="return a tensor, or a dictionary or tuple of tensors",
        )

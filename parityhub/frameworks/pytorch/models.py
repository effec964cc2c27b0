"""A model of PyTorch: built, given weights, and run."""

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from parityhub.capture.protocol import Output, Ran, WeightInfo
from parityhub.errors import Error, UsageError
from parityhub.frameworks.pytorch.tensors import (
    Arrays,
    find_dtype,
    flatten_outputs,
    name_dtype,
    to_array,
    write_value,
)
from parityhub.frameworks.target import call_target, describe_failure, load_target

COUNTER = "num_batches_tracked"
"""the role of BatchNorm's count of batches: bookkeeping, no weight"""

Inputs = Mapping[str, Tensor]


@dataclass
class Model:
    """A module, ready for inference, in one dtype."""

    module: nn.Module
    dtype: torch.dtype
    seed: int

    def call(self, inputs: Inputs) -> Any:
        """Run one forward pass: a single input by place, several by name.

        Raises:
            UsageError: the model fails on them.
        """
        with default_dtype(self.dtype):
            seed_generators(self.seed)
            try:
                if len(inputs) == 1:
                    return self.module(next(iter(inputs.values())))
                return self.module(**inputs)
            except Error:
                raise
            except Exception as error:
                shapes = {name: tuple(tensor.shape) for name, tensor in inputs.items()}
                raise UsageError(
                    f"the PyTorch model fails on its inputs: {describe_failure(error)}",
                    hint=f"it was given {shapes}; are names, shapes and axes right?",
                ) from error


@contextmanager
def default_dtype(dtype: torch.dtype) -> Iterator[None]:
    """Let tensors that name no dtype have this one: constants made in a forward pass among them."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def seed_generators(seed: int) -> None:
    """Seed every generator that a model may draw from."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def build_model(target: str, options: Mapping[str, Any], dtype: str, seed: int) -> Model:
    """Build a model and make it ready for inference.

    Raises:
        UsageError: the target cannot be had, fails, or returns no module.
    """
    torch_dtype = find_dtype(dtype)
    function = load_target(target)
    with default_dtype(torch_dtype):
        seed_generators(seed)
        module = call_target(function, options, dtype)
    if not isinstance(module, nn.Module):
        raise UsageError(
            f"the target {target!r} returned a {type(module).__name__}",
            hint="return a torch.nn.Module",
        )
    return Model(module.eval().to(torch_dtype), torch_dtype, seed)


def find_output_dtype(model: Model, inputs: Inputs) -> str:
    """Run one forward pass; return the dtype of its floating outputs, the real one of complex.

    Where outputs differ it is the first that is not the model's: a model that does not follow.
    """
    with torch.no_grad():
        outputs = list(flatten_outputs(model.call(inputs)))
    dtypes = [
        tensor.real.dtype if tensor.is_complex() else tensor.dtype
        for _, _, tensor in outputs
        if tensor.is_complex() or tensor.is_floating_point()
    ]
    others = [dtype for dtype in dtypes if dtype != model.dtype]
    return name_dtype((others or dtypes or [model.dtype])[0])


def list_weights(module: nn.Module) -> dict[str, Tensor]:
    """Return parameters and lasting buffers by full path."""
    return {
        name: tensor
        for name, tensor in module.state_dict(keep_vars=True).items()
        if isinstance(tensor, Tensor) and name.rpartition(".")[2] != COUNTER
    }


def describe_weights(module: nn.Module) -> list[WeightInfo]:
    """Describe each weight."""
    described = []
    for name, tensor in list_weights(module).items():
        owner, _, role = name.rpartition(".")
        described.append(
            WeightInfo(
                name=name,
                shape=list(tensor.shape),
                dtype=name_dtype(tensor.dtype),
                owner=owner,
                kind=type(module.get_submodule(owner)).__name__,
                role=role,
                trainable=tensor.requires_grad,
            )
        )
    return described


def load_weights(module: nn.Module, arrays: Arrays) -> int:
    """Take over weights by own name, into the tensors that are there; return their number.

    Raises:
        UsageError: names or shapes are not the model's.
    """
    weights = list_weights(module)
    missing = [name for name in weights if name not in arrays]
    unknown = [name for name in arrays if name not in weights]
    wrong = [
        f"{name} {arrays[name].shape} for {tuple(tensor.shape)}"
        for name, tensor in weights.items()
        if name in arrays and arrays[name].shape != tuple(tensor.shape)
    ]
    kinds = (("missing", missing), ("unknown", unknown), ("of another shape", wrong))
    if any(names for _, names in kinds):
        text = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in kinds if names)
        raise UsageError(
            f"these are not the weights of the PyTorch model; {text}",
            hint="give each weight by its full path, in PyTorch's own shape",
        )
    with torch.no_grad():
        for name, tensor in weights.items():
            tensor.copy_(torch.from_numpy(np.array(arrays[name])))
    return len(weights)


def run_model(model: Model, inputs: Inputs, folder: str, repeats: int) -> Ran:
    """Run inference some times; keep the outputs of the first, and how far the others are off."""
    seconds: list[float] = []
    first: dict[str, tuple[bool, Tensor]] = {}
    spreads: dict[str, float] = {}
    for _ in range(max(repeats, 1)):
        copies = {name: tensor.clone() for name, tensor in inputs.items()}
        start = time.perf_counter()
        with torch.no_grad():
            value = model.call(copies)
        seconds.append(time.perf_counter() - start)
        for name, named, tensor in flatten_outputs(value):
            if name not in first:
                first[name] = (named, tensor.clone())
            spread = measure_spread(first[name][1], tensor)
            spreads[name] = max(spreads.get(name, 0.0), spread)
    outputs = [
        Output(
            name=name,
            named=named,
            file=write_value(folder, name, tensor),
            shape=list(tensor.shape),
            dtype=name_dtype(tensor.dtype),
            spread=spreads[name],
        )
        for name, (named, tensor) in first.items()
    ]
    return Ran(outputs=outputs, seconds=seconds)


def measure_spread(first: Tensor, second: Tensor) -> float:
    """Return the largest |difference|; infinity where one is not finite or of another shape."""
    if first.shape != second.shape:
        return float("inf")
    one, other = to_array(first), to_array(second)
    if np.array_equal(one, other, equal_nan=one.dtype.kind in "fc"):
        return 0.0
    wide = np.complex128 if one.dtype.kind == "c" else np.float64
    with np.errstate(invalid="ignore"):
        apart = np.abs(one.astype(wide) - other.astype(wide))
    alike = (one == other) | ((one != one) & (other != other))
    apart[alike] = 0.0
    return float(np.where(np.isnan(apart), np.inf, apart).max())

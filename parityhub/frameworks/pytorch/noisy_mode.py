"""What makes a float64 network round like another dtype: seeded noise after each operation."""

from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_leaves, tree_unflatten

from parityhub.frameworks.pytorch.parts import find_parts
from parityhub.frameworks.pytorch.rounding import (
    Call,
    Rounding,
    find_deviations,
    get_name,
    is_inexact,
    is_known,
    prepare_squares,
)


class NoisyMode(TorchDispatchMode):
    """Adds to each result a normal deviate times its standard deviation under rounding.

    Composite operations are taken apart, so that each of their parts is noisy. Operations of
    autograd's backward pass that run under it are noisy too.

    Args:
        rounding: the dtype that is modelled.
        generator: of the deviates.
    """

    def __init__(self, rounding: Rounding, generator: torch.Generator) -> None:
        super().__init__()
        self._rounding = rounding
        self._generator = generator

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = get_name(func)
        parts = None if is_known(name) else find_parts(func, name)
        if parts is not None:
            with self:
                noisy = tree_leaves(parts(*args, **kwargs))
            return _fill(func(*args, **kwargs), noisy)
        call = Call(name, args, kwargs)
        squares = prepare_squares(func, call)
        leaves, spec = tree_flatten(func(*args, **kwargs))
        deviations = find_deviations(call, leaves, squares, self._rounding)
        noisy = [
            leaf if deviation is None else self._disturb(leaf, deviation, func._schema.is_mutable)
            for leaf, deviation in zip(leaves, deviations, strict=True)
        ]
        return tree_unflatten(noisy, spec)

    def round_stored(self, tensor: Tensor) -> Tensor:
        """Return a tensor as the modelled dtype would hold it, at random; itself where it can."""
        if not is_inexact(tensor, self._rounding.unit):
            return tensor
        return self._disturb(tensor, tensor.abs() * (self._rounding.unit / 3**0.5), False)

    def _disturb(self, tensor: Tensor, deviation: Tensor, in_place: bool) -> Tensor:
        noise = deviation * self._draw(tensor)
        # An infinity, or a NaN, has no rounding.
        noise = torch.where(torch.isfinite(tensor), noise, torch.zeros_like(noise))
        return tensor.add_(noise) if in_place else tensor + noise

    def _draw(self, tensor: Tensor) -> Tensor:
        real = tensor.real.dtype if tensor.is_complex() else tensor.dtype
        one = self._draw_real(tensor, real)
        if not tensor.is_complex():
            return one
        return torch.complex(one, self._draw_real(tensor, real)) * 0.5**0.5

    def _draw_real(self, tensor: Tensor, dtype: torch.dtype) -> Tensor:
        # In float32: seven digits of a deviate are more than enough, and take half the time.
        return torch.randn(tensor.shape, generator=self._generator, dtype=torch.float32).to(dtype)


def make_mode(rounding: Rounding, seed: int, draw: int) -> NoisyMode:
    """Return the mode of one draw."""
    generator = torch.Generator()
    generator.manual_seed((seed * 1_000_003 + draw) % 2**63)
    return NoisyMode(rounding, generator)


def _fill(result: Any, noisy: list[Any]) -> Any:
    """Write noisy values into what the operation itself gave: what follows may ask its strides."""
    for mine, other in zip(tree_leaves(result), noisy, strict=False):
        if isinstance(mine, Tensor) and isinstance(other, Tensor) and mine.shape == other.shape:
            mine.copy_(other)
    return result

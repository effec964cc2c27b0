r"""How far rounding throws the result of one aten operation: its standard deviation, per element.

The model is probabilistic: each rounding multiplies by 1 + d, d independent, of mean 0 and uniform
in (-u, u), u the unit roundoff; so its variance is u^2/3 (N. J. Higham and T. Mary, "A new approach
to probabilistic rounding error analysis", SIAM J. Sci. Comput. 41 (2019), A2815: errors of sums
then grow like the root of their length, not like it).

A sum of n products p_i with value y is added up one term after another. The rounding of partial sum
S_k adds u^2 S_k^2 / 3. Between S_0 = 0 and S_n = y the partial sums are taken for a Brownian bridge
of variance Q = sum p_i^2: E S_k^2 = (k/n)^2 y^2 + Q (k/n)(1 - k/n); summed over k this is
n y^2 / 3 + n Q / 6. The roundings of the products add u^2 Q / 3. Together

    std = u sqrt(n y^2 / 9 + n Q / 18 + Q / 3).

Blocked and fused summation does better; none does worse. Q is the operation itself on squared
operands.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map

from parityhub.frameworks.pytorch.ops import (
    DEFAULT_ULP,
    EXACT,
    FUNCTIONS,
    INTERPOLATIONS,
    PRODUCTS,
    ROUNDED,
    SCATTERED,
    SUMS,
    TRANSFORMS,
)

ROOT3 = math.sqrt(3)
WIDE = 50
"""bits of a significand from which on float64 is no reference"""


@dataclass(frozen=True)
class Rounding:
    """A dtype's arithmetic: its unit roundoff and the error of its functions."""

    unit: float
    ulps: Mapping[str, float]
    """function to its error in ULP (of the result; a ULP is at most 2u of it)"""


@dataclass(frozen=True)
class Call:
    """An operation that is about to run."""

    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


def get_name(func: Any) -> str:
    """Return an aten operation's plain name, whether it works in place or not."""
    name: str = func._schema.name.partition("::")[2]
    return name.removesuffix("_") if func._schema.is_mutable else name


def is_known(name: str) -> bool:
    """Tell whether this module knows how an operation rounds; others are to be taken apart."""
    groups = (EXACT, ROUNDED, FUNCTIONS, INTERPOLATIONS, PRODUCTS, SUMS, SCATTERED, TRANSFORMS)
    return any(name in group for group in groups)


def prepare_squares(func: Any, call: Call) -> list[Tensor | None]:
    """Return Q for each result of a sum of products, before the operation may write in place."""
    if call.name not in PRODUCTS:
        return []
    args = tuple(_square(arg) if isinstance(arg, Tensor) else arg for arg in call.args)
    # beta and alpha stand before terms that are squared.
    kwargs = {name: value**2 if name in ("beta", "alpha") else value
              for name, value in call.kwargs.items()}  # fmt: skip
    func = getattr(func, "_overloadpacket", func)
    functional = getattr(torch.ops.aten, call.name)
    result = (functional if func is not functional else func)(*args, **kwargs)
    return [leaf if isinstance(leaf, Tensor) else None for leaf in _list(result)]


def find_deviations(
    call: Call, results: list[Any], squares: list[Tensor | None], rounding: Rounding
) -> list[Tensor | None]:
    """Return the standard deviation of each result; None: it is exact, or no floating number.

    Args:
        call: the operation; its operands as they were, unless it worked in place.
        results: what it gave.
        squares: of `prepare_squares`.
        rounding: of the dtype that is modelled.
    """
    name, u = call.name, rounding.unit
    if name in EXACT:
        return [None for _ in results]
    deviations: list[Tensor | None] = []
    for place, y in enumerate(results):
        if not isinstance(y, Tensor) or not (y.is_floating_point() or y.is_complex()):
            deviations.append(None)
        elif name in PRODUCTS:
            length = find_length(call, results, place)
            deviations.append(_sum_products(y, squares[place], length, u))
        elif name in SUMS:
            deviations.append(_sum_terms(call, y, find_length(call, results, place), u))
        elif name in TRANSFORMS:
            deviations.append(_transform(call, y, u))
        elif name in INTERPOLATIONS or name in SCATTERED:
            deviations.append(_spread(call, y, u))
        elif name in FUNCTIONS:
            deviations.append(y.abs() * (_find_ulp(call, rounding) * 2 * u / ROOT3))
        else:
            roundings = 1 + _count_inexact(call, u) if name in ROUNDED else 4
            deviations.append(y.abs() * (math.sqrt(roundings) * u / ROOT3))
    return deviations


def find_length(call: Call, results: list[Any], place: int = 0) -> int:
    """Return how many terms an element of a result sums up; 1 where it is no sum."""
    name, args = call.name, call.args
    y = results[place]
    if name == "convolution":
        weight, transposed, groups = args[1], args[6], args[8]
        kernel = math.prod(weight.shape[2:])
        terms = weight.shape[0] // groups if transposed else weight.shape[1]
        return max(1, int(terms * kernel) + (args[2] is not None))
    if name == "convolution_backward":
        gradient, _, weight = args[0], args[1], args[2]
        if place == 0:
            terms = weight.shape[1] if args[7] else weight.shape[0] // args[9]
            return max(1, int(terms * math.prod(weight.shape[2:])))
        return max(1, int(gradient.numel() // gradient.shape[1]))
    if name in PRODUCTS:
        first = args[1] if name.startswith(("add", "baddbmm")) else args[0]
        return max(1, int(first.shape[-1]))
    if name == "cumsum":
        return max(1, int(y.shape[args[1]]))
    if name in SUMS and name.startswith("avg_pool"):
        return max(1, math.prod(args[1]) if len(args[1]) > 1 else args[1][0] ** int(name[-2]))
    if name in SUMS:
        return max(1, int(args[0].numel() // max(y.numel(), 1)))
    return 1


def is_inexact(tensor: Tensor, unit: float) -> bool:
    """Tell whether a tensor holds numbers that the modelled dtype has to round."""
    bits = round(-math.log2(unit)) if unit > 0 else WIDE
    if not (tensor.is_floating_point() or tensor.is_complex()) or bits >= WIDE:
        return False
    plain = torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor
    return not torch.equal(shorten(plain, bits), plain)


def shorten(x: Tensor, bits: int) -> Tensor:
    """Round to a significand of so many bits, to nearest, halves to even."""
    mantissa, exponent = torch.frexp(x)
    scaled = torch.ldexp(mantissa, torch.full_like(exponent, bits))
    rounded = torch.ldexp(torch.round(scaled), exponent - bits)
    return torch.where(torch.isfinite(x), rounded, x)


def _square(tensor: Tensor) -> Tensor:
    return tensor.abs().square()


def _list(result: Any) -> list[Any]:
    return list(result) if isinstance(result, tuple | list) else [result]


def _sum_products(y: Tensor, squares: Tensor | None, length: int, u: float) -> Tensor:
    assert squares is not None
    variance = _square(y) * (length / 9) + squares.abs() * (length / 18 + 1 / 3)
    return variance.sqrt() * u


def _sum_terms(call: Call, y: Tensor, length: int, u: float) -> Tensor:
    """Return the deviation of a sum, or of a mean: that of its sum, divided, and a rounding."""
    squares = getattr(torch.ops.aten, call.name)(
        _square(call.args[0]), *call.args[1:], **call.kwargs
    )
    if call.name in ("sum", "cumsum", "nansum"):
        return (_square(y) * (length / 9) + squares.abs() * (length / 18)).sqrt() * u
    return (_square(y) * (length / 9 + 1 / 3) + squares.abs() * (1 / 18)).sqrt() * u


def _transform(call: Call, y: Tensor, u: float) -> Tensor:
    """Return u sqrt(log2 n) rms(y), n the number of points.

    Source: N. J. Higham, "Accuracy and Stability of Numerical Algorithms", section 24.1. The error
    has no regard for the size of the single coefficient.
    """
    dims = list(call.args[1])
    points = math.prod(max(y.shape[dim], call.args[0].shape[dim]) for dim in dims)
    mean = _square(y).mean(dim=dims, keepdim=True).sqrt()
    return (mean * (u * math.sqrt(max(math.log2(points), 1.0)))).expand(y.shape)


def _spread(call: Call, y: Tensor, u: float) -> Tensor:
    """Return the deviation of an interpolation, or of what sums a few elements.

    Each weight has a few roundings, and the rounding of its coordinate: relative to the place,
    unless the factor between the two grids is a power of two, so that coordinates are exact.
    """
    absolute = [arg.abs() if isinstance(arg, Tensor) and arg.is_floating_point()
                and place == 0 else arg for place, arg in enumerate(call.args)]  # fmt: skip
    bound = getattr(torch.ops.aten, call.name)(*absolute, **call.kwargs)
    if call.name in SCATTERED:
        length = max(1.0, call.args[0].numel() / max(y.numel(), 1))
        return _list(bound)[0].abs() * (u * math.sqrt(length + 1) / ROOT3)
    if call.name.startswith("upsample") or call.name.startswith("_upsample"):
        ratios = [y.shape[axis] / call.args[0].shape[axis] for axis in range(2, y.ndim)]
        exact = all(ratio > 0 and math.log2(ratio).is_integer() for ratio in ratios)
    else:
        exact = False
    places = 1.0 if exact else float(max(call.args[0].shape[2:]))
    return _list(bound)[0].abs() * (u * math.sqrt(5 + places**2) / ROOT3)


def _find_ulp(call: Call, rounding: Rounding) -> float:
    if call.name == "pow" and call.args[1:] and call.args[1] in (1, 2, -1):
        return 0.5
    return float(rounding.ulps.get(call.name, DEFAULT_ULP))


def _count_inexact(call: Call, u: float) -> int:
    """Count scalars among the operands that the modelled dtype has to round: pi, 0.1."""
    scalars = [leaf for leaf in tree_leaves(call.args) if isinstance(leaf, float)]
    return sum(is_inexact(torch.tensor(scalar, dtype=torch.float64), u) for scalar in scalars)


def detach_all(value: Any) -> Any:
    """Return arguments with each tensor off autograd's record."""
    return tree_map(lambda leaf: leaf.detach() if isinstance(leaf, Tensor) else leaf, value)

"""How far PyTorch's elementwise functions are from the exact ones, measured in place."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from parityhub.capture.protocol import Ulp
from parityhub.errors import UsageError
from parityhub.frameworks.pytorch.tensors import find_dtype

POINTS = 1 << 17
"""of each of the two halves of a grid"""
SEED = 20

Function = Callable[[Tensor], Tensor]
EVERYWHERE, POSITIVE, UNIT = (-30.0, 30.0), (1e-6, 1e4), (-1.0, 1.0)

FUNCTIONS: dict[str, tuple[Function, tuple[float, float]]] = {
    "tanh": (torch.tanh, EVERYWHERE),
    "sigmoid": (torch.sigmoid, EVERYWHERE),
    "erf": (torch.erf, EVERYWHERE),
    "erfc": (torch.erfc, (-4.0, 4.0)),
    "exp": (torch.exp, EVERYWHERE),
    "exp2": (torch.exp2, EVERYWHERE),
    "expm1": (torch.expm1, EVERYWHERE),
    "log": (torch.log, POSITIVE),
    "log1p": (torch.log1p, (-0.9, 1e4)),
    "log2": (torch.log2, POSITIVE),
    "log10": (torch.log10, POSITIVE),
    "sqrt": (torch.sqrt, POSITIVE),
    "rsqrt": (torch.rsqrt, POSITIVE),
    "sin": (torch.sin, EVERYWHERE),
    "cos": (torch.cos, EVERYWHERE),
    "tan": (torch.tan, UNIT),
    "sinh": (torch.sinh, EVERYWHERE),
    "cosh": (torch.cosh, EVERYWHERE),
    "asin": (torch.asin, UNIT),
    "acos": (torch.acos, UNIT),
    "atan": (torch.atan, EVERYWHERE),
    "asinh": (torch.asinh, EVERYWHERE),
    "atanh": (torch.atanh, (-0.99, 0.99)),
    "gelu": (functional.gelu, EVERYWHERE),
    "silu": (functional.silu, EVERYWHERE),
    "softplus": (functional.softplus, EVERYWHERE),
    "elu": (functional.elu, EVERYWHERE),
    "selu": (functional.selu, EVERYWHERE),
    "mish": (functional.mish, EVERYWHERE),
    "reciprocal": (torch.reciprocal, POSITIVE),
}


def measure_functions(names: list[str], dtype: str) -> dict[str, Ulp]:
    """Measure functions on a grid of their domain, against the same in float64.

    The grid is half uniform, half uniform in the logarithm of |x|, with seeded places, and rounded
    to the dtype first. Results that are not normal numbers of the dtype are left out. A function
    that cancels (gelu below 0) has as many ULP as it loses.

    Args:
        names: of functions.
        dtype: `float32`, `float16`, `bfloat16`.

    Raises:
        UsageError: a function or the dtype is unknown; float64 has no higher reference here.
    """
    unknown = [name for name in names if name not in FUNCTIONS]
    if unknown:
        raise UsageError(
            f"PyTorch's {', '.join(unknown)} cannot be measured",
            hint=f"known are {', '.join(sorted(FUNCTIONS))}",
        )
    torch_dtype = find_dtype(dtype)
    if torch_dtype == torch.float64:
        raise UsageError(
            "functions in float64 have no more exact reference in PyTorch",
            hint="ask for float32, float16 or bfloat16",
        )
    return {name: _measure(*FUNCTIONS[name], torch_dtype) for name in names}


def make_grid(low: float, high: float) -> npt.NDArray[np.float64]:
    """Return the places at which a function on (low, high) is measured."""
    generator = np.random.default_rng(SEED)
    spread = low + (high - low) * generator.random(POINTS)
    ends = [end for end in (low, high) if end]
    powers = [
        end * 10.0 ** (-6 * generator.random(POINTS // len(ends)))
        for end in ends
        if low * high <= 0
    ] or [np.exp(np.log(low) + (np.log(high) - np.log(low)) * generator.random(POINTS))]
    return np.concatenate([spread, *powers])


def _measure(function: Function, domain: tuple[float, float], dtype: torch.dtype) -> Ulp:
    x = torch.from_numpy(make_grid(*domain)).to(dtype)
    exact = function(x.to(torch.float64))
    found = function(x).to(torch.float64)
    info = torch.finfo(dtype)
    normal = (exact.abs() >= info.tiny) & (exact.abs() <= info.max)
    exact, found = exact[normal], found[normal]
    _, exponent = torch.frexp(exact)
    # 2^(e-1) <= |y| < 2^e, and eps is the ULP of 1.
    ulp = torch.ldexp(torch.full_like(exact, info.eps), exponent - 1)
    error = (found - exact).abs() / ulp
    return Ulp(max=float(error.max()), rms=float(error.square().mean().sqrt()))

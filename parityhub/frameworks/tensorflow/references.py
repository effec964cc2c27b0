"""Elementwise functions in more digits than the dtype under test has: numpy alone.

A reference is computed in the dtype of its argument, float64 or longdouble, without cancellation,
so that it is right to a few of that dtype's own ULP over its whole grid.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[Any]

TERMS = 40
"""of the series of erf: enough for longdouble up to the argument where it becomes 1"""
FRACTIONS = 400
"""of the continued fraction of erfc, from the argument on where that is the better way"""
SPLIT = 1.0


@dataclass(frozen=True)
class Reference:
    """A function and where it is tried: from low to high."""

    function: Callable[[Values], Values]
    low: float
    high: float
    positive: bool = False
    """only arguments above 0, spread evenly over their exponents"""


def erf(x: Values) -> Values:
    """The error function: by its series of positive terms, and by 1 - erfc(x) for large x.

    erf(x) = 2/sqrt(pi) exp(-x²) sum over n of 2^n x^(2n+1) / (2n+1)!! (DLMF 7.6.2).
    """
    size = np.abs(x)
    near = np.minimum(size, SPLIT)
    term = total = near
    for n in range(1, TERMS):
        term = term * (2 * near * near / (2 * n + 1))
        total = total + term
    series = total * np.exp(-near * near) * 2 / _sqrt_pi(x)
    return np.copysign(np.where(size < SPLIT, series, 1 - _erfc_far(np.maximum(size, SPLIT))), x)


def erfc(x: Values) -> Values:
    """The complementary error function, without cancellation for large x."""
    far = _erfc_far(np.maximum(x, SPLIT))
    return np.where(x < SPLIT, 1 - erf(np.minimum(x, SPLIT)), far)


def _erfc_far(x: Values) -> Values:
    """Return erfc for x >= SPLIT by its continued fraction (DLMF 7.9.1)."""
    total = np.zeros_like(x)
    for n in range(FRACTIONS, 0, -1):
        total = (x.dtype.type(n) / 2) / (x + total)
    return np.exp(-x * x) / (_sqrt_pi(x) * (x + total))


def _sqrt_pi(x: Values) -> Any:
    # pi in longdouble: its double and the double of what that leaves out.
    pi = x.dtype.type(np.pi) + x.dtype.type(1.2246467991473532e-16)
    return np.sqrt(pi)


def _sigmoid(x: Values) -> Values:
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def _gelu(x: Values) -> Values:
    return x * erfc(-x / np.sqrt(x.dtype.type(2))) / 2


def _gelu_tanh(x: Values) -> Values:
    pi = _sqrt_pi(x) ** 2
    inner = np.sqrt(2 / pi) * (x + x.dtype.type("0.044715") * x * x * x)
    # (1 + tanh(a)) / 2 is sigmoid(2 a): no cancellation.
    return x * _sigmoid(2 * inner)


def _softplus(x: Values) -> Values:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _mish(x: Values) -> Values:
    return x * np.tanh(_softplus(x))


def _selu(x: Values) -> Values:
    kind = x.dtype.type
    scale, alpha = (
        kind("1.0507009873554804934193349852946"),
        kind("1.6732632423543772848170429916717"),
    )
    return scale * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


REFERENCES: dict[str, Reference] = {
    "tanh": Reference(np.tanh, -10, 10),
    "sigmoid": Reference(_sigmoid, -30, 30),
    "erf": Reference(erf, -5, 5),
    "erfc": Reference(erfc, -5, 8),
    "exp": Reference(np.exp, -60, 60),
    "expm1": Reference(np.expm1, -10, 10),
    "log": Reference(np.log, 1e-30, 1e30, positive=True),
    "log1p": Reference(np.log1p, 1e-30, 1e30, positive=True),
    "sqrt": Reference(np.sqrt, 1e-30, 1e30, positive=True),
    "rsqrt": Reference(lambda x: 1 / np.sqrt(x), 1e-30, 1e30, positive=True),
    "reciprocal": Reference(lambda x: 1 / x, 1e-30, 1e30, positive=True),
    "sin": Reference(np.sin, -20, 20),
    "cos": Reference(np.cos, -20, 20),
    "tan": Reference(np.tan, -1.5, 1.5),
    "atan": Reference(np.arctan, -20, 20),
    "sinh": Reference(np.sinh, -20, 20),
    "cosh": Reference(np.cosh, -20, 20),
    "gelu": Reference(_gelu, -5, 10),
    "gelu_tanh": Reference(_gelu_tanh, -5, 10),
    "silu": Reference(lambda x: x * _sigmoid(x), -20, 20),
    "softplus": Reference(_softplus, -20, 20),
    "softsign": Reference(lambda x: x / (1 + np.abs(x)), -20, 20),
    "elu": Reference(lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))), -10, 10),
    "selu": Reference(_selu, -10, 10),
    "mish": Reference(_mish, -20, 20),
    "log_sigmoid": Reference(lambda x: -_softplus(-x), -20, 20),
}

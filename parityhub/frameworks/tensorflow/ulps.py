"""How far TensorFlow's elementwise functions are from the exact ones, measured where they run."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from parityhub.capture.protocol import Ulp
from parityhub.errors import UsageError
from parityhub.frameworks.tensorflow.references import REFERENCES, Reference
from parityhub.frameworks.tensorflow.ulp_error import DIGITS, compare_ulps, find_wide

Values = npt.NDArray[Any]

POINTS = 1 << 16
"""arguments that a function is tried at: a quarter of them close to 0, or spread over exponents"""
SEED = 20
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": tf.tanh,
    "sigmoid": tf.sigmoid,
    "erf": tf.math.erf,
    "erfc": tf.math.erfc,
    "exp": tf.exp,
    "expm1": tf.math.expm1,
    "log": tf.math.log,
    "log1p": tf.math.log1p,
    "sqrt": tf.sqrt,
    "rsqrt": tf.math.rsqrt,
    "reciprocal": tf.math.reciprocal,
    "sin": tf.sin,
    "cos": tf.cos,
    "tan": tf.tan,
    "atan": tf.atan,
    "sinh": tf.sinh,
    "cosh": tf.cosh,
    "gelu": lambda x: tf.nn.gelu(x, approximate=False),
    "gelu_tanh": lambda x: tf.nn.gelu(x, approximate=True),
    "silu": tf.nn.silu,
    "softplus": tf.nn.softplus,
    "softsign": tf.nn.softsign,
    "elu": tf.nn.elu,
    "selu": tf.nn.selu,
    "mish": lambda x: x * tf.tanh(tf.nn.softplus(x)),
    "log_sigmoid": tf.math.log_sigmoid,
}


def measure_functions(names: Sequence[str], dtype: str) -> dict[str, Ulp]:
    """Measure functions against references of more digits, over a seeded grid.

    float64 is the reference of all shorter dtypes, numpy's longdouble that of float64. An ULP is
    that of the dtype at the exact result; where the exact result is no normal number of the dtype
    (but for 0) nothing is measured.

    Raises:
        UsageError: a function or dtype is unknown, or there is no dtype with more digits here.
    """
    unknown = sorted(set(names) - set(FUNCTIONS))
    if unknown:
        raise UsageError(
            f"no function {unknown[0]!r} is known", hint=f"known are {', '.join(sorted(FUNCTIONS))}"
        )
    if dtype not in DIGITS:
        raise UsageError(f"{dtype!r} has no ULP", hint=f"one of {', '.join(DIGITS)}")
    if np.finfo(find_wide(dtype)).nmant < DIGITS[dtype] + 8:
        raise UsageError(
            f"nothing here has more digits than {dtype}", hint="measure on another machine"
        )
    return {name: _measure(name, dtype) for name in names}


def make_grid(reference: Reference, dtype: str) -> Values:
    """Return arguments in the dtype, shape (POINTS,), within what it can hold."""
    rng = np.random.default_rng(SEED)
    limit = 2.0 ** (14 if dtype == "float16" else 100)
    if reference.positive:
        low, high = np.log(max(reference.low, 1 / limit)), np.log(min(reference.high, limit))
        points = np.exp(rng.uniform(low, high, POINTS))
        points[: POINTS // 4] = rng.uniform(0.25, 4, POINTS // 4)
    else:
        points = rng.uniform(reference.low, reference.high, POINTS)
        sizes = np.exp(rng.uniform(np.log(1e-4), np.log(0.5), POINTS // 4))
        points[: POINTS // 4] = np.copysign(sizes, points[: POINTS // 4])
    return points.astype(tf.as_dtype(dtype).as_numpy_dtype)


def _measure(name: str, dtype: str) -> Ulp:
    reference = REFERENCES[name]
    grid = make_grid(reference, dtype)
    with np.errstate(over="ignore", under="ignore"):
        exact = reference.function(grid.astype(find_wide(dtype)))
    return compare_ulps(FUNCTIONS[name](tf.constant(grid)).numpy(), exact, dtype)

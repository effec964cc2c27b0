"""Another activation, another epsilon or other statistics of a normalisation."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from parityhub.frameworks.pytorch.stretch import Call, Stretch, Trial, show_number

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu,
    "relu6": functional.relu6,
    "silu": functional.silu,
    "gelu (erf)": functional.gelu,
    "gelu (tanh)": lambda x: functional.gelu(x, approximate="tanh"),
    "gelu (x sigmoid(1.702 x))": lambda x: x * torch.sigmoid(1.702 * x),
    "elu": functional.elu,
    "selu": functional.selu,
    "celu": functional.celu,
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "mish": functional.mish,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "hard sigmoid (x / 6 + 1/2)": functional.hardsigmoid,
    "hard sigmoid (0.2 x + 1/2)": lambda x: (0.2 * x + 0.5).clamp(0, 1),
    "hard swish": functional.hardswish,
    "hard tanh": functional.hardtanh,
    "exp": torch.exp,
    "no activation": lambda x: x,
    **{
        f"negative_slope {slope}": partial(functional.leaky_relu, negative_slope=slope)
        for slope in (0.01, 0.05, 0.1, 0.2, 0.25, 0.3)
    },
}  # fmt: skip
OPS = (
    "relu", "relu6", "hardtanh", "silu", "gelu", "elu", "celu", "softplus", "mish", "tanh",
    "sigmoid", "hardsigmoid", "hardswish", "leaky_relu", "exp", "clamp", "clamp_min", "prelu",
    "_prelu_kernel",
)  # fmt: skip
EPSILONS = (1e-3, 1e-5, 1e-6, 1e-7, 1e-4, 1e-2, 1e-8, 1e-12, 1.001e-5, 0.0)
SOLVED = 2e-6
"""how far a solved number may be from the round one that is tried for it"""


def try_activations(stretch: Stretch) -> Iterator[Trial]:
    """Try other activations in the place of one, and after the node."""
    for place, step, call in stretch.find(*OPS):
        own = _describe(step.func, call)
        for name, function in ACTIVATIONS.items():
            result = stretch.try_change(place, partial(_apply, function))
            if result is not None:
                yield Trial("activation variant", f"with {name} instead of {own}", result)
        if stretch.is_last(place):
            yield from _solve_below_zero(stretch, call["self"], own)
    for name, function in ACTIVATIONS.items():
        if not stretch.plain.is_complex():
            detail = f"with {name} after it"
            yield Trial("activation variant", detail, function(stretch.plain))


def try_normalizations(stretch: Stretch) -> Iterator[Trial]:
    """Try other epsilons, a batch's own statistics, and whatever statistics fit."""
    cause = "BatchNorm epsilon or momentum"
    for place, _, call in stretch.find("native_batch_norm", "native_layer_norm",
                                       "native_group_norm"):  # fmt: skip
        own = call["eps"]
        solved = _solve_epsilon(stretch, place, call)
        for epsilon in (*EPSILONS, *solved):
            result = stretch.try_change(place, partial(_set_epsilon, epsilon))
            if result is not None:
                detail = f"with epsilon {show_number(epsilon)} instead of {show_number(own)}"
                yield Trial(cause, detail, result)
    for place, _, call in stretch.find("native_batch_norm"):
        result = stretch.try_change(
            place, lambda func, call: func(**{**call, "training": not call["training"]})
        )
        if result is not None:
            word = "moving" if call["training"] else "the batch's own"
            yield Trial(cause, f"with {word} statistics", result)
        if stretch.is_last(place):
            yield from _fit_channels(stretch, call["input"])


def try_whole_activations(stretch: Stretch) -> Iterator[Trial]:
    """Try a single activation in the place of all operations, which may spell out another."""
    start = stretch.get_only_start()
    if start is None or start.shape != stretch.target.shape or start.is_complex():
        return
    for name, function in ACTIVATIONS.items():
        detail = f"with {name} in the place of its operations"
        yield Trial("activation variant", detail, function(start))
    yield from _solve_below_zero(stretch, start, "its operations")


def _apply(function: Callable[[Tensor], Tensor], func: Any, call: Call) -> Tensor:
    return function(call["self"])


def _set_epsilon(epsilon: float, func: Any, call: Call) -> Any:
    return func(**{**call, "eps": epsilon})


def _describe(func: Any, call: Call) -> str:
    if "negative_slope" in call:
        return show_number(call["negative_slope"])
    name: str = func._schema.name.partition("::")[2].rstrip("_")
    return f"{name} ({call['approximate']})" if "approximate" in call else name


def _solve_below_zero(stretch: Stretch, x: Tensor, own: str) -> Iterator[Trial]:
    """Solve for a slope, or an elu's factor, below zero, and for a ceiling above it."""
    t = stretch.target
    if t.shape != x.shape or x.is_complex():
        return
    below = x < 0
    if not bool(below.any()):
        return
    slope = _round(float((t[below] / x[below]).median()))
    detail = f"with negative_slope {show_number(slope)} instead of {own}"
    yield Trial("activation variant", detail, functional.leaky_relu(x, slope))
    factor = _round(float((t[below] / torch.expm1(x[below])).median()))
    detail = f"with elu of alpha {show_number(factor)} instead of {own}"
    yield Trial("activation variant", detail, functional.elu(x, factor))
    ceiling = _round(float(t.max()))
    detail = f"with relu cut off at {show_number(ceiling)} instead of {own}"
    yield Trial("activation variant", detail, x.clamp(0, max(ceiling, 0.0)))


def _solve_epsilon(stretch: Stretch, place: int, call: Call) -> list[float]:
    """Solve for batch norm's epsilon, where it gives the node itself."""
    if "running_var" not in call or call["running_var"] is None or call["training"]:
        return []
    x, t, variance = call["input"], stretch.target, call["running_var"]
    if not stretch.is_last(place) or t.shape != x.shape:
        return []
    axes = [0, *range(2, x.ndim)]
    shape = [1, -1, *[1] * (x.ndim - 2)]
    apart = x - call["running_mean"].reshape(shape)
    shift = 0.0 if call["bias"] is None else call["bias"].reshape(shape)
    scale = ((t - shift) * apart).sum(axes) / apart.square().sum(axes)
    weight = torch.ones_like(variance) if call["weight"] is None else call["weight"]
    found = (weight / scale).square() - variance
    found = found[torch.isfinite(found)]
    if not found.numel():
        return []
    epsilon = float(found.median())
    # Small beside the variance, it is known to as many digits less.
    return [max(float(f"{epsilon:.{digits}g}"), 0.0) for digits in (2, 3, 4, 6, 9)]


def _fit_channels(stretch: Stretch, x: Tensor) -> Iterator[Trial]:
    """Fit a factor and a shift to each channel: other statistics, whichever they are."""
    t = stretch.target
    if t.shape != x.shape or x.numel() < 8 * x.shape[1]:
        return
    axes = [0, *range(2, x.ndim)]
    mean_x, mean_t = x.mean(axes, keepdim=True), t.mean(axes, keepdim=True)
    factor = ((x - mean_x) * (t - mean_t)).sum(axes, keepdim=True)
    factor = factor / (x - mean_x).square().sum(axes, keepdim=True)
    result = (x - mean_x) * factor + mean_t
    if bool(torch.isfinite(result).all()):
        detail = "with another mean and variance for each channel"
        yield Trial("BatchNorm epsilon or momentum", detail, result)


def _round(number: float) -> float:
    """Return the roundest number that is close."""
    if not math.isfinite(number):
        return 0.0
    for digits in range(1, 12):
        rounded = float(f"{number:.{digits}g}")
        if abs(rounded - number) <= SOLVED * abs(number):
            return rounded
    return number

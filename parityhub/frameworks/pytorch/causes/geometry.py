"""Padding on the other side, a kernel turned round, another convention of interpolation."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from parityhub.frameworks.pytorch.stretch import Call, Change, Stretch, Trial

POOLS = ("max_pool2d_with_indices", "max_pool3d_with_indices", "avg_pool1d", "avg_pool2d",
         "avg_pool3d")  # fmt: skip
RESIZES = (
    "upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d", "_upsample_nearest_exact1d",
    "_upsample_nearest_exact2d", "_upsample_nearest_exact3d", "upsample_linear1d",
    "upsample_bilinear2d", "upsample_trilinear3d", "upsample_bicubic2d",
)  # fmt: skip
MOST = 400
"""combinations of paddings that are tried for one operation"""


def try_padding(stretch: Stretch) -> Iterator[Trial]:
    """Try other paddings before and after, of convolutions and pools."""
    yield from _try_explicit_padding(stretch)
    for place, _, call in stretch.find("convolution", *POOLS):
        pool = "kernel_size" in call
        x = call["self"] if pool else call["input"]
        if not pool and call["transposed"]:
            continue
        rank = x.ndim - 2
        sides = [_list_sides(call, stretch.target, x, axis, pool) for axis in range(rank)]
        same = [pads for pads in zip(*sides, strict=False) if len(set(pads)) == 1]
        product = itertools.islice(itertools.product(*sides), MOST)
        own = tuple(_expand(call["padding"], rank))
        for pads in dict.fromkeys((*same, *product)):
            for change, words in _list_pad_changes(pads, call, pool):
                result = stretch.try_change(place, change)
                if result is not None:
                    befores, afters = [p[0] for p in pads], [p[1] for p in pads]
                    detail = (
                        f"with padding {befores} before and {afters} after{words}"
                        f" instead of {list(own)} on both sides"
                    )
                    yield Trial("padding side", detail, result)


def _try_explicit_padding(stretch: Stretch) -> Iterator[Trial]:
    """Try to divide an explicit padding otherwise between the two sides of each axis."""
    for place, _, call in stretch.find("constant_pad_nd"):
        own = list(call["pad"])
        totals = [own[i] + own[i + 1] for i in range(0, len(own), 2)]
        shares = [[(left, total - left) for left in range(total + 1)] for total in totals]
        for pairs in itertools.islice(itertools.product(*shares), MOST):
            pad = [side for pair in pairs for side in pair]
            result = stretch.try_change(place, partial(_set_argument, "pad", pad))
            if result is not None:
                detail = f"padded {pad} instead of {own} (before and after, the last axis first)"
                yield Trial("padding side", detail, result)


def try_flips(stretch: Stretch) -> Iterator[Trial]:
    """Try kernels turned round, and their height and width exchanged."""
    for place, _, call in stretch.find("convolution"):
        axes = list(range(2, call["weight"].ndim))
        turns: list[tuple[str, Callable[[Tensor], Tensor]]] = [
            ("with the kernel flipped", partial(_flip, axes)),
            ("with height and width of the kernel exchanged", lambda w: w.transpose(-1, -2)),
        ]
        if len(axes) == 2:
            turns += [
                ("with the kernel flipped up and down", lambda w: w.flip(-2)),
                ("with the kernel flipped left and right", lambda w: w.flip(-1)),
            ]
        for words, turn in turns:
            result = stretch.try_change(place, _replace("weight", turn))
            if result is not None:
                yield Trial("kernel flip", words, result)


def try_interpolations(stretch: Stretch) -> Iterator[Trial]:
    """Try each convention for places and each kernel, in the place of a resize."""
    for place, _, call in stretch.find(*RESIZES):
        x = call["self"]

        size = _find_size(call, x)
        for (grid, find_places), (kernel, weigh) in itertools.product(
            GRIDS.items(), KERNELS.items()
        ):

            def change(
                func: Any, call: Call, size: Any = size, find: Any = find_places, weigh: Any = weigh
            ) -> Tensor:
                return resize(call["self"], size, find, weigh)

            result = stretch.try_change(place, change)
            if result is not None:
                yield Trial("interpolation convention", f"with {kernel} on a grid {grid}", result)


def try_whole_resizes(stretch: Stretch) -> Iterator[Trial]:
    """Try a resize in the place of all operations, where they only change height and width."""
    x, t = stretch.get_only_start(), stretch.target
    if x is None or x.ndim < 3 or x.ndim != t.ndim or x.shape[:2] != t.shape[:2]:
        return
    if x.is_complex() or x.shape == t.shape:
        return
    for (grid, find), (kernel, weigh) in itertools.product(GRIDS.items(), KERNELS.items()):
        detail = f"with {kernel} on a grid {grid} in the place of its operations"
        result = resize(x, list(t.shape[2:]), find, weigh)
        yield Trial("interpolation convention", detail, result)


def resize(x: Tensor, size: list[int], find_places: Any, weigh: Any) -> Tensor:
    """Resize (n, c, ...) to a size, an axis at a time.

    Args:
        x: the images.
        size: of the result's axes behind the channels.
        find_places: (outputs, inputs) to where each output lies among the inputs.
        weigh: (places, inputs) to the weights of inputs, (outputs, inputs).
    """
    for axis, outputs in enumerate(size, start=2):
        inputs = x.shape[axis]
        matrix = weigh(find_places(outputs, inputs).to(x.dtype), inputs).to(x.dtype)
        x = torch.tensordot(x, matrix, dims=([axis], [1])).movedim(-1, axis)
    return x


def _half_pixel(outputs: int, inputs: int) -> Tensor:
    return (torch.arange(outputs, dtype=torch.float64) + 0.5) * (inputs / outputs) - 0.5


def _from_corner(outputs: int, inputs: int) -> Tensor:
    return torch.arange(outputs, dtype=torch.float64) * (inputs / outputs)


def _aligned(outputs: int, inputs: int) -> Tensor:
    step = (inputs - 1) / (outputs - 1) if outputs > 1 else 0.0
    return torch.arange(outputs, dtype=torch.float64) * step


def _weigh_nearest(to_whole: Callable[[Tensor], Tensor]) -> Callable[[Tensor, int], Tensor]:
    def weigh(places: Tensor, inputs: int) -> Tensor:
        index = to_whole(places).long().clamp(0, inputs - 1)
        return functional.one_hot(index, inputs)

    return weigh


def _weigh_linear(places: Tensor, inputs: int) -> Tensor:
    distance = (places.clamp(0, inputs - 1)[:, None] - torch.arange(inputs)).abs()
    return (1 - distance).clamp(min=0)


def _weigh_cubic(a: float, normalize: bool) -> Callable[[Tensor, int], Tensor]:
    """Keys's kernel; beyond the border either the last pixel goes on, or weights are normalised."""

    def weigh(places: Tensor, inputs: int) -> Tensor:
        first = places.floor().long() - 1
        weights = torch.zeros(len(places), inputs, dtype=places.dtype)
        for tap in range(4):
            d = (places - (first + tap)).abs()
            near = ((a + 2) * d - (a + 3)) * d * d + 1
            far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
            weight = torch.where(d <= 1, near, torch.where(d < 2, far, torch.zeros_like(d)))
            index = first + tap
            if normalize:
                weight = torch.where((index >= 0) & (index < inputs), weight, 0.0)
            rows = torch.arange(len(places))
            weights.index_put_((rows, index.clamp(0, inputs - 1)), weight, accumulate=True)
        return weights / weights.sum(1, keepdim=True)

    return weigh


GRIDS = {
    "with half-pixel centres": _half_pixel,
    "from the corner (no half pixel)": _from_corner,
    "with aligned corners": _aligned,
}
KERNELS = {
    "nearest (down)": _weigh_nearest(lambda p: p.floor()),
    "nearest (half up)": _weigh_nearest(lambda p: (p + 0.5).floor()),
    "nearest (half down)": _weigh_nearest(lambda p: (p - 0.5).ceil()),
    "linear": _weigh_linear,
    "cubic (a = -0.75)": _weigh_cubic(-0.75, False),
    "cubic (a = -0.5)": _weigh_cubic(-0.5, False),
    "cubic (a = -0.5, normalised at borders)": _weigh_cubic(-0.5, True),
}


def _find_size(call: Call, x: Tensor) -> list[int]:
    if call.get("output_size"):
        return list(call["output_size"])
    factors = call.get("scale_factors") or [2.0] * (x.ndim - 2)
    return [int(length * factor) for length, factor in zip(x.shape[2:], factors, strict=True)]


def _list_sides(
    call: Call, target: Tensor, x: Tensor, axis: int, pool: bool
) -> list[tuple[int, int]]:
    """Return the (before, after) that give an axis of the target's length."""
    rank = x.ndim - 2
    kernel = _expand(call["kernel_size"], rank)[axis] if pool else call["weight"].shape[2 + axis]
    stride = _expand(call["stride"] or call.get("kernel_size"), rank)[axis]
    dilation = _expand(call.get("dilation", [1]), rank)[axis]
    reach = dilation * (kernel - 1)
    inputs = x.shape[2 + axis]
    own = _expand(call["padding"], rank)[axis]
    outputs = (inputs + 2 * own - reach - 1) // stride + 1
    if target.ndim == x.ndim:
        outputs = target.shape[2 + axis]
    total = (outputs - 1) * stride + reach + 1 - inputs
    return [(before, total - before) for before in range(-reach, reach + 1)]


def _list_pad_changes(
    pads: tuple[tuple[int, int], ...], call: Call, pool: bool
) -> Iterator[tuple[Change, str]]:
    flat = [pad for pair in reversed(pads) for pad in pair]
    if not pool:
        yield _pad("input", flat, 0.0), ""
    elif "count_include_pad" not in call:
        yield _pad("self", flat, -torch.inf), ""
    else:
        yield _pad("self", flat, 0.0), ""

        def without(func: Any, call: Call) -> Any:
            plain = {**call, "padding": [0] * len(pads), "ceil_mode": False}
            ones = functional.pad(torch.ones_like(call["self"]), flat)
            total = func(**{**plain, "self": functional.pad(call["self"], flat)})
            return total / func(**{**plain, "self": ones})

        yield without, " that is not counted"


def _pad(name: str, flat: list[int], value: float) -> Change:
    def change(func: Any, call: Call) -> Any:
        padded = functional.pad(call[name], flat, value=value)
        call = {**call, name: padded, "padding": [0] * (len(flat) // 2)}
        return func(**{**call, "ceil_mode": False} if "ceil_mode" in call else call)

    return change


def _replace(name: str, turn: Callable[[Tensor], Tensor]) -> Change:
    return lambda func, call: func(**{**call, name: turn(call[name])})


def _set_argument(name: str, value: Any, func: Any, call: Call) -> Any:
    return func(**{**call, name: value})


def _flip(axes: list[int], weight: Tensor) -> Tensor:
    return weight.flip(axes)


def _expand(value: Any, rank: int) -> list[int]:
    values = list(value) if isinstance(value, list | tuple) else [value]
    return values * rank if len(values) == 1 else values

"""A wrong axis, and channels in another order."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor

from parityhub.frameworks.pytorch.stretch import Call, Stretch, Trial

BY_AXIS = ("_softmax", "_log_softmax", "cat", "stack", "cumsum", "flip", "roll", "sum", "mean",
           "amax", "amin", "logsumexp", "var", "std")  # fmt: skip
Turn = Callable[[Tensor], Tensor]

WHOLE: dict[str, tuple[str, Turn]] = {
    "with its height and width exchanged": ("wrong axis", lambda x: x.transpose(-1, -2)),
    "with its last axis reversed": ("wrong axis", lambda x: x.flip(-1)),
    "with the axis before the last reversed": ("wrong axis", lambda x: x.flip(-2)),
    "with its channels reversed": ("channel order", lambda x: x.flip(1)),
    "read as if channels were last": (
        "channel order",
        lambda x: x.reshape(x.shape[0], *x.shape[2:], x.shape[1]).movedim(-1, 1),
    ),
    "written with channels last but read as if they were first": (
        "channel order",
        lambda x: x.movedim(1, -1).reshape(x.shape),
    ),
}


def try_axes(stretch: Stretch) -> Iterator[Trial]:
    """Try each operation that has an axis along others."""
    for place, _, call in stretch.find(*BY_AXIS):
        name = "dim" if "dim" in call else "dims"
        own = call.get(name)
        rank = (call["tensors"][0] if "tensors" in call else call["self"]).ndim
        many = isinstance(own, list | tuple)
        count = len(own) if isinstance(own, list | tuple) else 1
        for dims in itertools.combinations(range(rank), count):
            other: Any = list(dims) if many else dims[0]

            def change(func: Any, call: Call, name: str = name, other: Any = other) -> Any:
                return func(**{**call, name: other})

            result = stretch.try_change(place, change)
            if result is not None:
                yield Trial("wrong axis", f"along axis {other} instead of {own}", result)


def try_transposes(stretch: Stretch) -> Iterator[Trial]:
    """Try other orders of axes where axes are moved, and a second factor transposed."""
    for place, _, call in stretch.find("permute", "transpose", "t"):
        for order in itertools.permutations(range(call["self"].ndim)):
            result = stretch.try_change(place, partial(_permute, order))
            if result is not None:
                cause = _name_move(order, call.get("dims"))
                yield Trial(cause, f"with axes moved to {list(order)}", result)
    for place, _, call in stretch.find("mm", "addmm", "bmm", "baddbmm"):
        name = next(n for n in ("mat2", "batch2") if n in call)
        result = stretch.try_change(place, partial(_transpose, name))
        if result is not None:
            yield Trial("wrong axis", "with its second factor transposed", result)


def try_flattening(stretch: Stretch) -> Iterator[Trial]:
    """Try channels moved last before a reshape, and moved first after it."""
    for place, _, call in stretch.find("view", "_unsafe_view", "reshape"):
        if call["self"].ndim < 3:
            continue

        def change(func: Any, call: Call) -> Tensor:
            return call["self"].movedim(1, -1).reshape(call["size"])

        result = stretch.try_change(place, change)
        if result is not None:
            yield Trial("channel order", "with channels last before the reshape", result)


def try_whole(stretch: Stretch) -> Iterator[Trial]:
    """Try the node's own value, and its operand, turned round."""
    for words, (cause, turn) in WHOLE.items():
        result = _turn(turn, stretch.plain)
        if result is not None:
            yield Trial(cause, f"with its result taken {words}", result)
    for place in stretch.places:
        step = stretch.watched.tape.steps[place]
        names = [a.name for a in step.func._schema.arguments if str(a.type) == "Tensor"]
        for name in names[:1]:
            for words, (cause, turn) in WHOLE.items():

                def change(func: Any, call: Call, name: str = name, turn: Turn = turn) -> Any:
                    return func(**{**call, name: turn(call[name]).contiguous()})

                result = stretch.try_change(place, change)
                if result is not None:
                    yield Trial(cause, f"with its operand taken {words}", result)


def try_operand_order(stretch: Stretch) -> Iterator[Trial]:
    """Try what is concatenated in other orders."""
    for place, _, call in stretch.find("cat", "stack"):
        count = len(call["tensors"])
        if count > 4:
            continue
        for order in itertools.permutations(range(count)):

            def change(func: Any, call: Call, order: tuple[int, ...] = order) -> Any:
                return func(**{**call, "tensors": [call["tensors"][i] for i in order]})

            result = stretch.try_change(place, change)
            if result is not None:
                yield Trial(
                    "channel order", f"with its operands in the order {list(order)}", result
                )


def try_channels(stretch: Stretch) -> Iterator[Trial]:
    """Find the order of the node's own channels that is closest to the other side's."""
    y, t = stretch.plain, stretch.target
    if y.shape != t.shape or y.ndim < 2 or y.is_complex():
        return
    for axis in dict.fromkeys((1, y.ndim - 1)):
        mine = y.movedim(axis, 0).reshape(y.shape[axis], -1)
        others = t.movedim(axis, 0).reshape(y.shape[axis], -1)
        if len(mine) > 4096:
            continue
        order = torch.cdist(others, mine).argmin(dim=1)
        if len(set(order.tolist())) == len(order):
            shown = ", ".join(map(str, order.tolist()[:6])) + (", …" if len(order) > 6 else "")
            yield Trial(
                "channel order", f"with channels in the order {shown}", y.index_select(axis, order)
            )


def _name_move(order: tuple[int, ...], own: list[int] | None) -> str:
    """Return the cause of another order of axes: of images, channels elsewhere among the same."""
    if own is None or len(own) < 4:
        return "wrong axis"
    rest, others = ([axis % len(own) for axis in axes] for axes in (order, own))
    rest.remove(1)
    others.remove(1)
    return "channel order" if rest == others else "wrong axis"


def _permute(order: tuple[int, ...], func: Any, call: Call) -> Tensor:
    moved: Tensor = call["self"].permute(order)
    return moved


def _transpose(name: str, func: Any, call: Call) -> Any:
    return func(**{**call, name: call[name].transpose(-1, -2)})


def _turn(turn: Turn, x: Tensor) -> Tensor | None:
    try:
        return turn(x)
    except (RuntimeError, IndexError):
        return None

"""A bias that one side lacks, and weights that are not the other side's."""

from collections.abc import Iterator

import torch
from torch import Tensor

from parityhub.frameworks.pytorch.stretch import Stretch, Trial

STATISTICS = ("running_mean", "running_var")


def try_bias(stretch: Stretch) -> Iterator[Trial]:
    """Try operations without their bias, and what constant for each channel is missing."""
    for place, _, call in stretch.find("convolution", "addmm"):
        if call.get("bias") is not None:
            result = stretch.try_change(place, lambda func, call: func(**{**call, "bias": None}))
            if result is not None:
                yield Trial("missing bias", "without its bias", result)
        elif "mat1" in call:
            result = stretch.try_change(place, lambda func, call: call["mat1"] @ call["mat2"])
            if result is not None:
                yield Trial("missing bias", "without its bias", result)
    y, t = stretch.plain, stretch.target
    if y.shape != t.shape or y.ndim < 2:
        return
    for axis in dict.fromkeys((1, y.ndim - 1)):
        axes = [place for place in range(y.ndim) if place != axis]
        constant = (t - y).mean(axes, keepdim=True)
        if y.numel() // y.shape[axis] > 1:
            largest = float(constant.abs().max())
            detail = f"with a bias of up to {largest:.3g} added to its channels"
            yield Trial("missing bias", detail, y + constant)


def try_peer_weights(stretch: Stretch) -> Iterator[Trial]:
    """Try the other side's weights, where they are not this side's."""
    held: dict[int, Tensor] = {}
    relations: dict[str, str] = {}
    for start in sorted(stretch.starts):
        value = stretch.watched.tape.values[start]
        names = [name for name in value.weights if name in stretch.peer_weights]
        if value.kept is None or len(names) != 1:
            continue
        own, peer = value.kept.detach(), stretch.peer_weights[names[0]].to(value.kept.dtype)
        if own.shape == peer.shape and not torch.equal(own, peer):
            held[start] = peer
            relations[names[0]] = relate(names[0], own, peer)
    if not held:
        return
    causes = set(relations.values())
    cause = causes.pop() if len(causes) == 1 else "stale weight"
    shown = ", ".join(list(relations)[:3]) + (", …" if len(relations) > 3 else "")
    yield Trial(cause, f"with the other side's {shown}", stretch.run({}, held))


def relate(name: str, own: Tensor, peer: Tensor) -> str:
    """Return the cause that makes one weight of the other."""
    role = name.rpartition(".")[2]
    if role in STATISTICS:
        return "BatchNorm epsilon or momentum"
    one_is_zero = not bool(own.any()) or not bool(peer.any())
    if one_is_zero and "bias" in role:
        return "missing bias"
    if own.ndim > 2:
        axes = list(range(2, own.ndim))
        flips = [own.flip(axes), own.transpose(-1, -2), own.flip(-1), own.flip(-2)]
        if any(flip.shape == peer.shape and torch.equal(flip, peer) for flip in flips):
            return "kernel flip"
    if own.ndim > 1 and own.shape[0] == own.shape[1] and torch.equal(own.transpose(0, 1), peer):
        return "wrong axis" if own.ndim == 2 else "channel order"
    for axis in range(min(own.ndim, 2)):
        mine = own.movedim(axis, 0).reshape(own.shape[axis], -1)
        others = peer.movedim(axis, 0).reshape(peer.shape[axis], -1)
        if _sort_rows(mine) == _sort_rows(others):
            return "channel order"
    return "stale weight"


def _sort_rows(rows: Tensor) -> list[list[float]]:
    return sorted(rows.tolist())

"""Pairs of small nets: fused on one side, split on the other, with skips; and faults in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from parityhub.compare.localize.request import LocalizeRequest
from parityhub.plan.pair import PairOutput
from tests.compare.localize.numpy_net import Array, NumpyNet, Op

CHANNELS, SIDE, BATCH = 3, 5, 2


def mix(kernel: Array, axis: int) -> Callable[[Array], Array]:
    return lambda x: np.moveaxis(np.tensordot(np.moveaxis(x, axis, -1), kernel, 1), -1, axis)


def along(vector: Array, axis: int) -> Array:
    shape = [1, 1, 1, 1]
    shape[axis] = -1
    return vector.reshape(shape)


def shift(x: Array, axis: int) -> Array:
    return 0.5 * x + 0.5 * np.roll(x, 1, axis=axis)


@dataclass(frozen=True)
class Pair:
    """Both sides, and by PyTorch's layer the name that TensorFlow has for it."""

    tensorflow: NumpyNet
    pytorch: NumpyNet
    partners: dict[str, str]


def build_pair(kinds: list[str], skips: list[int], seed: int) -> Pair:
    """Build a chain of layers; a skip of n adds the value of n layers before."""
    generator = np.random.default_rng(seed)
    ours: list[Op] = []
    theirs: list[Op] = []
    made = [("x", "x0")]
    theirs.append(Op("x0", lambda x: x.transpose(0, 3, 1, 2), op="permute", moves=True))
    partners = {}
    for place, (kind, skip) in enumerate(zip(kinds, skips, strict=True)):
        before, behind = made[-1]
        left, right = f"left{place}", f"right{place}"
        kernel = generator.uniform(0.1, 0.5, (CHANNELS, CHANNELS))
        vector = generator.uniform(0.3, 0.9, CHANNELS)
        if kind == "dense":
            # Two operations in TensorFlow, one in PyTorch.
            ours.append(Op(f"{left}/MatMul", mix(kernel, 3), (before,), "MatMul", weights=(left,)))
            ours.append(
                Op(left, lambda x, v=vector: x + along(v, 3), (f"{left}/MatMul",), "BiasAdd")
            )
            theirs.append(
                Op(
                    right,
                    lambda x, k=kernel, v=vector: mix(k, 1)(x) + along(v, 1),
                    (behind,),
                    "addmm",
                    weights=(right,),
                )
            )
        elif kind == "norm":
            # One in TensorFlow, two in PyTorch.
            ours.append(
                Op(left, lambda x, v=vector: (x - 0.1) * along(v, 3), (before,), "FusedBatchNorm")
            )
            theirs.append(Op(f"{right}.sub", lambda x: x - 0.1, (behind,), "sub"))
            theirs.append(Op(right, lambda x, v=vector: x * along(v, 1), (f"{right}.sub",), "mul"))
        elif kind == "shift":
            ours.append(Op(left, lambda x: shift(x, 1), (before,), "Shift"))
            theirs.append(Op(right, lambda x: shift(x, 2), (behind,), "shift"))
        else:
            ours.append(Op(left, np.tanh, (before,), "Tanh"))
            theirs.append(Op(right, np.tanh, (behind,), "tanh"))
        partners[right] = left
        made.append((left, right))
        if skip and len(made) > skip:
            ours.append(Op(f"{left}+", np.add, (left, made[-1 - skip][0]), "AddV2"))
            theirs.append(Op(f"{right}+", np.add, (right, made[-1 - skip][1]), "add"))
            partners[f"{right}+"] = f"{left}+"
            made[-1] = (f"{left}+", f"{right}+")
    ramp = np.arange(1, SIDE + 1)
    ours.append(
        Op("left_end", lambda x: (np.tanh(x) * along(ramp, 1)).mean((1, 2)), (made[-1][0],), "End")
    )
    theirs.append(
        Op("right_end", lambda x: (np.tanh(x) * along(ramp, 2)).mean((2, 3)), (made[-1][1],), "end")
    )
    partners["right_end"] = "left_end"
    return Pair(
        NumpyNet("tensorflow", ours, {"out": "left_end"}),
        NumpyNet("pytorch", theirs, {"output": "right_end"}),
        partners,
    )


FAULTS: dict[str, Callable[[Array], Array]] = {
    "sign": lambda y: -y,
    "times 2": lambda y: 2 * y,
    "plus 1": lambda y: y + 1,
    "height and width swapped": lambda y: y.swapaxes(-1, -2) if y.ndim == 4 else y[::-1],
    "channels reversed": lambda y: y[:, ::-1],
    "batch reversed": lambda y: y[::-1],
    "one NaN": lambda y: _with(y, np.nan),
    "one infinity": lambda y: _with(y, -np.inf),
    "leaky": lambda y: np.where(y > np.median(y), y, 0.9 * y),
    "a part in a million": lambda y: (
        y * (1 + 1e-6 * np.sign(np.sin(np.arange(y.size)).reshape(y.shape)))
    ),
}


def _with(y: Array, value: float) -> Array:
    y = y.copy()
    y.flat[y.size // 2] = value
    return y


def seed_fault(net: NumpyNet, name: str, fault: Callable[[Array], Array]) -> NumpyNet:
    """Put a fault into an operation."""
    ops = [
        replace(op, function=lambda *x, f=op.function: fault(f(*x))) if op.name == name else op
        for op in net.ops
    ]
    return replace(net, ops=ops)


def make_request(folder: Path, seed: int = 0, **changes) -> LocalizeRequest:
    """Make a request whose models are keyed by their dtype."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(seed)
    np.savez(folder / "inputs.npz", x=generator.uniform(-1, 1, (BATCH, SIDE, SIDE, CHANNELS)))
    inputs = {"tensorflow": folder / "inputs.npz", "pytorch": folder / "inputs.npz"}
    given = {
        "pair": "small",
        "dtype": "float32",
        "referee": "float64",
        "key": "float32",
        "inputs": inputs,
        "folder": folder / "work",
        "outputs": (PairOutput(name="out", tensorflow="out", pytorch="output"),),
        "gradient": False,
    }
    return LocalizeRequest(**(given | changes))

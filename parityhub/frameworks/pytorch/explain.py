"""Why a node gives something else than the other side's: what change makes it agree.

Each hypothesis is an experiment in float64: the operation is changed, fed what the other side fed
its own, and what it gives is held against what the other side's gave.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from parityhub.capture.protocol import Explained
from parityhub.errors import EvidenceError
from parityhub.frameworks.pytorch.causes import axes, functions, geometry, precision, weights
from parityhub.frameworks.pytorch.stretch import Stretch, Trial
from parityhub.frameworks.pytorch.tensors import read_arrays
from parityhub.frameworks.pytorch.watch import Watched

AGREES = 1e-9
"""largest deviation, relative to the other side's scale, at which a hypothesis counts"""
BETTER = 1e-3
"""and relative to the deviation without it"""
DONE = 1e-12
"""at which no other one is tried"""

Experiment = Callable[[Stretch], Iterator[Trial]]
EXPERIMENTS: tuple[Experiment, ...] = (
    weights.try_peer_weights,
    functions.try_normalizations,
    geometry.try_padding,
    geometry.try_flips,
    geometry.try_interpolations,
    functions.try_activations,
    weights.try_bias,
    axes.try_axes,
    axes.try_operand_order,
    axes.try_flattening,
    axes.try_channels,
    axes.try_transposes,
    axes.try_whole,
    geometry.try_whole_resizes,
    functions.try_whole_activations,
    precision.try_unrounded,
)


def explain_node(watched: Watched, request: Mapping[str, Any]) -> Explained:
    """Find the change of an operation that makes it give what the other side gave.

    Args:
        watched: a float64 model on its inputs.
        request: `node`; `feeds`, the other side's values of nodes before it; `target`, its value
            of the node; `peer_weights`, an .npz of its weights by this side's names and in this
            side's layout, or None.

    Raises:
        UsageError: a node is unknown.
        EvidenceError: a file cannot be read, or a value has another shape.
    """
    node = watched.find(request["node"])
    target = _read_target(request["target"], watched.tape.values[node].dtype)
    peer = request.get("peer_weights")
    peer_weights = {n: torch.from_numpy(a) for n, a in read_arrays(peer).items()} if peer else {}
    stretch = Stretch(watched, node, request.get("feeds") or {}, target, peer_weights)
    before = _deviate(stretch.plain, target)
    if before <= AGREES:
        detail = f"fed the other side's values it agrees to {before:.1g}: what differs came before"
        return Explained(cause="unknown", detail=detail, before=before, after=before)
    best = _find_best(stretch, before)
    if best is not None:
        trial, after = best
        detail = f"{trial.detail} it agrees to {after:.1g}"
        return Explained(cause=trial.cause, detail=detail, before=before, after=after)
    for trial in precision.try_short_target(stretch):
        after = _deviate(trial.result, target)
        # Its own test: nobody rounds in the same places, but no further than a few of its ULP.
        detail = f"{trial.detail} it agrees to {after:.1g}"
        return Explained(cause="dtype", detail=detail, before=before, after=after)
    detail = f"no change that was tried makes it agree; as it is it differs by {before:.1g}"
    return Explained(cause="unknown", detail=detail, before=before, after=before)


def _find_best(stretch: Stretch, before: float) -> tuple[Trial, float] | None:
    """Return the trial that agrees best, if one agrees."""
    best: tuple[Trial, float] | None = None
    for experiment in EXPERIMENTS:
        for trial in experiment(stretch):
            after = _deviate(trial.result, stretch.target)
            if after < AGREES and after < BETTER * before and (best is None or after < best[1]):
                best = (trial, after)
                if after < DONE:
                    return best
    return best


def _deviate(result: Tensor, target: Tensor) -> float:
    """Return the largest deviation relative to the target's scale; infinite for another shape."""
    if result.shape != target.shape:
        return math.inf
    if not target.numel():
        return 0.0
    scale = float(target.abs().max()) or 1.0
    apart = float((result - target).abs().max()) / scale
    return apart if math.isfinite(apart) else math.inf


def _read_target(target: Mapping[str, Any], dtype: torch.dtype) -> Tensor:
    try:
        array = np.load(target["file"], allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise EvidenceError(
            f"cannot read the other side's value: {str(error).splitlines()[0]}",
            hint="give an .npy",
        ) from error
    orders = target.get("axes")
    if orders is not None and len(orders) == array.ndim:
        array = array.transpose([int(axis) for axis in orders])
    return torch.from_numpy(np.array(array)).to(dtype)

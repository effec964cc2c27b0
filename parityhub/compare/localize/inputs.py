"""The inputs of both models: nodes of their graphs, and whether they are the same."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.protocol import Node, Traced
from parityhub.capture.sketch import list_orders, sketch_value
from parityhub.compare.localize.request import LocalizeRequest, make_folder
from parityhub.errors import EvidenceError
from parityhub.hub.parity_records import DivergenceRecord
from parityhub.plan.pair import Side

INPUT = "input "
"""how the names of inputs begin that stand among those of operations"""


def read_inputs(request: LocalizeRequest, side: Side) -> dict[str, npt.NDArray[Any]]:
    """Read the inputs of a side.

    Raises:
        EvidenceError: the file cannot be read.
    """
    try:
        with np.load(request.inputs[side], allow_pickle=False) as file:
            return dict(file)
    except (OSError, ValueError, EOFError) as error:
        raise EvidenceError(
            f"the inputs cannot be read: {str(error).splitlines()[0]}",
            hint="each side takes an .npz of named arrays",
        ) from error


def write_inputs(request: LocalizeRequest, names: Sequence[str]) -> dict[str, str]:
    """Write inputs of TensorFlow's as values of nodes are: .npy by the name of a node.

    Raises:
        EvidenceError: the file of inputs cannot be read.
    """
    if not names:
        return {}
    arrays, files = read_inputs(request, "tensorflow"), {}
    folder = make_folder(request, "tensorflow_inputs")
    for place, name in enumerate(names):
        files[name] = f"{folder}/{place}.npy"
        np.save(files[name], arrays[name.removeprefix(INPUT)], allow_pickle=False)
    return files


def make_input_nodes(
    arrays: Mapping[str, npt.NDArray[Any]], traced: Traced, side: Side, seed: int
) -> list[Node]:
    """Make nodes of a model's inputs, with sketches as its child makes them of operations."""
    nodes = []
    for name, number in traced["inputs"].items():
        array = arrays.get(name)
        if array is None:
            continue
        own = "".join(map(str, range(array.ndim)))
        orders = list_orders(array.ndim) if side == "pytorch" else (own,)
        nodes.append(
            Node(
                id=number,
                op="input",
                name=f"{INPUT}{name}",
                layer="",
                inputs=[],
                weights=[],
                moves=False,
                shape=list(array.shape),
                dtype=array.dtype.name,
                attributes={},
                sketch=sketch_value(array, seed, orders),
            )
        )
    return nodes


def compare_inputs(
    ours: Mapping[str, npt.NDArray[Any]],
    theirs: Mapping[str, npt.NDArray[Any]],
    axes: Mapping[str, tuple[int, ...]],
) -> tuple[DivergenceRecord, ...]:
    """Return a divergence for each input that is not the same on both sides.

    Args:
        ours: TensorFlow's inputs, by name.
        theirs: PyTorch's.
        axes: TensorFlow's axes in the order of PyTorch's, where it is another.
    """
    return tuple(
        DivergenceRecord(
            tensorflow=f"{INPUT}{name}",
            pytorch=f"{INPUT}{name}",
            cause="unknown",
            detail="the two sides were given different numbers",
            evidence=("the input files differ",),
            found_in="float64",
            proven=True,
        )
        for name in ours
        if name in theirs
        and not _are_equal(
            ours[name].transpose(axes.get(name) or range(ours[name].ndim)), theirs[name]
        )
    )


def _are_equal(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")

"""A bundle's weights: TensorFlow's order of axes under names of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy.typing as npt

from parityhub.capture.protocol import WeightInfo
from parityhub.compare.weights.names import read_name
from parityhub.errors import EvidenceError
from parityhub.plan.pair import WeightEntry


def name_as_tensorflow(
    arrays: Mapping[str, npt.NDArray[Any]],
    tensorflow: Sequence[WeightInfo],
    declared: Sequence[WeightEntry] = (),
) -> dict[str, npt.NDArray[Any]]:
    """Give a bundle's arrays the names that TensorFlow's model has for them.

    A name is the same in any spelling (`encoder_0.kernel` is `encoder_0/kernel`) where the shape
    is too; else the plan declares it (`bundle = …`). Nothing is transposed.

    Args:
        arrays: by the bundle's names; a number of its params.json is an array without axes.
        tensorflow: the model's weights.
        declared: the plan's entries.

    Raises:
        EvidenceError: a weight is not in the bundle, or not in its shape, or not alone.
    """
    said = {entry.tensorflow: entry.bundle for entry in declared if entry.bundle}
    spelled: dict[object, list[str]] = {}
    for name in arrays:
        spelled.setdefault(read_name(name), []).append(name)
    named = {}
    for info in tensorflow:
        own = said.get(info["name"])
        # A subclassed Keras model puts its own name before its weights'.
        inner = info["name"].partition("/")[2]
        found = spelled.get(read_name(info["name"])) or spelled.get(read_name(inner), [])
        found = [own] if own else found
        named[info["name"]] = arrays[_choose(info, found, arrays)]
    return named


def _choose(info: WeightInfo, found: Sequence[str], arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    shape = tuple(info["shape"])
    same = [name for name in found if name in arrays and arrays[name].shape == shape]
    if len(same) == 1:
        return same[0]
    listed = [f"{name} {array.shape}" for name, array in sorted(arrays.items())]
    near = same or [line for line in listed if line.endswith(f" {shape}")] or listed
    what = "several of the bundle's weights" if same else "none of the bundle's weights"
    raise EvidenceError(
        f"{what} is called as TensorFlow's {info['name']} {shape}; candidates: {', '.join(near)}",
        hint="declare it under the plan's [pair.NAME]: weight = [{ tensorflow ="
        f' "{info["name"]}", pytorch = "…", bundle = "…" }}]',
    )

"""Weights of one framework as those of the other, by a mapping; numpy alone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from parityhub.compare.weights.pairs import WeightPair
from parityhub.errors import EvidenceError

Arrays = Mapping[str, npt.NDArray[Any]]
Side = Literal["tensorflow", "pytorch"]


def convert_weights(
    arrays: Arrays, mapping: Sequence[WeightPair], source: Side
) -> dict[str, npt.NDArray[Any]]:
    """Convert the weights of one side into those of the other.

    From TensorFlow and back is exact, bit for bit. So is the way round, except for two biases of
    which Keras has the sum: they come back as the sum and zero. Where both sides shall hold the
    same numbers, use `share_weights`.

    Args:
        arrays: the source's weights by its names; others than the mapping's are no harm.
        mapping: as `derive_mapping` gives it.
        source: whose they are.

    Returns:
        The other side's, in the source's dtypes, contiguous.

    Raises:
        EvidenceError: a weight is missing, has another shape, or is one weight of TensorFlow for
            which PyTorch has two that are not equal.
    """
    _check_arrays(arrays, mapping, source)
    if source == "tensorflow":
        return _to_pytorch(arrays, mapping)
    return _to_tensorflow(arrays, mapping)


def share_weights(
    arrays: Arrays, mapping: Sequence[WeightPair], source: Side
) -> tuple[dict[str, npt.NDArray[Any]], dict[str, npt.NDArray[Any]]]:
    """Return what TensorFlow and PyTorch load to hold the very same numbers, bit for bit.

    A sum of two biases is rounded once and both sides get it.

    Raises:
        EvidenceError: as `convert_weights`.
    """
    if source == "pytorch":
        arrays = convert_weights(arrays, mapping, "pytorch")
    return dict(arrays), convert_weights(arrays, mapping, "tensorflow")


def _check_arrays(arrays: Arrays, mapping: Iterable[WeightPair], source: Side) -> None:
    for pair in mapping:
        name = pair.tensorflow if source == "tensorflow" else pair.pytorch
        shape = pair.tensorflow_shape if source == "tensorflow" else pair.pytorch_shape
        if name not in arrays:
            raise EvidenceError(
                f"the weights lack {name}", hint="they are of another model than the mapping"
            )
        if arrays[name].shape != shape:
            raise EvidenceError(
                f"weight {name} has shape {arrays[name].shape}, expected {shape}",
                hint="the weights are of another model than the mapping",
            )


def _to_pytorch(arrays: Arrays, mapping: Iterable[WeightPair]) -> dict[str, npt.NDArray[Any]]:
    made: dict[str, npt.NDArray[Any]] = {}
    for pair in mapping:
        array = arrays[pair.tensorflow]
        if pair.row is not None:
            array = array[pair.row]
        moved = _order_blocks(array.transpose(pair.axes).reshape(pair.reshape), pair.gates)
        whole = made.setdefault(pair.pytorch, np.zeros(pair.pytorch_shape, array.dtype))
        if not pair.addend:
            _find_part(whole, pair)[...] = moved
    return made


def _to_tensorflow(arrays: Arrays, mapping: Iterable[WeightPair]) -> dict[str, npt.NDArray[Any]]:
    made: dict[str, npt.NDArray[Any]] = {}
    given: set[tuple[str, int | None]] = set()
    for pair in sorted(mapping, key=lambda pair: pair.addend):
        array = arrays[pair.pytorch]
        part = _order_blocks(_find_part(array, pair), tuple(np.argsort(pair.gates)))
        shape = pair.tensorflow_shape if pair.row is None else pair.tensorflow_shape[1:]
        moved = part.reshape([shape[axis] for axis in pair.axes])
        moved = moved.transpose(np.argsort(pair.axes)) if pair.axes else moved
        whole = made.setdefault(pair.tensorflow, np.zeros(pair.tensorflow_shape, array.dtype))
        place = whole if pair.row is None else whole[pair.row]
        if pair.addend:
            place += moved
        elif (pair.tensorflow, pair.row) in given:
            _refuse_unequal(pair, place, moved)
        else:
            place[...] = moved
            given.add((pair.tensorflow, pair.row))
    return made


def _find_part(array: npt.NDArray[Any], pair: WeightPair) -> npt.NDArray[Any]:
    if not pair.reshape:
        return array
    return array[pair.start : pair.start + pair.reshape[0]]


def _order_blocks(array: npt.NDArray[Any], gates: Sequence[int]) -> npt.NDArray[Any]:
    if not len(gates):
        return array
    blocks = np.split(array, len(gates))
    return np.concatenate([blocks[gate] for gate in gates])


def _refuse_unequal(pair: WeightPair, one: npt.NDArray[Any], other: npt.NDArray[Any]) -> None:
    if not np.array_equal(one, other, equal_nan=True):
        raise EvidenceError(
            f"PyTorch's {pair.pytorch} is TensorFlow's {pair.tensorflow}, as another of its weights"
            " is, but they are not equal",
            hint="TensorFlow holds one weight where PyTorch holds two: make them equal",
        )

"""A pair of weights as data: which numbers of one framework's weight are which of the other's."""

from dataclasses import dataclass
from typing import Literal

Found = Literal["declared", "by name", "by shape and order"]
Confidence = Literal["certain", "likely"]
Shape = tuple[int, ...]


@dataclass(frozen=True)
class WeightPair:
    """How a weight goes from TensorFlow to PyTorch.

    In this order: one row of TensorFlow's array where `row` says so; its axes in the order `axes`;
    the shape `reshape`; its first axis cut into as many blocks as `gates` has, which are put in
    that order; and the result is the rows from `start` on of PyTorch's array. Several pairs may
    name the same weight: parts of a fused one, or two biases whose sum is one.
    """

    tensorflow: str
    """full path"""
    pytorch: str
    axes: tuple[int, ...]
    """TensorFlow's axes in the order of PyTorch's"""
    reshape: Shape
    found: Found
    confidence: Confidence
    rule: str
    """the same for a reader: `HWIO -> OIHW`"""
    tensorflow_shape: Shape
    """of the whole weight"""
    pytorch_shape: Shape
    row: int | None = None
    start: int = 0
    gates: tuple[int, ...] = ()
    addend: bool = False
    """PyTorch has two biases where Keras has one: this is the second; it is zero in PyTorch, and
    is added to the first on the way to TensorFlow"""

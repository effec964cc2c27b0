"""The weights of a model by full path: who holds them, and their values in and out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from parityhub.capture.protocol import WeightInfo
from parityhub.errors import EvidenceError
from parityhub.frameworks.tensorflow.arrays import Array


@dataclass(frozen=True)
class Weight:
    """A weight and the variable that holds it."""

    name: str
    owner: str
    kind: str
    role: str
    variable: Any
    """a keras.Variable or a tf.Variable"""

    @property
    def held(self) -> Any:
        """The tf.Variable."""
        return self.variable.value if isinstance(self.variable, keras.Variable) else self.variable

    def describe(self) -> WeightInfo:
        """Describe it, in TensorFlow's own order of axes."""
        return WeightInfo(
            name=self.name,
            shape=[int(size) for size in self.variable.shape],
            dtype=self.held.dtype.name,
            owner=self.owner,
            kind=self.kind,
            role=self.role,
            trainable=bool(self.variable.trainable),
        )

    def read(self) -> Array:
        """Return its value."""
        return np.asarray(self.held.numpy())


def read_weights(weights: Iterable[Weight]) -> dict[str, Array]:
    """Return each weight's value by name."""
    return {weight.name: weight.read() for weight in weights}


def load_weights(weights: Iterable[Weight], arrays: Mapping[str, Array]) -> int:
    """Take over values by name; nothing is taken unless all fit.

    Returns:
        How many.

    Raises:
        EvidenceError: a name is missing or unknown, or a shape is another.
    """
    by_name = {weight.name: weight for weight in weights}
    problems = [f"missing {name}" for name in sorted(set(by_name) - set(arrays))]
    problems += [f"unknown {name}" for name in sorted(set(arrays) - set(by_name))]
    for name in sorted(set(arrays) & set(by_name)):
        shape = tuple(by_name[name].variable.shape)
        if arrays[name].shape != shape:
            problems.append(f"{name} is {arrays[name].shape}, the model's {shape}")
    if problems:
        raise EvidenceError(
            f"the weights do not fit the model: {'; '.join(problems)}",
            hint="names and shapes must be those that open and read give",
        )
    for name, weight in by_name.items():
        weight.held.assign(tf.cast(tf.constant(arrays[name]), weight.held.dtype))
    return len(by_name)

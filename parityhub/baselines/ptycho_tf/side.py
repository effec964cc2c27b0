"""The TensorFlow side."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from parityhub.baselines.constants import BETA_1, BETA_2, EPSILON
from parityhub.baselines.dataset import Batch
from parityhub.baselines.layout import Arrays, describe_weights, gather, lay_out
from parityhub.baselines.optics import make_back_propagator
from parityhub.baselines.ptycho_tf.physics import poisson_loss
from parityhub.baselines.ptycho_tf.subject import Subject
from parityhub.baselines.ptycho_tf.translation import choose_translation
from parityhub.baselines.side import SideSettings, TakeStep
from parityhub.errors import EvidenceError, OptionError


class TensorFlowSide:
    """The network, its physics and its optimiser in TensorFlow."""

    def __init__(self, settings: SideSettings) -> None:
        _configure(settings)
        self._translate = choose_translation()
        self._layouts = describe_weights(settings.gridsize)
        complex_dtype = tf.complex64 if settings.dtype == "float32" else tf.complex128
        self._optics = [
            tf.constant(array, complex_dtype)
            for array in (settings.probe, *make_back_propagator(settings.probe))
        ]
        self._subject = Subject(
            settings.gridsize, len(settings.probe), settings.canvas_size, self._translate
        )
        self._network, self._scale = self._subject.network, self._subject.intensity_scale

    def load(self, weights: Mapping[str, npt.NDArray[Any]], intensity_scale: float) -> None:
        """Take over canonical weights and the intensity scale."""
        arrays = lay_out(weights, self._layouts, "tensorflow")
        variables = {variable.path: variable for variable in self._network.weights}
        if set(variables) != set(arrays):
            raise EvidenceError(
                f"Keras holds {sorted(variables)}, the layout {sorted(arrays)}",
                hint="the layout and the network have come apart",
            )
        for name, variable in variables.items():
            variable.assign(arrays[name])
        self._scale.assign(intensity_scale)

    def make_step(self, learning_rate: float) -> TakeStep:
        """Make the optimiser, and return what takes one step of training with it."""
        trained = [*self._network.trainable_variables, self._scale]
        optimizer = keras.optimizers.Adam(
            learning_rate, beta_1=BETA_1, beta_2=BETA_2, epsilon=EPSILON
        )
        optimizer.build(trained)

        @tf.function(jit_compile=False)
        def step(*batch: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            with tf.GradientTape() as tape:
                loss, patches = self._forward(*batch)
            gradients = tape.gradient(loss, [variable.value for variable in trained])
            optimizer.apply(gradients, trained)
            return loss, patches

        def take_step(batch: Batch) -> tuple[float, object]:
            loss, patches = step(*map(tf.constant, batch))
            return float(loss), patches

        return take_step

    def evaluate(self, batch: Batch) -> tuple[float, npt.NDArray[Any]]:
        """Return the loss of a batch and its complex patches."""
        loss, patches = self._forward(*map(tf.constant, batch))
        return float(loss), patches.numpy()

    def translate(
        self, images: npt.NDArray[Any], offsets: npt.NDArray[Any], size: int
    ) -> npt.NDArray[Any]:
        """Move images by (dy, dx) into squares of `size`."""
        moved = self._translate(tf.constant(images), tf.constant(offsets), size)
        return np.asarray(moved.numpy())

    def read_weights(self) -> Arrays:
        """Return the canonical weights."""
        arrays = {variable.path: variable.numpy() for variable in self._network.weights}
        return gather(arrays, self._layouts, "tensorflow")

    def read_scale(self) -> float:
        """Return the intensity scale as it is held."""
        return float(self._scale.numpy())

    @tf.function(jit_compile=False, reduce_retracing=True)
    def _forward(
        self, patterns: tf.Tensor, counts: tf.Tensor, offsets: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        outputs = self._subject(patterns, offsets, *self._optics)
        return poisson_loss(outputs["expected"], counts), outputs["patches"]


def _configure(settings: SideSettings) -> None:
    if keras.backend.backend() != "tensorflow":
        raise OptionError(
            f"Keras runs on {keras.backend.backend()}", hint="set KERAS_BACKEND=tensorflow"
        )
    keras.config.set_floatx(settings.dtype)
    keras.utils.set_random_seed(settings.seed)
    tf.config.experimental.enable_op_determinism()
    if settings.threads:
        tf.config.threading.set_intra_op_parallelism_threads(settings.threads)
        tf.config.threading.set_inter_op_parallelism_threads(settings.threads)

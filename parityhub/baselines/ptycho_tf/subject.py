"""The reference network with its physics as one model: arrays in, patches and photons out."""

import keras
import tensorflow as tf

from parityhub.baselines.ptycho_tf.network import Network
from parityhub.baselines.ptycho_tf.physics import merge_overlaps, predict_counts
from parityhub.baselines.ptycho_tf.translation import Translate, translate


class Subject(keras.Model):
    """Patterns to patches, and patches to the photons expected in each pixel.

    Args:
        gridsize: the root of C; the patches of a group are merged where it is above 1.
        size: N. Patterns and weights are of Keras's floatx.
        canvas_size: side of a group's canvas, pixels.
        move: how patches are moved.
    """

    def __init__(self, gridsize: int, size: int, canvas_size: int, move: Translate) -> None:
        super().__init__(name="subject")
        self._gridsize, self._canvas_size, self._move = gridsize, canvas_size, move
        self._network = Network(gridsize, size)
        self.network = self._network.model
        self.intensity_scale = self.add_weight(shape=(), initializer="ones", name="intensity_scale")

    def call(
        self,
        patterns: tf.Tensor,
        offsets: tf.Tensor,
        probe: tf.Tensor,
        probe_phase: tf.Tensor,
        probe_inverse: tf.Tensor,
    ) -> dict[str, tf.Tensor]:
        """Return `patches`, complex, and `expected`, photons.

        Args:
            patterns: (groups, C, N, N).
            offsets: (groups, C, 2), (dy, dx) from the middle of the group, pixels.
            probe: (N, N), complex.
            probe_phase: (N, N), complex, as in `optics.BackPropagator`.
            probe_inverse: (N, N), complex, as in `optics.BackPropagator`.

        Returns:
            Both (groups, C, N, N).
        """
        real, imaginary = self._network(patterns, probe_phase, probe_inverse)
        patches = tf.stack([real, imaginary], axis=2)
        if self._gridsize > 1:
            patches = merge_overlaps(patches, offsets, self._canvas_size, self._move)
        expected = predict_counts(patches, probe, self.intensity_scale)
        return {"patches": tf.complex(real, imaginary), "expected": expected}


def build(gridsize: int, size: int, canvas_size: int) -> keras.Model:
    """Build the subject in Keras's floatx, for `parityhub compare`; it moves patches without XLA.

    Args:
        gridsize: 1 or 2.
        size: N.
        canvas_size: side of a group's canvas, pixels.
    """
    return Subject(gridsize, size, canvas_size, translate)

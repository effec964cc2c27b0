"""The U-shaped network: groups of patterns to complex patches."""

import math

import keras
import tensorflow as tf

from parityhub.baselines.constants import CHANNELS
from parityhub.baselines.layout import Layer, list_layers


class Network:
    """Maps patterns (groups, C, N, N) to real and imaginary part of patches, each of that shape.

    Inside, images are channels-last: TensorFlow convolves no others on a CPU.

    Args:
        gridsize: the root of C.
        size: N. The patterns are of Keras's floatx.
    """

    def __init__(self, gridsize: int, size: int) -> None:
        self._size = size
        self.model = _build_model(gridsize, size)

    def __call__(
        self, patterns: tf.Tensor, phase: tf.Tensor, inverse: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Return the patches' real and imaginary parts.

        Args:
            patterns: (groups, C, N, N).
            phase: (N, N), complex, as in `optics.BackPropagator`.
            inverse: (N, N), complex, as in `optics.BackPropagator`.
        """
        waves = tf.complex(patterns, tf.zeros_like(patterns)) * phase
        # ifft2 divides by N²; the orthonormal one, which keeps the photons, by N.
        estimate = tf.signal.ifft2d(waves) * self._size * inverse
        channels = tf.concat([tf.math.real(estimate), tf.math.imag(estimate)], axis=1)
        heads = self.model(tf.transpose(channels, (0, 2, 3, 1)))
        amplitude, angle = (tf.transpose(head, (0, 3, 1, 2)) for head in heads)
        amplitude = 2 * tf.sigmoid(amplitude)
        angle = math.pi * tf.tanh(angle)
        return amplitude * tf.cos(angle), amplitude * tf.sin(angle)


def _build_model(gridsize: int, size: int) -> keras.Model:
    layers = {layer.name: _make_convolution(layer) for layer in list_layers(gridsize)}
    inputs = keras.Input((size, size, 2 * gridsize**2))
    x, kept = inputs, []
    for level in range(len(CHANNELS)):
        if level:
            x = keras.layers.AveragePooling2D(2)(x)
        x = keras.activations.silu(layers[f"encoder_{level}"](x))
        kept.append(x)
    x = keras.activations.silu(layers["bottom"](x))
    for level in reversed(range(len(CHANNELS) - 1)):
        x = keras.activations.silu(layers[f"narrow_{level}"](x))
        x = keras.layers.UpSampling2D(2, interpolation="nearest")(x) + kept[level]
        x = keras.activations.silu(layers[f"decoder_{level}"](x))
    return keras.Model(inputs, [layers["amplitude"](x), layers["phase"](x)])


def _make_convolution(layer: Layer) -> keras.layers.Conv2D:
    return keras.layers.Conv2D(layer.outputs, 3, padding="same", name=layer.name)

"""The U-shaped network: groups of patterns to complex patches."""

import math

import keras
import tensorflow as tf

from parityhub.baselines.constants import CHANNELS
from parityhub.baselines.layout import Layer, list_layers
from parityhub.baselines.optics import BackPropagator


class Network:
    """Maps patterns (groups, C, N, N) to real and imaginary part of patches, each of that shape.

    Inside, images are channels-last: TensorFlow convolves no others on a CPU.

    Args:
        gridsize: the root of C.
        back: of the probe, (N, N).
        dtype: of the patterns, `float32` or `float64`; Keras's floatx must be the same.
    """

    def __init__(self, gridsize: int, back: BackPropagator, dtype: str) -> None:
        complex_dtype = tf.complex64 if dtype == "float32" else tf.complex128
        self._phase = tf.constant(back.phase, complex_dtype)
        self._inverse = tf.constant(back.inverse, complex_dtype)
        self._size = len(back.phase)
        self.model = _build_model(gridsize, self._size)

    def __call__(self, patterns: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return the patches' real and imaginary parts."""
        waves = tf.complex(patterns, tf.zeros_like(patterns)) * self._phase
        # ifft2 divides by N²; the orthonormal one, which keeps the photons, by N.
        estimate = tf.signal.ifft2d(waves) * self._size * self._inverse
        channels = tf.concat([tf.math.real(estimate), tf.math.imag(estimate)], axis=1)
        heads = self.model(tf.transpose(channels, (0, 2, 3, 1)))
        amplitude, phase = (tf.transpose(head, (0, 3, 1, 2)) for head in heads)
        amplitude = 2 * tf.sigmoid(amplitude)
        phase = math.pi * tf.tanh(phase)
        return amplitude * tf.cos(phase), amplitude * tf.sin(phase)


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

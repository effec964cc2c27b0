"""The small net in Keras: activations fused into layers where Keras can, images channels-last."""

import math

import keras
import numpy as np
import tensorflow as tf

from parityhub.baselines.small.inputs import (
    COLOURS,
    HEIGHT,
    NORM_EPSILON,
    SLOPE,
    WIDTH,
    draw_weight,
)


class Enlarge(keras.layers.Layer):
    """Doubles height and width, bilinearly, between half-pixel centres.

    `tf.image.resize` does the same but in float32 whatever it is given.
    """

    def call(self, images: tf.Tensor) -> tf.Tensor:
        """Return (batch, 2 height, 2 width, channels)."""
        for axis in (1, 2):
            images = _double_axis(images, axis)
        return images


def gelu(x: tf.Tensor) -> tf.Tensor:
    """Return x Φ(x) (Hendrycks and Gimpel 2016).

    `tf.nn.gelu` does the same, but with the root of 2 rounded to float32 whatever it is given: that
    leaves 5e-9 in float64.
    """
    return 0.5 * x * (1 + tf.math.erf(x / math.sqrt(2)))


def build(seed: int = 7) -> keras.Model:
    """Build the net in Keras's floatx, with weights drawn from the seed.

    Returns:
        A model from `image`, (batch, HEIGHT, WIDTH, COLOURS), to `mask`, (batch, HEIGHT, WIDTH, 4),
        and `scores`, (batch, 5).
    """
    layers = keras.layers
    image = keras.Input((HEIGHT, WIDTH, COLOURS), name="image")
    x = layers.Conv2D(8, 3, padding="same", name="stage1_conv")(image)
    x = layers.BatchNormalization(epsilon=NORM_EPSILON, name="stage1_bn")(x)
    kept = x = layers.LeakyReLU(negative_slope=SLOPE, name="stage1_act")(x)
    x = layers.Conv2D(12, 3, strides=2, padding="same", activation="silu", name="stage2_conv")(x)
    x = layers.Conv2D(8, 3, padding="same", use_bias=False, name="stage3_conv")(x)
    x = layers.BatchNormalization(epsilon=NORM_EPSILON, name="stage3_bn")(x)
    x = Enlarge(name="stage3_resize")(x)
    x = layers.Add(name="skip")([x, kept])
    mask = layers.Conv2D(4, 1, activation="softmax", name="mask_conv")(x)
    x = layers.Concatenate(name="join")([x, mask])
    x = layers.AveragePooling2D(4, name="pool")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(16, activation=gelu, name="fc1")(x)
    x = layers.Dense(16, activation="tanh", name="fc2")(x)
    scores = layers.Dense(5, name="fc3")(x)
    model = keras.Model(image, {"mask": mask, "scores": scores}, name="small")
    rng = np.random.default_rng([seed, 4])
    for weight in model.weights:
        weight.assign(draw_weight(weight.name, tuple(weight.shape), rng))
    return model


def _double_axis(images: tf.Tensor, axis: int) -> tf.Tensor:
    size = images.shape[axis]
    source = np.maximum((np.arange(2 * size) + 0.5) / 2 - 0.5, 0)
    low = source.astype(np.int32)
    high = np.minimum(low + 1, size - 1)
    shape = [1] * 4
    shape[axis] = 2 * size
    share = tf.constant((source - low).reshape(shape), images.dtype)
    return (1 - share) * tf.gather(images, low, axis=axis) + share * tf.gather(
        images, high, axis=axis
    )

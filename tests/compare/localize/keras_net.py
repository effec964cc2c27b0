"""A small Keras net with a skip, strided padding, a fused activation and complex arithmetic."""

import keras
import tensorflow as tf
from keras import layers

DRAWN = keras.initializers.RandomUniform(0.2, 1.0, seed=3)


def build():
    image = keras.Input((12, 12, 3), name="image")
    x = layers.Conv2D(6, 3, strides=2, padding="same", activation="silu", name="down",
                      bias_initializer=DRAWN)(image)  # fmt: skip
    drawn = {f"{what}_initializer": DRAWN for what in ("gamma", "moving_mean", "moving_variance")}
    y = layers.BatchNormalization(name="norm", epsilon=1e-3, **drawn)(x)
    # TensorFlow keeps the slope in float32 even in a float64 graph: 0.25 is exact in both.
    y = layers.LeakyReLU(negative_slope=0.25, name="leak")(y)
    y = layers.Conv2D(6, 3, padding="same", name="mix")(y)
    x = layers.Add(name="skip")([x, y])
    spectrum = layers.Lambda(
        lambda v: tf.math.abs(tf.signal.fft(tf.complex(v, tf.zeros_like(v)))), name="spectrum"
    )(x)
    x = layers.Flatten(name="flat")(layers.AveragePooling2D(2, name="pool")(spectrum))
    return keras.Model(image, layers.Dense(4, name="score", activation="tanh")(x))

"""Small Keras models, one of each kind of layer that has weights."""

import keras
import tensorflow as tf
from keras import layers

DRAWN = keras.initializers.RandomUniform(0.2, 1.0, seed=3)
DRAWN_NORM = {
    f"{name}_initializer": DRAWN for name in ("beta", "gamma", "moving_mean", "moving_variance")
}


def build_images():
    biased = {"bias_initializer": DRAWN}
    image = keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(4, 3, padding="same", name="stem", **biased)(image)
    x = layers.BatchNormalization(name="stem_bn", **DRAWN_NORM)(x)
    x = layers.PReLU(shared_axes=(1, 2), alpha_initializer=DRAWN, name="stem_act")(x)
    x = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, name="deep", **biased)(x)
    x = layers.SeparableConv2D(6, 3, padding="same", name="apart", **biased)(x)
    x = layers.Conv2DTranspose(4, 2, strides=2, name="up", **biased)(x)
    x = layers.GroupNormalization(2, epsilon=1e-5, name="group")(x)
    return keras.Model(image, layers.Dense(5, name="head", **biased)(x))


def build_sequences():
    biased = {"bias_initializer": DRAWN}
    tokens = keras.Input((6,), dtype="int32", name="tokens")
    x = layers.Embedding(10, 8, name="embedding")(tokens)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True, **biased))(x)
    x = layers.LSTM(8, return_sequences=True, **biased)(x)
    x = layers.GRU(8, return_sequences=True, **biased)(x)
    x = layers.MultiHeadAttention(2, 4, name="attention", **biased)(x, x)
    x = layers.LayerNormalization(epsilon=1e-5, name="norm")(x)
    return keras.Model(tokens, layers.Dense(8, name="head", **biased)(x))


class Scaled(tf.Module):
    """Holds a scalar."""

    def __init__(self, dtype):
        super().__init__()
        self.factor = tf.Variable(1.5, dtype=dtype)

    @property
    def weights(self):
        return [self.factor]

    def __call__(self, x):
        return x * self.factor


def build_scaled(dtype="float32"):
    return Scaled(dtype)

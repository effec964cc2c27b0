"""A transformer block that normalises first: attention and an MLP, each with a residual.

A head has 16 channels, so that the scale of its scores, 1/4, is exact: on TensorFlow, Keras rounds
it to float32 also in float64.
"""

import math

import keras
import numpy as np

WIDTH, HEADS, EPSILON = 32, 2, 1e-6


def gelu(x):
    """x Φ(x). `keras.activations.gelu` rounds the root of 2 to float32, also in float64."""
    return 0.5 * x * (1 + keras.ops.erf(x / math.sqrt(2)))


def build(seed: int = 7) -> keras.Model:
    layers = keras.layers
    sequence = keras.Input((10, WIDTH), name="sequence")
    y = layers.LayerNormalization(epsilon=EPSILON, name="ln_1")(sequence)
    y = layers.MultiHeadAttention(HEADS, WIDTH // HEADS, name="attention")(y, y)
    x = layers.Add(name="residual_1")([sequence, y])
    y = layers.LayerNormalization(epsilon=EPSILON, name="ln_2")(x)
    y = layers.Dense(4 * WIDTH, activation=gelu, name="mlp_in")(y)
    y = layers.Dense(WIDTH, name="mlp_out")(y)
    x = layers.Add(name="residual_2")([x, y])
    model = keras.Model(sequence, layers.LayerNormalization(epsilon=EPSILON, name="ln_3")(x))
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        if weight.name == "gamma":
            drawn = rng.uniform(0.5, 1.5, size=tuple(weight.shape))
        else:
            drawn = rng.normal(scale=0.2, size=tuple(weight.shape))
        weight.assign(drawn.astype(np.float32))
    return model

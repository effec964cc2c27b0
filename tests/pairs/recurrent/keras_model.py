"""A tagger of sequences: embedding, LSTM in both directions, GRU, dense."""

import keras
import numpy as np


def build(seed: int = 7) -> keras.Model:
    layers = keras.layers
    tokens = keras.Input((12,), dtype="int32", name="tokens")
    x = layers.Embedding(50, 16, name="embed")(tokens)
    x = layers.Bidirectional(layers.LSTM(20, return_sequences=True), name="both_ways")(x)
    x = layers.GRU(24, return_sequences=True, reset_after=True, name="gru")(x)
    model = keras.Model(tokens, layers.Dense(9, name="tags")(x))
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        scale = 1.0 if "embed" in weight.path else 0.3
        weight.assign(rng.normal(scale=scale, size=tuple(weight.shape)).astype(np.float32))
    return model

"""A small multilayer perceptron in Keras."""

import keras


def build() -> keras.Model:
    """Build it: 8 numbers in, 3 out."""
    x = keras.Input((8,), name="x")
    hidden = keras.layers.Dense(16, activation="relu", name="hidden")(x)
    hidden = keras.layers.Dense(16, activation="tanh", name="middle")(hidden)
    return keras.Model(x, keras.layers.Dense(3, name="out")(hidden))

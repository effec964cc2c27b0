"""A small classifier of images in Keras; run, it writes its checkpoints."""

import sys

import keras
import numpy as np
from keras import layers


def build():
    """Return the classifier: (n, 8, 8, 3) to (n, 4)."""
    x = inputs = keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(6, 3, padding="same", name="stem")(x)
    x = layers.BatchNormalization(epsilon=1e-5, name="norm")(x)
    x = layers.ReLU(name="relu")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(inputs, layers.Dense(4, name="head")(x), name="classifier")


if __name__ == "__main__":
    model = build()
    rng = np.random.default_rng(5)
    for weight in model.weights:
        weight.assign(0.5 + rng.uniform(-0.4, 0.4, weight.shape))
    model.save(f"{sys.argv[1]}.keras")
    model.save_weights(f"{sys.argv[1]}.weights.h5")
    model.export(sys.argv[1], verbose=False)

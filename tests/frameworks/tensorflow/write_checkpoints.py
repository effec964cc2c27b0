"""Writes a network in each form that Keras and TensorFlow have for it: `python … FOLDER`."""

import sys
from pathlib import Path

import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from keras.src.legacy.saving import legacy_h5_format
from safetensors.numpy import save_file


def build_net(width: int = 4, order: str = "ab", extra: bool = False, seed: int = 0):
    """Two hidden layers of one shape, so that a swap would fit."""
    x = inputs = keras.Input((5,), name="x")
    x = layers.Dense(width, name="first")(x)
    for name in order:
        x = layers.Dense(width, name=name, activation="tanh")(x)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Dropout(0.5)(x)
    if extra:
        x = layers.Dense(width, name="extra")(x)
    return fill(keras.Model(inputs, layers.Dense(2, name="head")(x)), seed)


class Block(keras.layers.Layer):
    """A layer whose layers are in a list within a list."""

    def __init__(self, deep: bool = True, **options):
        super().__init__(**options)
        self.parts = [[layers.Dense(5, name="inner")]] if deep else [layers.Dense(5, name="inner")]
        self.deep = deep

    def call(self, x):
        return (self.parts[0][0] if self.deep else self.parts[0])(x)


def build_block(deep: bool = True, seed: int = 0):
    inputs = keras.Input((5,), name="x")
    model = keras.Model(inputs, Block(deep, name="block")(inputs))
    model(np.zeros((1, 5)))
    return fill(model, seed)


class Module(tf.Module):
    def __init__(self, seed: int = 0):
        super().__init__()
        rng = np.random.default_rng(seed)
        self.gain = tf.Variable(rng.normal(size=(5,)), dtype="float32")
        self.blocks = [tf.Variable(rng.normal(size=(5,)), dtype="float32") for _ in range(2)]

    def __call__(self, x):
        return x * tf.cast(self.gain * self.blocks[0], x.dtype) + tf.cast(self.blocks[1], x.dtype)


def build_module(seed: int = 0):
    return Module(seed)


def fill(model, seed: int):
    rng = np.random.default_rng(seed)
    for variable in model.weights:
        if "seed" not in variable.path:
            variable.assign(1 + 0.2 * rng.uniform(-1, 1, variable.shape))
    return model


def write_all(folder: Path) -> None:
    keras.backend.clear_session()
    model = build_net(seed=1)
    model.compile("adam", "mse")
    model.fit(np.ones((4, 5)), np.ones((4, 2)), verbose=0)
    names = {w.path: np.asarray(w) for w in model.weights if "seed" not in w.path}
    np.savez(folder / "expected.npz", **names)
    model.save(folder / "net.keras")
    model.save_weights(folder / "net.weights.h5")
    model.save(folder / "whole.h5")
    with h5py.File(folder / "legacy.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    model.export(folder / "exported", verbose=False)
    tf.saved_model.save(model, folder / "saved")
    save_file(names, folder / "net.safetensors")
    build_net(order="ba", seed=1).save_weights(folder / "swapped.weights.h5")
    build_net(order="ba", seed=1).save(folder / "swapped.h5")
    build_net(extra=True, seed=1).save_weights(folder / "extra.weights.h5")
    build_net(extra=True, seed=1).save(folder / "extra.h5")
    build_net(extra=True, seed=1).export(folder / "extra", verbose=False)
    build_net(order="a", seed=1).save_weights(folder / "lacking.weights.h5")
    build_net(width=3, seed=1).save_weights(folder / "narrow.weights.h5")
    build_net(width=3, seed=1).save(folder / "narrow.h5")
    build_block(deep=False, seed=1).save_weights(folder / "flat.weights.h5")
    module = Module(seed=1)
    tf.saved_model.save(module, folder / "module")
    held = {"gain": module.gain, **{f"blocks/{n}": b for n, b in enumerate(module.blocks)}}
    np.savez(folder / "module.npz", **{name: value.numpy() for name, value in held.items()})
    inputs = keras.Input((5,))
    doubled = layers.Lambda(lambda x: 2 * x)(layers.Dense(2)(inputs))
    keras.Model(inputs, doubled).save(folder / "lambda.keras")


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))

"""Models for the tests: builders that a child calls."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def randomize(model):
    """Give every weight seeded values, statistics too: the initial ones are trivial."""
    rng = np.random.default_rng(0)
    for variable in model.weights:
        shift = 1.0 if variable.name in ("gamma", "moving_variance") else 0.0
        variable.assign(shift + 0.2 * rng.uniform(-1, 1, variable.shape))
    return model


def build_conv(channels: int = 4, interpolation: str = "bilinear"):
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(channels, 3, strides=2, padding="same", name="first")(inputs)
    x = layers.BatchNormalization(epsilon=1e-3, name="norm")(x)
    x = layers.LeakyReLU(negative_slope=0.2, name="leaky")(x)
    x = layers.UpSampling2D(2, interpolation=interpolation, name="up")(x)
    x = layers.Conv2D(channels, 3, padding="same", activation="silu", name="second")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.GlobalAveragePooling2D()(x)
    return randomize(keras.Model(inputs, layers.Dense(5, activation="softmax", name="head")(x)))


def build_application(name: str):
    return randomize(
        getattr(keras.applications, name)(input_shape=(96, 96, 3), weights=None, classes=10)
    )


def build_recurrent():
    inputs = keras.Input((6,), dtype="int32")
    x = layers.Embedding(11, 5, name="embedding")(inputs)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="both")(x)
    x = layers.GRU(3, name="gru")(x)
    return randomize(keras.Model(inputs, layers.Dense(2, name="head")(x)))


class Block(keras.Model):
    """A transformer block, subclassed, with dictionaries in and out."""

    def __init__(self):
        super().__init__(name="block")
        self.norm = layers.LayerNormalization(epsilon=1e-5)
        self.attention = layers.MultiHeadAttention(2, 4)
        self.wide = layers.EinsumDense("btd,dh->bth", (5, 16), bias_axes="h", activation="gelu")
        self.narrow = layers.Dense(8)

    def call(self, tokens, mask, training=None):
        normal = self.norm(tokens)
        x = tokens + self.attention(normal, normal, attention_mask=mask, training=training)
        return {"sum": x + self.narrow(self.wide(x)), "normal": normal}


def build_block():
    return Block()


class Eager(tf.Module):
    """A model that leaves what it gave when it was called without a graph."""

    def __init__(self, model, file):
        super().__init__()
        self.model, self.file = model, file

    def __call__(self, x):
        result = self.model(x, training=False)
        if tf.executing_eagerly():
            np.save(self.file, result.numpy())
        return result


def build_eager(build: str, file: str, **options):
    return Eager(globals()[build](**options), file)


class Waves(tf.Module):
    """Raw TensorFlow with a Keras layer inside, a nested tf.function and complex values."""

    def __init__(self, dtype):
        super().__init__()
        self.probe = tf.Variable(np.linspace(1, 2, 4), dtype=dtype)
        self.fixed = tf.Variable(3.0, dtype=dtype, trainable=False)
        self.stack = [layers.Dense(4, name="dense")]
        self._complex = tf.complex64 if dtype == "float32" else tf.complex128

    @tf.function
    def scatter(self, wave):
        return tf.signal.fft2d(wave * tf.cast(self.probe, self._complex))

    def __call__(self, real, phase):
        wave = tf.complex(self.stack[0](real), phase)
        far = self.scatter(wave)
        low, high = tf.split(tf.abs(far) * self.fixed, 2, axis=-1)
        return far, (low, tf.nn.silu(high))


def build_waves(dtype: str):
    return Waves(dtype)


def build_twins():
    """Two nested models whose layers have the same names."""

    def branch(name):
        inputs = keras.Input((3,))
        x = layers.Dense(3, name="dense")(inputs)
        return keras.Model(inputs, layers.ReLU(name="relu")(x), name=name)

    inputs = keras.Input((3,))
    return randomize(keras.Model(inputs, branch("left")(inputs) + branch("right")(inputs)))


class Scale(tf.Module):
    """A module inside another."""

    def __init__(self, factor, dtype):
        super().__init__()
        self.factor = tf.Variable(factor, dtype=dtype)

    def __call__(self, x):
        if tf.reduce_min(x) > -100:
            x = x * self.factor
        return tf.tanh(x) + 1


class Modules(tf.Module):
    """Modules in an attribute and in a list; one is called twice."""

    def __init__(self, dtype):
        super().__init__()
        self.first = Scale(2.0, dtype)
        self.rest = [Scale(3.0, dtype)]

    @tf.function
    def __call__(self, x):
        return self.rest[0](self.first(x)) - self.first(-x)


def build_modules(dtype: str):
    return Modules(dtype)


def build_ports():
    """A functional model with two inputs, the names not in the order of the alphabet."""
    right, left = keras.Input((3,), name="right"), keras.Input((3,), name="left")
    return keras.Model([right, left], right - 2 * left)


def build_compiled():
    """XLA compiles a part of it."""
    compiled = tf.function(lambda x: tf.tanh(x) * 2, jit_compile=True)
    return lambda x, unused: compiled(x + 1)


def build_selecting():
    """How many values there are depends on the values."""
    return lambda x: tf.boolean_mask(tf.exp(x), x > 0)


class Branching(layers.Layer):
    """Python's `if` on a tensor and `len` of one: AutoGraph turns them into operations."""

    def call(self, x):
        if tf.reduce_sum(x) > 0:
            x = x * len(x)
        return x - 1


def build_branching():
    return Branching(name="branching")


class Step(layers.Layer):
    """A weight that no output depends on, one that Keras overlooks, and a step."""

    def build(self, shape):
        self.used = self.add_weight(shape=(3,), name="used")
        self.idle = self.add_weight(shape=(2,), name="idle")
        self.raw = tf.Variable([1.0, 2.0, 3.0], dtype=self.dtype)

    def call(self, x):
        return x * self.used * self.raw, tf.cast(x > 0, "int32")


def build_step():
    return Step(name="step")


def build_constant():
    return lambda x: {"twice": 2 * x, "same": x, "fixed": tf.ones((2, 2), x.dtype)}


def build_fixed():
    """A model that computes in float32 whatever it is asked."""
    layer = layers.Dense(2, dtype="float32")
    print("this goes to stderr")
    return layer


def build_hidden():
    """A function that reads a variable which nobody can find."""
    hidden = tf.Variable(2.0, dtype=keras.config.floatx())
    return lambda x: x * hidden


def build_random():
    return lambda x: x + tf.random.uniform(tf.shape(x), dtype=x.dtype)


def build_nothing():
    return 3

"""TensorFlow's side of a small convolutional pair, built by the tests of the referee."""

import keras


def build(width: int = 8, dtype: str = "float32") -> keras.Model:
    image = keras.Input((12, 12, 3), name="image", dtype=dtype)
    x = keras.layers.Conv2D(width, 3, padding="same", activation="tanh", name="first")(image)
    y = keras.layers.Conv2D(width, 3, padding="same", activation="sigmoid", name="second")(x)
    z = keras.layers.Add(name="sum")([x, y])
    flat = keras.layers.GlobalAveragePooling2D(name="pool")(z)
    logits = keras.layers.Dense(5, name="head")(flat)
    return keras.Model(image, {"map": z, "logits": logits})

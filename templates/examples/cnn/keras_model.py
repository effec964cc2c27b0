"""A small convolutional network in Keras: images with the channels last."""

import keras


def build() -> keras.Model:
    """Build it: images of 16 x 16 in, 5 scores out."""
    image = keras.Input((16, 16, 3), name="image")
    x = keras.layers.Conv2D(8, 3, padding="same", name="conv1")(image)
    x = keras.layers.BatchNormalization(name="norm1")(x)
    x = keras.layers.ReLU(name="act1")(x)
    x = keras.layers.MaxPooling2D(2, name="pool1")(x)
    x = keras.layers.Conv2D(12, 3, strides=2, padding="same", activation="relu", name="conv2")(x)
    x = keras.layers.GlobalAveragePooling2D(name="pool2")(x)
    return keras.Model(image, keras.layers.Dense(5, name="scores")(x))

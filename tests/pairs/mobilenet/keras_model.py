"""MobileNetV2 as Keras ships it, with seeded random weights."""

import keras
import numpy as np


def build(seed: int = 7) -> keras.Model:
    """Build it for ten classes and images of 96 x 96; nothing is downloaded."""
    model = keras.applications.MobileNetV2(
        input_shape=(96, 96, 3), weights=None, classes=10, classifier_activation=None
    )
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        weight.assign(draw(weight.name, tuple(weight.shape), rng))
    return model


def draw(role: str, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw what is not trivial: no statistic, shift or bias is left at 0 or 1."""
    if role == "kernel":
        # A depthwise kernel (3, 3, channels, 1) takes 9 inputs a unit.
        inputs = 9 if shape[-1] == 1 and len(shape) == 4 else np.prod(shape[:-1])
        drawn = rng.normal(scale=np.sqrt(2 / inputs), size=shape)
    elif role in ("gamma", "moving_variance"):
        drawn = rng.uniform(0.5, 1.5, size=shape)
    else:
        drawn = rng.normal(scale=0.2, size=shape)
    return drawn.astype(np.float32)

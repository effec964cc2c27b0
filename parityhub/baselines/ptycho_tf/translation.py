"""Translation of images by fractions of a pixel: compiled by XLA, or explicitly."""

import os
from collections.abc import Callable

import tensorflow as tf

from parityhub.errors import OptionError

Translate = Callable[[tf.Tensor, tf.Tensor, int], tf.Tensor]


def choose_translation() -> Translate:
    """Choose by the variable USE_XLA_TRANSLATE: 1, the default, or 0.

    Raises:
        OptionError: it is neither.
    """
    choice = os.environ.get("USE_XLA_TRANSLATE", "1")
    if choice not in ("0", "1"):
        raise OptionError(f"USE_XLA_TRANSLATE is {choice!r}", hint="set it to 0 or 1")
    return translate_by_xla if choice == "1" else translate


@tf.function(jit_compile=True)
def translate_by_xla(images: tf.Tensor, offsets: tf.Tensor, size: int) -> tf.Tensor:
    """Move images as `translate` does, by an image operation that XLA is told to compile.

    XLA has no kernel for the operation on every platform; where it has none this fails. The
    operation interpolates in float32 whatever the dtype of the images.
    """
    one, zero = tf.ones_like(offsets[:, 0]), tf.zeros_like(offsets[:, 0])
    rows = (one, zero, -offsets[:, 1], zero, one, -offsets[:, 0], zero, zero)
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=tf.transpose(images, (0, 2, 3, 1)),
        transforms=tf.cast(tf.stack(rows, axis=1), tf.float32),
        output_shape=(size, size),
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )
    return tf.transpose(moved, (0, 3, 1, 2))


def translate(images: tf.Tensor, offsets: tf.Tensor, size: int) -> tf.Tensor:
    """Move images by (dy, dx), bilinearly; zero comes in from outside.

    Each axis is a product with a matrix whose rows hold the two weights of a linear interpolation
    and zeros: so each pixel is the weighted sum of its four neighbours, and the gradient is exact.

    Args:
        images: (n, k, h, w).
        offsets: (n, 2), pixels.
        size: side of the result.

    Returns:
        (n, k, size, size); [y, x] is the image at [y - dy, x - dx].
    """
    down = _interpolation(offsets[:, 0], size, images.shape[-2])
    across = _interpolation(offsets[:, 1], size, images.shape[-1])
    return down @ images @ tf.linalg.matrix_transpose(across)


def _interpolation(offsets: tf.Tensor, outputs: int, inputs: int) -> tf.Tensor:
    """Return (n, 1, outputs, inputs), the weight of each input pixel in each output pixel."""
    target = tf.range(outputs, dtype=offsets.dtype)[:, tf.newaxis]
    source = tf.range(inputs, dtype=offsets.dtype)
    distance = tf.abs(target - source - offsets[:, tf.newaxis, tf.newaxis])
    return tf.maximum(1 - distance, 0)[:, tf.newaxis]

"""From patches to photons: overlap, probe, propagation, and the likelihood of what was counted."""

import tensorflow as tf

from parityhub.baselines.constants import BACKGROUND
from parityhub.baselines.ptycho_tf.translation import Translate


def merge_overlaps(
    patches: tf.Tensor, offsets: tf.Tensor, canvas_size: int, translate: Translate
) -> tf.Tensor:
    """Make the patches of a group agree: average them on one canvas, cut them out again.

    Args:
        patches: (groups, C, 2, N, N), real and imaginary part.
        offsets: (groups, C, 2), (dy, dx) from the middle of the group.
        canvas_size: side of the canvas, pixels.
        translate: how images are moved.

    Returns:
        As patches.
    """
    count, size = patches.shape[1], patches.shape[-1]
    places = tf.reshape(offsets + (canvas_size - size) / 2, (-1, 2))
    ones = tf.ones_like(patches[:, :, :1])
    images = tf.reshape(tf.concat([patches, ones], axis=2), (-1, 3, size, size))
    placed = translate(images, places, canvas_size)
    total = tf.reduce_sum(tf.reshape(placed, (-1, count, 3, canvas_size, canvas_size)), axis=1)
    mean = total[:, :2] / tf.maximum(total[:, 2:], 1e-3)
    repeated = tf.repeat(mean, count, axis=0)
    return tf.reshape(translate(repeated, -places, size), tf.shape(patches))


def predict_counts(patches: tf.Tensor, probe: tf.Tensor, intensity_scale: tf.Tensor) -> tf.Tensor:
    """Return the photons expected in each pixel, zero frequency in the corner.

    Args:
        patches: (groups, C, 2, N, N), real and imaginary part.
        probe: (N, N), complex.
        intensity_scale: factor on amplitudes, a scalar.

    Returns:
        (groups, C, N, N).
    """
    exit_wave = tf.complex(patches[:, :, 0], patches[:, :, 1]) * probe
    # The orthonormal transform, which keeps the photons.
    far = tf.signal.fft2d(exit_wave) / len(probe)
    power = tf.square(tf.math.real(far)) + tf.square(tf.math.imag(far))
    return tf.square(intensity_scale) * power


def poisson_loss(expected: tf.Tensor, counts: tf.Tensor) -> tf.Tensor:
    """Return the mean negative log-likelihood of counts, less that of a perfect prediction.

    A pixel costs r - n + n log(n / r) for n counts where r are expected, background included.
    """
    rate = expected + BACKGROUND
    ratio = tf.math.log(tf.maximum(counts, 1e-6)) - tf.math.log(rate)
    return tf.reduce_mean(rate - counts + counts * ratio)

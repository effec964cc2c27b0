"""The weights both sides start from, made by numpy from the seed."""

import numpy as np

from parityhub.baselines.layout import HEADS, Arrays, list_layers

HEAD_GAIN = 0.1
"""The heads start small: so training starts near a clear object, from where it does not stray
into the flat ends of their sigmoid and tanh."""


def make_initial_weights(gridsize: int, seed: int) -> Arrays:
    """Make the canonical weights of the network.

    Kernels are drawn evenly within sqrt(6 / inputs of a unit) (He et al. 2015, section 2.2, for a
    rectifier), biases are zero.

    Args:
        gridsize: the root of C, the patterns a group.
        seed: of the draw.

    Returns:
        float32 arrays by canonical name, kernels HWIO. A float64 run starts from the same values.
    """
    rng = np.random.default_rng([seed, 0])
    weights: Arrays = {}
    for layer in list_layers(gridsize):
        gain = HEAD_GAIN if layer.name in HEADS else 1.0
        bound = gain * np.sqrt(6 / (9 * layer.inputs))
        kernel = rng.uniform(-bound, bound, size=(3, 3, layer.inputs, layer.outputs))
        weights[f"{layer.name}.kernel"] = kernel.astype(np.float32)
        weights[f"{layer.name}.bias"] = np.zeros(layer.outputs, dtype=np.float32)
    return weights

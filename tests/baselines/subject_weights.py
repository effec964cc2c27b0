"""The reference's canonical weights under the names of the PyTorch subject."""

from collections.abc import Mapping

import numpy as np

from parityhub.baselines.layout import describe_weights, lay_out


def name_for_torch(
    weights: Mapping[str, np.ndarray], gridsize: int, scale: float
) -> dict[str, np.ndarray]:
    arrays = lay_out(weights, describe_weights(gridsize), "pytorch")
    named = {f"network.{name}": array for name, array in arrays.items()}
    return {**named, "intensity_scale": np.asarray(scale, dtype=np.float32)}

"""What a framework brings to the pair. All else is shared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from parityhub.baselines.dataset import Batch
from parityhub.baselines.layout import Arrays, Framework
from parityhub.baselines.options import Dtype


@dataclass(frozen=True)
class SideSettings:
    """What a side is built from."""

    gridsize: int
    probe: npt.NDArray[np.complex128]
    """(N, N)"""
    canvas_size: int
    """side of a group's canvas, pixels"""
    dtype: Dtype
    seed: int
    threads: int
    """0: as the framework chooses"""


TakeStep = Callable[[Batch], tuple[float, object]]
"""Takes one step; returns the loss and the complex patches, (groups, C, N, N), from before it."""


class Side(Protocol):
    """The network, its physics and its optimiser in one framework."""

    def load(self, weights: Mapping[str, npt.NDArray[Any]], intensity_scale: float) -> None:
        """Take over canonical weights and the intensity scale.

        Raises:
            EvidenceError: a name or a shape does not match the network.
        """

    def make_step(self, learning_rate: float) -> TakeStep:
        """Make the optimiser, and return what takes one step of training with it."""

    def evaluate(self, batch: Batch) -> tuple[float, npt.NDArray[Any]]:
        """Return the loss of a batch and its complex patches, (groups, C, N, N)."""

    def translate(
        self, images: npt.NDArray[Any], offsets: npt.NDArray[Any], size: int
    ) -> npt.NDArray[Any]:
        """Move images (n, k, h, w) by (n, 2), (dy, dx) pixels, into (n, k, size, size).

        Bilinear: result[y, x] is image[y - dy, x - dx], zero outside the image.
        """

    def read_weights(self) -> Arrays:
        """Return the canonical weights."""

    def read_scale(self) -> float:
        """Return the intensity scale as it is held."""


OpenSide = Callable[[SideSettings], Side]


@dataclass(frozen=True)
class Program:
    """A side as a program."""

    name: str
    """as `python -m` calls it"""
    framework: Framework
    open_side: OpenSide
    """imports the framework, sets seeds, threads and determinism, and builds the side"""

"""The PyTorch side."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from parityhub.baselines.constants import BETA_1, BETA_2, EPSILON
from parityhub.baselines.dataset import Batch
from parityhub.baselines.layout import Arrays, describe_weights, gather, lay_out
from parityhub.baselines.optics import make_back_propagator
from parityhub.baselines.ptycho_torch.physics import poisson_loss
from parityhub.baselines.ptycho_torch.subject import Subject
from parityhub.baselines.ptycho_torch.translation import translate
from parityhub.baselines.side import SideSettings, TakeStep


class TorchSide:
    """The network, its physics and its optimiser in PyTorch."""

    def __init__(self, settings: SideSettings) -> None:
        torch.manual_seed(settings.seed)
        torch.use_deterministic_algorithms(True)
        if settings.threads:
            torch.set_num_threads(settings.threads)
        dtype = getattr(torch, settings.dtype)
        self._layouts = describe_weights(settings.gridsize)
        self._optics = [
            torch.from_numpy(array).to(dtype.to_complex())
            for array in (settings.probe, *make_back_propagator(settings.probe))
        ]
        self._subject = Subject(settings.gridsize, settings.canvas_size, dtype)
        self._network, self._scale = self._subject.network, self._subject.intensity_scale

    def load(self, weights: Mapping[str, npt.NDArray[Any]], intensity_scale: float) -> None:
        """Take over canonical weights and the intensity scale."""
        arrays = lay_out(weights, self._layouts, "pytorch")
        self._network.load_state_dict({name: torch.from_numpy(a) for name, a in arrays.items()})
        with torch.no_grad():
            self._scale.fill_(intensity_scale)

    def make_step(self, learning_rate: float) -> TakeStep:
        """Make the optimiser, and return what takes one step of training with it."""
        optimizer = torch.optim.Adam(
            [*self._network.parameters(), self._scale],
            lr=learning_rate,
            betas=(BETA_1, BETA_2),
        )
        taken = 0

        def take_step(batch: Batch) -> tuple[float, object]:
            nonlocal taken
            taken += 1
            # As Keras has it: epsilon is added before the second moment is corrected for bias.
            optimizer.param_groups[0]["eps"] = EPSILON / math.sqrt(1 - BETA_2**taken)
            loss, patches = self._forward(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            return loss.item(), patches

        return take_step

    def evaluate(self, batch: Batch) -> tuple[float, npt.NDArray[Any]]:
        """Return the loss of a batch and its complex patches."""
        with torch.no_grad():
            loss, patches = self._forward(batch)
        return loss.item(), patches.numpy()

    def translate(
        self, images: npt.NDArray[Any], offsets: npt.NDArray[Any], size: int
    ) -> npt.NDArray[Any]:
        """Move images by (dy, dx) into squares of `size`."""
        moved = translate(torch.from_numpy(images), torch.from_numpy(offsets), size)
        return np.asarray(moved.numpy())

    def read_weights(self) -> Arrays:
        """Return the canonical weights."""
        state = self._network.state_dict()
        # Copies: `numpy()` shows the memory that the next step writes to.
        arrays = {name: tensor.numpy().copy() for name, tensor in state.items()}
        return gather(arrays, self._layouts, "pytorch")

    def read_scale(self) -> float:
        """Return the intensity scale as it is held."""
        return self._scale.item()

    def _forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        patterns, counts, offsets = (torch.from_numpy(array) for array in batch)
        outputs = self._subject(patterns, offsets, *self._optics)
        return poisson_loss(outputs["expected"], counts), outputs["patches"]

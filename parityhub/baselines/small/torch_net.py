"""The small net in PyTorch: other names, each activation a module of its own, channels first."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from parityhub.baselines.faults.small import plant_fault
from parityhub.baselines.small.inputs import COLOURS, HEIGHT, NORM_EPSILON, SLOPE, WIDTH


class SameConvolution(nn.Conv2d):
    """A convolution at stride 2 that pads an even size as TensorFlow does: right and below."""

    def forward(self, x: Tensor) -> Tensor:
        """Pad and convolve."""
        x = functional.pad(x, (0, 1, 0, 1))
        return functional.conv2d(x, self.weight, self.bias, self.stride)


class FlattenAsKeras(nn.Module):
    """Flattens images in the order of height, width, channels."""

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, height x width x channels)."""
        return x.permute(0, 2, 3, 1).flatten(1)


class SmallNet(nn.Module):
    """Images to a mask and scores."""

    def __init__(self) -> None:
        super().__init__()
        self.lift = nn.Conv2d(COLOURS, 8, 3, padding=1)
        self.lift_norm = nn.BatchNorm2d(8, eps=NORM_EPSILON)
        self.lift_leak = nn.LeakyReLU(SLOPE)
        self.reduce = SameConvolution(8, 12, 3, stride=2)
        self.reduce_gate = nn.SiLU()
        self.refine = nn.Conv2d(12, 8, 3, padding=1, bias=False)
        self.refine_norm = nn.BatchNorm2d(8, eps=NORM_EPSILON)
        self.resize = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
        self.segment = nn.Conv2d(8, 4, 1)
        self.choose = nn.Softmax(dim=1)
        self.pool = nn.AvgPool2d(4)
        self.flatten = FlattenAsKeras()
        self.hidden = nn.Linear(HEIGHT // 4 * (WIDTH // 4) * 12, 16)
        self.hidden_gate = nn.GELU()
        self.square = nn.Linear(16, 16)
        self.square_gate = nn.Tanh()
        self.score = nn.Linear(16, 5)

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        """Return `mask`, (batch, 4, HEIGHT, WIDTH), and `scores`, (batch, 5).

        Args:
            image: (batch, COLOURS, HEIGHT, WIDTH).
        """
        lifted = self.lift_leak(self.lift_norm(self.lift(image)))
        reduced = self.reduce_gate(self.reduce(lifted))
        features = self.resize(self.refine_norm(self.refine(reduced))) + lifted
        mask = self.choose(self.segment(features))
        flat = self.flatten(self.pool(torch.cat([features, mask], dim=1)))
        hidden = self.hidden_gate(self.hidden(flat))
        return {"mask": mask, "scores": self.score(self.square_gate(self.square(hidden)))}


def build(fault: str = "") -> nn.Module:
    """Build the net; its weights come from the other side.

    Args:
        fault: the name of a mistake to make, for `parityhub selftest`.

    Raises:
        OptionError: there is no such fault.
    """
    return plant_fault(SmallNet(), fault)

"""MobileNetV2 ported to PyTorch, with names of its own."""

import torch
from torch import Tensor, nn
from torch.nn import functional

STAGES = (
    # expansion, channels, blocks, stride of the first
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
    (6, 320, 1, 1),
)  # fmt: skip
EPSILON = 1e-3


class Unit(nn.Module):
    """Convolution, normalisation and, where wanted, ReLU6.

    At stride 2 Keras pads an even image on the right and below alone. `padding` "keras" does so;
    "torch" pads by one all around, as most ports to PyTorch do by mistake.
    """

    def __init__(self, inputs, outputs, kernel, *, stride=1, groups=1, active=True, padding):
        super().__init__()
        self.one_sided = stride == 2 and padding == "keras"
        around = 0 if self.one_sided else kernel // 2
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, around, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=EPSILON)
        self.act = nn.ReLU6() if active else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        if self.one_sided:
            x = functional.pad(x, (0, 1, 0, 1))
        return self.act(self.norm(self.conv(x)))


class Block(nn.Module):
    """An inverted residual: expand, filter each channel, project; add the input where it fits."""

    def __init__(self, inputs, outputs, stride, expansion, padding):
        super().__init__()
        hidden = inputs * expansion
        self.adds = stride == 1 and inputs == outputs
        self.widen = Unit(inputs, hidden, 1, padding=padding) if expansion > 1 else nn.Identity()
        self.filter = Unit(hidden, hidden, 3, stride=stride, groups=hidden, padding=padding)
        self.narrow = Unit(hidden, outputs, 1, active=False, padding=padding)

    def forward(self, x: Tensor) -> Tensor:
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.adds else y


class MobileNet(nn.Module):
    def __init__(self, padding: str) -> None:
        super().__init__()
        self.stem = Unit(3, 32, 3, stride=2, padding=padding)
        blocks, inputs = [], 32
        for expansion, channels, count, first in STAGES:
            for number in range(count):
                stride = first if number == 0 else 1
                blocks.append(Block(inputs, channels, stride, expansion, padding))
                inputs = channels
        self.blocks = nn.Sequential(*blocks)
        self.last = Unit(inputs, 1280, 1, padding=padding)
        self.classify = nn.Linear(1280, 10)

    def forward(self, image: Tensor) -> Tensor:
        """(batch, 3, 96, 96) to logits (batch, 10)."""
        x = self.last(self.blocks(self.stem(image)))
        return self.classify(torch.mean(x, dim=(2, 3)))


def build(padding: str = "keras") -> nn.Module:
    if padding not in ("keras", "torch"):
        raise ValueError(f"padding {padding!r} is neither keras nor torch")
    return MobileNet(padding)

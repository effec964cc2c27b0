"""The same convolutional network in PyTorch: images with the channels first."""

import torch
from torch import nn
from torch.nn import functional


class Net(nn.Module):
    """Images of 16 x 16 in, 5 scores out."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(8, eps=1e-3)  # Keras's epsilon, not PyTorch's 1e-5
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(8, 12, 3, stride=2)
        self.scores = nn.Linear(12, 5)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Return (batch, 5) for image (batch, 3, 16, 16)."""
        x = self.pool1(torch.relu(self.norm1(self.conv1(image))))
        # At stride 2 Keras pads an even size right and below alone; padding=1 would pad all sides.
        x = torch.relu(self.conv2(functional.pad(x, (0, 1, 0, 1))))
        return self.scores(x.mean(dim=(2, 3)))


def build() -> nn.Module:
    """Build it; parityhub gives it the weights."""
    return Net()

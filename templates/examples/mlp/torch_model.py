"""The same multilayer perceptron in PyTorch."""

import torch
from torch import nn


class Net(nn.Module):
    """8 numbers in, 3 out."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(8, 16)
        self.middle = nn.Linear(16, 16)
        self.out = nn.Linear(16, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (batch, 3) for x (batch, 8)."""
        return self.out(torch.tanh(self.middle(torch.relu(self.hidden(x)))))


def build() -> nn.Module:
    """Build it; parityhub gives it the weights."""
    return Net()

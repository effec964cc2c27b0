"""The port of keras_net.py to PyTorch, with switches for common mistakes."""

import torch
from torch import nn
from torch.nn import functional


class Detached(nn.Module):
    """Hands a value on, its gradient not."""

    def forward(self, x):
        return 0.5 * x + 0.5 * x.detach()


class Net(nn.Module):
    def __init__(self, mistake):
        super().__init__()
        self.mistake = mistake
        self.first = nn.Conv2d(3, 6, 3, stride=2)
        self.second_norm = nn.BatchNorm2d(6, eps=1e-5 if mistake == "epsilon" else 1e-3)
        self.second_act = nn.LeakyReLU(0.01 if mistake == "slope" else 0.25)
        self.second_conv = nn.Conv2d(6, 6, 3, padding=1)
        self.pool = nn.AvgPool2d(2)
        self.last = nn.Linear(54, 4)
        self.hand = Detached() if mistake == "detached" else nn.Identity()

    def forward(self, image):
        sides = (1, 0, 1, 0) if self.mistake == "padding" else (0, 1, 0, 1)
        x = functional.silu(self.first(functional.pad(image, sides)))
        y = self.second_act(self.hand(self.second_norm(x)))
        if self.mistake == "bfloat16":
            with torch.autocast("cpu", dtype=torch.bfloat16):
                y = self.second_conv(y).to(x.dtype)
        else:
            y = self.second_conv(y)
        x = x + y
        axis = 2 if self.mistake == "axis" else 1
        x = torch.fft.fft(x.movedim(axis, -1)).abs().movedim(-1, axis)
        x = self.pool(x).permute(0, 2, 3, 1).flatten(1)
        return torch.tanh(self.last(x))


def build(mistake=""):
    return Net(mistake)

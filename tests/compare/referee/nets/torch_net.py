"""PyTorch's side of a small convolutional pair, and what may be wrong with it."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width: int, fault: str, follows: bool) -> None:
        super().__init__()
        dtype = None if follows else torch.float32
        self.first = nn.Conv2d(3, width, 3, padding=1, dtype=dtype)
        self.second = nn.Conv2d(width, width, 3, padding=1, dtype=dtype)
        self.head = nn.Linear(width, 5, dtype=dtype)
        self.fault = fault
        self.follows = follows

    def forward(self, image):
        if not self.follows:
            image = image.float()
        x = torch.tanh(self.first(image))
        y = torch.sigmoid(self.convolve(x))
        z = x + y
        if self.fault == "code":
            z = z + 1e-9 * z.square().mean()
        logits = self.head(z.mean((2, 3)))
        if self.fault == "unnamed":
            return z, logits
        if self.fault == "constant":
            logits = torch.ones_like(logits)
        if self.fault == "nan":
            logits = logits.clone()
            logits[0, 0] = torch.nan
        return {"map": z, "logits": logits}

    def convolve(self, x):
        coarse = self.fault == "bfloat16" or (
            self.fault == "bfloat16 in float32 alone" and x.dtype == torch.float32
        )
        if not coarse:
            return self.second(x)
        weight, bias = self.second.weight.bfloat16(), self.second.bias.bfloat16()
        return nn.functional.conv2d(x.bfloat16(), weight, bias, padding=1).to(x.dtype)

    def to(self, *arguments, **named):
        return super().to(*arguments, **named) if self.follows else self


def build(width: int = 8, fault: str = "", follows: bool = True) -> nn.Module:
    return Net(width, fault, follows)

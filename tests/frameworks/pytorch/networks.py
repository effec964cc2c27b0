"""Small networks of every kind, as targets and as models."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


class Branched(nn.Module):
    """Strided convolution, batch norm, writing in place through a view, a skip, three outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, 2, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.norm.running_mean = torch.linspace(-1, 1, 8)
        self.norm.running_var = torch.linspace(0.5, 2, 8)
        self.second = nn.Conv2d(8, 8, 3, padding=1)
        self.leaky = nn.LeakyReLU(0.2)
        self.dropout = nn.Dropout(0.5)
        self.dense = nn.Linear(8, 5)

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        x = self.leaky(self.norm(self.first(image)))
        y = self.dropout(functional.silu(self.second(x)))
        y[:, :2] *= 2
        z = functional.interpolate(x + y, scale_factor=2, mode="bilinear")
        z = functional.max_pool2d(z, 2)
        one, other = z.chunk(2, 1)
        z = torch.cat([other, one], 1)
        return {
            "logits": self.dense(z.mean((2, 3))),
            "shares": functional.softmax(z, 1),
            "far": torch.fft.fft2(z),
        }


class Recurrent(nn.Module):
    """Embedding, bidirectional LSTM, GRU."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(10, 16)
        self.lstm = nn.LSTM(16, 12, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(24, 8, batch_first=True)
        self.dense = nn.Linear(8, 3)

    def forward(self, tokens: Tensor) -> Tensor:
        result: Tensor = self.dense(self.gru(self.lstm(self.table(tokens))[0])[0][:, -1])
        return result


class Attention(nn.Module):
    """A transformer's block."""

    def __init__(self) -> None:
        super().__init__()
        self.block = nn.TransformerEncoderLayer(
            16, 4, 32, 0.0, activation="gelu", batch_first=True, norm_first=True
        )

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.block(x)
        return result


class Unet(nn.Module):
    """Two scales and a complex output."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(4, 16, 3, padding=1)
        self.low = nn.Conv2d(16, 16, 3, padding=1)
        self.up = nn.Conv2d(16, 2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        kept = functional.silu(self.down(x))
        low = functional.silu(self.low(functional.avg_pool2d(kept, 2)))
        z = self.up(functional.interpolate(low, scale_factor=2) + kept)
        size, phase = 2 * torch.sigmoid(z[:, 0]), math.pi * torch.tanh(z[:, 1])
        return torch.complex(size * torch.cos(phase), size * torch.sin(phase))


class Printing(nn.Module):
    """Two inputs by name; says what it does."""

    def __init__(self, scale: float) -> None:
        super().__init__()
        self.scale = scale

    def forward(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        print("adding")
        return left + right, self.scale * left * right


def branched() -> nn.Module:
    return Branched()


def recurrent() -> nn.Module:
    return Recurrent()


def attention() -> nn.Module:
    return Attention()


def printing(scale: float = 1.0) -> nn.Module:
    return Printing(scale)


def no_module() -> int:
    return 3


_SEEDED = torch.Generator().manual_seed(0)
INPUTS = {
    "branched": {"image": torch.randn(2, 3, 16, 16, generator=_SEEDED)},
    "recurrent": {"tokens": torch.randint(0, 10, (2, 7), generator=_SEEDED)},
    "attention": {"x": torch.randn(2, 7, 16, generator=_SEEDED)},
}
BUILDERS = {"branched": Branched, "recurrent": Recurrent, "attention": Attention}

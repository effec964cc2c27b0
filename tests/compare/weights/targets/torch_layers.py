"""The PyTorch ports of the models in keras_layers.py, under other names."""

import torch
from torch import nn


class Images(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4, eps=1e-3)
        self.act = nn.PReLU(4)
        self.grouped = nn.Conv2d(4, 8, 3, padding=1, groups=4)
        self.separate = nn.Sequential(
            nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False), nn.Conv2d(8, 6, 1)
        )
        self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)
        self.group = nn.GroupNorm(2, 4)
        self.head = nn.Conv2d(4, 5, 1)

    def forward(self, x):
        x = self.act(self.norm(self.stem(x)))
        x = self.up(self.separate(self.grouped(x)))
        return self.head(self.group(x))


class Sequences(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(10, 8)
        self.both = nn.LSTM(8, 4, bidirectional=True, batch_first=True)
        self.memory = nn.LSTM(8, 8, batch_first=True)
        self.gates = nn.GRU(8, 8, batch_first=True)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 8)

    def forward(self, tokens):
        x = self.gates(self.memory(self.both(self.table(tokens))[0])[0])[0]
        return self.head(self.norm(self.attention(x, x, x, need_weights=False)[0]))


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.ones(()))

    def forward(self, x):
        return x * self.factor


def build_images():
    return Images()


def build_sequences():
    return Sequences()


def build_scaled():
    return Scaled()

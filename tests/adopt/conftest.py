from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Write = Callable[[Mapping[str, str]], Path]

KERAS = """
import keras

SIZE = 8

def build():
    x = keras.Input((SIZE,), name="x")
    return keras.Model(x, keras.layers.Dense(3)(x))
"""
TORCH = """
from torch import nn

class Layer(nn.Module):
    def forward(self, h):
        return h

class Net(nn.Module):
    def __init__(self, width=3):
        super().__init__()
        self.dense, self.layer = nn.Linear(8, width), Layer()

    def forward(self, x):
        return self.layer(self.dense(x))
"""


@pytest.fixture
def write_repository(tmp_path: Path) -> Write:
    def write(files: Mapping[str, str]) -> Path:
        root = tmp_path / "repo"
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return root

    return write

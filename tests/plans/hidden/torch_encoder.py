"""The encoder in PyTorch.

usage: torch_encoder.py WEIGHTS IDS OUT --epsilon E
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

HEADS, WIDTH = 2, 32

parser = argparse.ArgumentParser()
for name in ("weights", "ids", "out"):
    parser.add_argument(name, type=Path)
parser.add_argument("--epsilon", type=float, required=True)
asked = parser.parse_args()
weights = {name: torch.from_numpy(array) for name, array in np.load(asked.weights).items()}
ids = torch.from_numpy(np.load(asked.ids)["ids"])


def norm(x):
    return functional.layer_norm(x, (WIDTH,), eps=asked.epsilon)


def attend(x, layer):
    query, key, value = (
        (x @ weights[f"{layer}/{n}"]).unflatten(-1, (HEADS, -1)).transpose(1, 2)
        for n in ("query", "key", "value")
    )
    mixed = functional.scaled_dot_product_attention(query, key, value)
    return mixed.transpose(1, 2).flatten(2) @ weights[f"{layer}/out"]


x = norm(weights["words"][ids] + weights["places"])
states = [x]
for layer in range(3):
    x = norm(x + attend(x, layer))
    x = norm(x + functional.gelu(x @ weights[f"{layer}/widen"]) @ weights[f"{layer}/narrow"])
    states.append(x)
for number, state in enumerate(states):
    np.save(asked.out / f"hidden_{number}.npy", state.numpy())
np.save(asked.out / "logits.npy", (x[:, 0] @ weights["head"]).numpy())

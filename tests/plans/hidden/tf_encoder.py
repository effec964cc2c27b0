"""A small encoder in TensorFlow that leaves its hidden states and logits, one .npy each.

usage: tf_encoder.py WEIGHTS IDS OUT --epsilon E
"""

import argparse
from pathlib import Path

import numpy as np
import tensorflow as tf

HEADS = 2

parser = argparse.ArgumentParser()
for name in ("weights", "ids", "out"):
    parser.add_argument(name, type=Path)
parser.add_argument("--epsilon", type=float, required=True)
asked = parser.parse_args()
weights = {name: tf.constant(array) for name, array in np.load(asked.weights).items()}
ids = tf.constant(np.load(asked.ids)["ids"])


def norm(x):
    mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + asked.epsilon)


def split(x):
    batch, length, width = x.shape
    return tf.transpose(tf.reshape(x, (batch, length, HEADS, width // HEADS)), (0, 2, 1, 3))


def attend(x, layer):
    query, key, value = (split(x @ weights[f"{layer}/{n}"]) for n in ("query", "key", "value"))
    scores = tf.matmul(query, key, transpose_b=True) / query.shape[-1] ** 0.5
    mixed = tf.transpose(tf.nn.softmax(scores) @ value, (0, 2, 1, 3))
    return tf.reshape(mixed, x.shape) @ weights[f"{layer}/out"]


x = norm(tf.gather(weights["words"], ids) + weights["places"])
states = [x]
for layer in range(3):
    x = norm(x + attend(x, layer))
    x = norm(x + tf.nn.gelu(x @ weights[f"{layer}/widen"]) @ weights[f"{layer}/narrow"])
    states.append(x)
for number, state in enumerate(states):
    np.save(asked.out / f"hidden_{number}.npy", state.numpy())
np.save(asked.out / "logits.npy", (x[:, 0] @ weights["head"]).numpy())

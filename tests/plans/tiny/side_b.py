"""Side B: the same fit in float32. It knows nothing of parityhub: it prints, and leaves JSON."""

import json
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


def shift_all(images: npt.NDArray[np.float64]) -> Array:
    shifted = np.stack([np.roll(images, k, axis=-1) for k in (-1, 0, 1)], axis=-1)
    return shifted.astype(np.float32)


out, (seed, samples, epochs) = Path(sys.argv[1]), map(int, sys.argv[2:])
generator = np.random.default_rng(seed)
start = generator.normal(scale=0.1, size=3)
np.save(out / "start.npy", start)
weights: Array = start.astype(np.float32)
shifted = shift_all(generator.uniform(size=(samples, 8, 8)))
for epoch in range(epochs):
    error = shifted @ (weights - np.array([0.25, 0.5, 0.25], dtype=np.float32))
    weights -= np.float32(0.5) * np.mean(error[..., np.newaxis] * shifted, axis=(0, 1, 2))
    if epoch % 100 == 99:
        print(f"epoch {epoch + 1}: loss {np.mean(error**2):.3e}")

images = np.random.default_rng(seed + 1).uniform(size=(4, 8, 8))
output: Array = shift_all(images) @ weights
within = np.mean((output - output.mean(axis=(1, 2), keepdims=True)) ** 2)
print(
    f"output {output.min()} to {output.max()}, "
    f"mean {output.mean()}, spread {output.std()}, variance within {within}"
)
fit = {"weights": weights.tolist(), "samples seen": samples}
(out / "report.json").write_text(json.dumps({"fit": fit}), encoding="utf-8")

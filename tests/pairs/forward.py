"""Child program: forward passes of one framework's model, arrays in and out, by a JSON of jobs.

It stands apart from parityhub.frameworks: what it shows is shown of the models alone.
"""

import importlib
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


def load_function(target: str) -> Callable[..., Any]:
    place, _, name = target.rpartition(":")
    if place.endswith(".py"):
        spec = importlib.util.spec_from_file_location(Path(place).stem, place)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    else:
        module = importlib.import_module(place)
    return getattr(module, name)


def read_arrays(path: str) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def cast(array: np.ndarray, dtype: str) -> np.ndarray:
    if array.dtype.kind == "c":
        return array.astype("complex64" if dtype == "float32" else "complex128")
    return array.astype(dtype) if array.dtype.kind == "f" else array


def run_tensorflow(build: Callable[..., Any], job: dict[str, Any], dtype: str) -> dict[str, Any]:
    import keras
    import tensorflow as tf

    keras.backend.clear_session()
    keras.config.set_floatx(dtype)
    model = build(**job["options"])
    inputs = {n: tf.constant(cast(a, dtype)) for n, a in read_arrays(job["inputs"]).items()}
    answer = model(*inputs.values()) if len(inputs) == 1 else model(**inputs)
    paths = [weight.path for weight in model.weights]
    assert len(set(paths)) == len(paths)
    if "weights" in job:
        given = read_arrays(job["weights"])
        assert set(given) == set(paths)
        for weight in model.weights:
            weight.assign(given[weight.path])
        answer = model(*inputs.values()) if len(inputs) == 1 else model(**inputs)
    np.savez(job["weights_out"], **{weight.path: weight.numpy() for weight in model.weights})
    outputs = answer if isinstance(answer, dict) else {"output": answer}
    return {name: value.numpy() for name, value in outputs.items()}


def run_torch(build: Callable[..., Any], job: dict[str, Any], dtype: str) -> dict[str, Any]:
    import torch

    model = build(**job["options"]).to(getattr(torch, dtype)).eval()
    arrays = {n: cast(a, dtype) for n, a in read_arrays(job["inputs"]).items()}
    axes = job.get("input_axes", {})
    inputs = {
        n: torch.from_numpy(np.ascontiguousarray(a.transpose(axes[n]) if n in axes else a))
        for n, a in arrays.items()
    }
    state = {n: torch.from_numpy(cast(a, dtype)) for n, a in read_arrays(job["weights"]).items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected
    assert all(name.endswith("num_batches_tracked") for name in missing), missing
    with torch.no_grad():
        answer = model(*inputs.values()) if len(inputs) == 1 else model(**inputs)
    outputs = answer if isinstance(answer, dict) else {"output": answer}
    return {name: value.numpy() for name, value in outputs.items()}


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    run = run_tensorflow if asked["framework"] == "tensorflow" else run_torch
    function = load_function(asked["target"])
    for one in asked["jobs"]:
        np.savez(one["out"], **run(function, one, asked["dtype"]))

"""Runs the child program forward.py, and says how far two sets of outputs are apart."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.pairs.forward import read_arrays

CHILD = Path(__file__).with_name("forward.py")
ROOT = Path(__file__).parents[2]

Arrays = dict[str, np.ndarray]


def run_child(
    framework: str, target: str, dtype: str, jobs: Sequence[Mapping[str, Any]], folder: Path
) -> list[Arrays]:
    """Run jobs in one process; return the outputs of each."""
    outs = [folder / f"{framework}_{dtype}_{number}.npz" for number in range(len(jobs))]
    given = [{**job, "out": str(out)} for job, out in zip(jobs, outs, strict=True)]
    request = folder / f"{framework}_{dtype}.json"
    request.write_text(
        json.dumps({"framework": framework, "target": target, "dtype": dtype, "jobs": given})
    )
    done = subprocess.run(
        [sys.executable, CHILD, request],
        env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return [read_arrays(str(out)) for out in outs]


def save(path: Path, arrays: Mapping[str, np.ndarray]) -> str:
    np.savez(path, **arrays)
    return str(path)


def measure_deviation(found: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest |difference| over the largest |element| expected."""
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    scale = float(np.abs(expected).max())
    assert np.isfinite(expected).all()
    assert scale > 0
    return float(np.abs(found - expected).max()) / scale


def port(weights: Arrays, owners: Mapping[str, str]) -> Arrays:
    """Turn Keras's weights into PyTorch's: dense, convolutions, norms, by a table of owners."""
    roles = {
        "kernel": "weight", "bias": "bias", "gamma": "weight", "beta": "bias",
        "moving_mean": "running_mean", "moving_variance": "running_var", "embeddings": "weight",
    }  # fmt: skip
    axes = {4: (3, 2, 0, 1), 2: (1, 0), 1: (0,)}
    ported = {}
    for path, array in weights.items():
        owner, _, role = path.rpartition("/")
        turned = array if role == "embeddings" else array.transpose(axes[array.ndim])
        ported[f"{owners[owner]}.{roles[role]}"] = np.ascontiguousarray(turned)
    return ported

"""Real tensors of both frameworks, given to what captures them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TORCH = """
import sys
import numpy as np
import torch
from parityhub.capture import DebugDump, PatchStats
from parityhub.capture.arrays import read_array

x = torch.arange(24.0).reshape(2, 3, 4)
same = {
    "leaf": x.clone().requires_grad_(),
    "of the tape": x.clone().requires_grad_() * 1,
    "a parameter": torch.nn.Parameter(x.clone()),
    "bfloat16": x.bfloat16(),
    "bfloat16 on the tape": x.bfloat16().requires_grad_() * 1,
    "half": x.half(),
    "a view": x.permute(2, 1, 0).contiguous().permute(2, 1, 0),
    "conjugated": torch.complex(x, x).conj(),
    "negated": torch.complex(x, -x).conj().imag,
    "integers": x.long(),
}
for name, tensor in same.items():
    found = read_array(tensor)
    expected = x.numpy() - 1j * x.numpy() if name == "conjugated" else x.numpy()
    assert np.array_equal(found, expected), name
    assert found.dtype.name != "bfloat16"
recorder = PatchStats(sys.argv[1], limit=2)
recorder.record(0, same["of the tape"])
recorder.record(1, same["bfloat16 on the tape"])
DebugDump(sys.argv[1]).write_patches(same["of the tape"], torch.zeros(2, 2, requires_grad=True))
"""

TENSORFLOW = """
import sys
import numpy as np
import tensorflow as tf
from parityhub.capture import DebugDump, PatchStats
from parityhub.capture.arrays import read_array
from parityhub.errors import DataError

x = np.arange(24.0, dtype="float32").reshape(2, 3, 4)
same = {
    "eager": tf.constant(x),
    "variable": tf.Variable(x),
    "bfloat16": tf.cast(x, tf.bfloat16),
    "half": tf.cast(x, tf.float16),
    "integers": tf.cast(x, tf.int64),
}
for name, tensor in same.items():
    found = read_array(tensor)
    assert np.array_equal(found, x), name
    assert found.dtype.kind in "iuf"
with tf.GradientTape() as tape:
    tape.watch(same["eager"])
    PatchStats(sys.argv[1], limit=1).record(0, same["eager"] * 1)
DebugDump(sys.argv[1]).write_patches(same["variable"], tf.zeros((2, 2)))

@tf.function
def trace(y):
    try:
        read_array(y)
    except DataError as error:
        print("refused:", error.message)
    return y

trace(same["eager"])
"""


def run(folder: Path, script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, folder],
        env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "patch_stats_train.json").is_file()
    assert (folder / "patches.npy").is_file()
    return done.stdout


def test_tensors_of_pytorch(tmp_path: Path) -> None:
    run(tmp_path, TORCH)


def test_tensors_of_tensorflow(tmp_path: Path) -> None:
    assert "refused: cannot read a" in run(tmp_path, TENSORFLOW)

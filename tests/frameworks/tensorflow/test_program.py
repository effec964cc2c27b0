"""The child as a process."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def test_keras_on_another_framework_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "parityhub.frameworks.tensorflow"],
        input='{"do": "close", "key": "a"}\n',
        env=os.environ | {"KERAS_BACKEND": "numpy"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout == (
        '{"error": "Keras runs on numpy", "hint": "set KERAS_BACKEND=tensorflow"}\n'
    )

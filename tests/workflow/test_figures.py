"""Histograms of a pair's outputs: of what was compared, or none."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from parityhub.hub.parity_records import OutputRecord
from parityhub.hub.store import Hub
from parityhub.workflow.figures import count_output, find_output

FOLDER = "c2/analysis/pair_C2_w_1"
LEFT = np.random.default_rng(2).normal(size=(4, 6, 3)).astype(np.float32)
RIGHT = LEFT + np.float32(1e-4) * np.random.default_rng(3).normal(size=LEFT.shape).astype("f4")


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub.create(tmp_path, "h", "H", lambda: datetime(2026, 11, 24, tzinfo=UTC))


def keep(hub: Hub, name: str, array: npt.NDArray[Any] | None) -> None:
    buffer = io.BytesIO()
    if array is not None:
        np.save(buffer, array)
    hub.keep_bytes(f"{FOLDER}/{name}", buffer.getvalue(), made_by="test", shows=name)


def make_output(left: npt.NDArray[Any], right: npt.NDArray[Any], **fields: Any) -> OutputRecord:
    deviation = np.abs(right.astype(complex) - left.astype(complex)).max()
    blank: dict[str, Any] = {"name": "mask", "verdict": "PASS", "reason": "", "left": "mask",
                             "right": "mask", "max_abs": float(deviation)}  # fmt: skip
    return OutputRecord(**blank | fields)


def test_a_histogram_counts_what_was_compared(hub: Hub) -> None:
    keep(hub, "tensorflow/0000_mask.npy", LEFT)
    keep(hub, "pytorch/mask.npy", RIGHT)
    found = count_output(hub, FOLDER, make_output(LEFT, RIGHT))
    assert found is not None
    assert found.elements == LEFT.size == sum(found.counts) + found.zeros + found.below
    assert found.greatest == float(np.abs(RIGHT.astype(float) - LEFT).max())
    assert found.files == (
        f"{FOLDER}/tensorflow/0000_mask.npy", f"{FOLDER}/pytorch/mask.npy",
    )  # fmt: skip


def test_complex_outputs_differ_by_magnitude(hub: Hub) -> None:
    left, right = LEFT + 1j * LEFT, LEFT + 1j * RIGHT
    keep(hub, "tensorflow/0000_mask.npy", left.astype(np.complex64))
    keep(hub, "pytorch/mask.npy", right.astype(np.complex64))
    assert count_output(hub, FOLDER, make_output(left, right)) is not None


def test_an_axis_that_was_moved_makes_no_histogram(hub: Hub) -> None:
    # Of the same shape, so that nothing but the greatest difference can tell.
    square = LEFT[:3, :3]
    keep(hub, "tensorflow/0000_mask.npy", square)
    keep(hub, "pytorch/mask.npy", np.swapaxes(RIGHT[:3, :3], 0, 1))
    assert count_output(hub, FOLDER, make_output(square, RIGHT[:3, :3])) is None


@pytest.mark.parametrize("right", [None, LEFT[:2], (LEFT > 0)])
def test_arrays_that_do_not_fit_make_no_histogram(hub: Hub, right: npt.NDArray[Any] | None) -> None:
    keep(hub, "tensorflow/0000_mask.npy", LEFT)
    keep(hub, "pytorch/mask.npy", right)
    assert count_output(hub, FOLDER, make_output(LEFT, LEFT, max_abs=1.0)) is None


def test_a_side_that_was_not_kept_makes_no_histogram(hub: Hub) -> None:
    keep(hub, "tensorflow/0000_mask.npy", LEFT)
    assert count_output(hub, FOLDER, make_output(LEFT, LEFT)) is None


def test_of_two_files_with_one_name_neither_is_taken(hub: Hub) -> None:
    keep(hub, "tensorflow/0000_mask.npy", LEFT)
    keep(hub, "tensorflow/0001_mask.npy", RIGHT)
    assert find_output(hub, f"{FOLDER}/tensorflow/", {"mask"}) is None
    assert find_output(hub, f"{FOLDER}/tensorflow/", {"0001_mask"}) is not None

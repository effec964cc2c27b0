"""The debug dump: patches, offsets and canvas of an inference, as arrays and in numbers."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.arrays import read_array
from parityhub.capture.files import write_array, write_json
from parityhub.capture.process import label_process
from parityhub.capture.stats import Stats, compute_stats
from parityhub.errors import DataError

LISTED = 64
"""Offsets listed in offsets.json; offsets.npy has all."""


class DebugDump:
    """Writes a debug dump. Patches come first, so they are kept even if stitching fails.

    Args:
        directory: where the files go; those of a rank but the first, and of a worker, go into a
            folder of their own there: `rank1`. None: nothing is read or written.
    """

    def __init__(self, directory: str | Path | None) -> None:
        self._folder = None if directory is None else Path(directory)
        self._owner = os.getpid()
        self._stats: dict[str, Stats] = {}
        self._layout: dict[str, Any] = {}

    def write_patches(self, patches: object, offsets: object) -> None:
        """Write the patches and where each stands.

        Args:
            patches: (n, height, width), complex or real.
            offsets: (n, 2), pixels, (dy, dx) of each patch's centre from the canvas's.

        Raises:
            DataError: the shapes are not these, or there is no patch.
        """
        if self._folder is None:
            return
        shown, places = read_array(patches), read_array(offsets).astype(np.float64)
        if shown.ndim != 3 or places.shape != (len(shown), 2):
            raise DataError(
                f"patches {shown.shape} and offsets {places.shape} do not belong together",
                hint="pass (n, height, width) and (n, 2)",
            )
        self._stats["patch_amplitude"] = compute_stats(shown)
        down, across = places[:, 0], places[:, 1]
        self._layout = {
            "patch_size": shown.shape[-1],
            "canvas_size": None,
            "num_patches": len(shown),
            "max_abs_dx": float(np.abs(across).max()),
            "max_abs_dy": float(np.abs(down).max()),
        }
        write_array(self._directory / "patches.npy", shown.astype(np.complex64, copy=False))
        write_array(self._directory / "offsets.npy", places)
        write_json(
            self._directory / "offsets.json",
            {
                "count": len(places),
                "dx": _describe(across),
                "dy": _describe(down),
                "first": [{"dx": dx, "dy": dy} for dy, dx in places[:LISTED].tolist()],
            },
        )
        self._write_numbers()

    def write_canvas(
        self, canvas: object, coverage: object, object_crop: object | None = None
    ) -> None:
        """Write the stitched canvas.

        Args:
            canvas: (height, width), complex or real.
            coverage: (height, width), how many patches touched each pixel.
            object_crop: (height, width), the known object on the canvas's own grid.

        Raises:
            DataError: the canvas is empty or the shapes differ.
        """
        if self._folder is None:
            return
        stitched = read_array(canvas)
        others = {"coverage": read_array(coverage)}
        if object_crop is not None:
            others["object_crop"] = read_array(object_crop)
        for name, array in others.items():
            if array.shape != stitched.shape:
                raise DataError(
                    f"{name} {array.shape} does not fit the canvas {stitched.shape}",
                    hint="pass both on one grid",
                )
        self._stats["canvas_amplitude"] = compute_stats(stitched)
        self._layout["canvas_size"] = list(stitched.shape)
        write_array(self._directory / "canvas.npy", stitched.astype(np.complex64, copy=False))
        for name, array in others.items():
            write_array(self._directory / f"{name}.npy", array)
        self._write_numbers()

    @property
    def _directory(self) -> Path:
        assert self._folder is not None
        label = label_process(self._owner)
        return self._folder if label in ("", "rank0") else self._folder / label

    def _write_numbers(self) -> None:
        write_json(self._directory / "stats.json", self._stats)
        write_json(self._directory / "canvas.json", self._layout)


def _describe(values: npt.NDArray[np.float64]) -> dict[str, float]:
    return {
        "min": float(values.min()),
        "max": float(values.max()),
        "max_abs": float(np.abs(values).max()),
    }

"""Patch statistics of the first batches, as a program goes along."""

import os
import sys
from pathlib import Path
from typing import Any, Literal

import numpy as np

from parityhub.capture.arrays import read_array
from parityhub.capture.files import write_array, write_json
from parityhub.capture.process import label_process
from parityhub.capture.stats import compute_patch_stats, compute_stats
from parityhub.errors import OptionError

SHOWN = 16
"""Patches whose own statistics and amplitudes are kept."""


class PatchStats:
    """Records the statistics of the first `limit` batches of patches.

    Leaves `patch_stats_<phase>.json` (one entry a batch), `patch_grid_<phase>.npy` (amplitudes of
    the first batch's first patches, float32, (n, height, width)) and one log line a batch. Costs
    nothing where the limit is 0 or None, or once it is reached. A rank, or a worker that is given
    the recorder, writes files of its own, `patch_stats_<phase>.rank1.json`, up to the limit each;
    `parityhub.capture.merge_parts`, which run-phase calls, puts them together.

    Args:
        directory: where the files go.
        limit: how many batches are recorded.
        phase: which part of the program they are of.

    Raises:
        OptionError: the limit is negative.
    """

    def __init__(
        self,
        directory: str | Path,
        *,
        limit: int | None = None,
        phase: Literal["train", "inference"] = "train",
    ) -> None:
        if limit is not None and limit < 0:
            raise OptionError(f"patch stats limit {limit} is negative", hint="pass 0 or more")
        self._directory = Path(directory)
        self._limit = limit or 0
        self._phase = phase
        self._entries: list[dict[str, Any]] = []
        self._owner = self._process = os.getpid()

    def record(self, batch_index: int, patches: object) -> None:
        """Record a batch of patches, (..., height, width), of any framework.

        Raises:
            DataError: the patches are empty, not numeric, or have fewer than two axes.
        """
        if not self._limit:
            return
        if os.getpid() != self._process:
            # What a worker was given along with the recorder is not what it recorded.
            self._process, self._entries = os.getpid(), []
        if len(self._entries) >= self._limit:
            return
        array = read_array(patches)
        stats = compute_stats(array)
        entry = {
            "phase": self._phase,
            "batch_index": batch_index,
            "batch_size": array.shape[0] if array.ndim > 2 else 1,
            **stats,
            "per_patch": [
                {"index": index, **each}
                for index, each in enumerate(compute_patch_stats(array, SHOWN))
            ],
        }
        label = label_process(self._owner)
        part = f"{self._phase}.{label}" if label else self._phase
        if not self._entries:
            shown = np.abs(array.reshape(-1, *array.shape[-2:])[:SHOWN]).astype(np.float32)
            write_array(self._directory / f"patch_grid_{part}.npy", shown)
        self._entries.append(entry)
        write_json(self._directory / f"patch_stats_{part}.json", self._entries)
        numbers = " ".join(
            f"{name}={stats[name]!r}" for name in ("mean", "std", "min", "max", "var_zero_mean")
        )
        whose = f" process={label}" if label else ""
        sys.stdout.write(f"PATCH_STATS phase={self._phase} batch={batch_index} {numbers}{whose}\n")
        sys.stdout.flush()

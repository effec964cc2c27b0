"""Inference: patches of each group of a scan, with a bundle of either side, and their canvas."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.baselines.canvas import (
    add_tiles,
    crop_object,
    frame_scan,
    offset_groups,
    size_group_canvas,
    split_positions,
)
from parityhub.baselines.dataset import Dataset, Indices, choose_groups, make_batch, read_dataset
from parityhub.baselines.optics import find_lit
from parityhub.baselines.options import Dtype, InferOptions
from parityhub.baselines.side import Program, Side, SideSettings
from parityhub.capture import DebugDump, PatchStats, record_environment
from parityhub.capture.bundle import Weights, read_bundle
from parityhub.capture.files import write_array, write_json
from parityhub.errors import DataError, EvidenceError, OptionError

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Trained:
    """A bundle, checked."""

    weights: Weights
    intensity_scale: float
    gridsize: int
    size: int
    dtype: Dtype


def infer(program: Program, options: InferOptions) -> None:
    """Reconstruct the patches of a scan, and their canvas where asked for."""
    trained = _read_trained(options)
    dataset = read_dataset(options.test_data)
    if dataset.size != trained.size:
        raise DataError(
            f"{options.test_data} has patterns of {dataset.size} pixels, the bundle {trained.size}",
            hint="use data of the size that was trained on",
        )
    groups = choose_groups(
        dataset.positions,
        trained.gridsize,
        options.neighbor_count,
        options.n_groups,
        options.seed,
    )
    offsets = offset_groups(dataset.positions, groups)
    side = program.open_side(
        SideSettings(
            gridsize=trained.gridsize,
            probe=dataset.probe,
            canvas_size=size_group_canvas(offsets, dataset.size),
            dtype=options.dtype or trained.dtype,
            seed=options.seed,
            threads=options.threads,
        )
    )
    record_environment(options=asdict(options), seed=options.seed)
    _load_trained(side, trained)
    loss, patches = _evaluate(side, options, dataset, groups, offsets, options.dtype or trained.dtype)
    ...

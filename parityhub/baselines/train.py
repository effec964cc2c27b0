"""Training: the same loop over the same batches, whichever side takes the steps."""

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.baselines.canvas import offset_groups, size_group_canvas
from parityhub.baselines.dataset import (
    Dataset,
    Indices,
    choose_groups,
    make_batch,
    order_batches,
    read_dataset,
)
from parityhub.baselines.initial_weights import make_initial_weights
from parityhub.baselines.layout import describe_weights
from parityhub.baselines.npz import digest_arrays, write_npz
from parityhub.baselines.optics import initial_scale
from parityhub.baselines.options import TrainOptions
from parityhub.baselines.side import Program, Side, SideSettings
from parityhub.capture import PatchStats, record_environment
from parityhub.capture.bundle import write_bundle
from parityhub.capture.files import write_json
from parityhub.errors import EvidenceError


@dataclass(frozen=True)
class Schedule:
    """What is trained on, in which order."""

    dataset: Dataset
    groups: Indices
    """(groups, C), positions"""
    offsets: npt.NDArray[np.float64]
    """(groups, C, 2)"""
    order: Indices
    """(epochs, batches, groups a batch), groups"""


def train(program: Program, options: TrainOptions) -> None:
    """Train a side from the common start, and leave its bundle and what it was made from."""
    schedule = _schedule(options)
    dataset = schedule.dataset
    canvas_size = size_group_canvas(schedule.offsets, dataset.size)
    side = program.open_side(
        SideSettings(
            gridsize=options.gridsize,
            probe=dataset.probe,
            canvas_size=canvas_size,
            dtype=options.dtype,
            seed=options.seed,
            threads=options.threads,
        )
    )
    record_environment(options=asdict(options), seed=options.seed)
    _write_dataset(options, schedule, canvas_size)
    _load_start(side, options, dataset.size)
    initial = side.read_scale()
    print(f"intensity_scale initial: {initial!r}", flush=True)
    epochs = _run_epochs(side, options, schedule)
    final = side.read_scale()
    print(f"intensity_scale final: {final!r}", flush=True)
    write_json(
        options.out / "history.json",
        {
            "epochs": epochs,
            "intensity_scale_initial": initial,
            "intensity_scale_final": final,
            "intensity_scale_learned": initial != final,
        },
    )
    params = {
        "format": 1,
        "trained_by": program.framework,
        "gridsize": options.gridsize,
        "N": dataset.size,
        "dtype": options.dtype,
        "nphotons": options.nphotons,
        "seed": options.seed,
        "intensity_scale": final,
        "intensity_scale_initial": initial,
    }
    write_bundle(options.out / "wts.h5.zip", side.read_weights(), params)


def _schedule(options: TrainOptions) -> Schedule:
    dataset = read_dataset(options.train_data)
    groups = choose_groups(
        dataset.positions,
        options.gridsize,
        options.neighbor_count,
        options.n_groups,
        options.seed,
    )
    return Schedule(
        dataset=dataset,
        groups=groups,
        offsets=offset_groups(dataset.positions, groups),
        order=order_batches(len(groups), options.batch_size, options.epochs, options.seed),
    )


def _write_dataset(options: TrainOptions, schedule: Schedule, canvas_size: int) -> None:
    dataset, (_, batches, together) = schedule.dataset, schedule.order.shape
    write_json(
        options.out / "dataset.json",
        {
            "name": dataset.name,
            "sha256": dataset.sha256,
            "patterns": len(dataset.amplitudes),
            "N": dataset.size,
            "mean_photons": dataset.mean_photons,
            "gridsize": options.gridsize,
            "groups": len(schedule.groups),
            "groups_left_out": len(schedule.groups) - batches * together,
            "batches_per_epoch": batches,
            "batch_order_sha256": digest_arrays(schedule.groups, schedule.order),
            "group_canvas_size": canvas_size,
        },
    )


def _load_start(side: Side, options: TrainOptions, size: int) -> None:
    """Give the side the common start, and keep the start and the layout it was loaded through."""
    weights = make_initial_weights(options.gridsize, options.seed)
    write_npz(options.out / "initial_weights.npz", weights)
    layouts = [asdict(layout) for layout in describe_weights(options.gridsize)]
    write_json(options.out / "layout.json", layouts)
    side.load(weights, initial_scale(options.nphotons, size))


def _run_epochs(side: Side, options: TrainOptions, schedule: Schedule) -> list[dict[str, Any]]:
    take_step = side.make_step(options.learning_rate)
    epochs = []
    for epoch, batches in enumerate(schedule.order):
        last = epoch == options.epochs - 1
        stats = _open_stats(options, wanted=last)
        losses = []
        for index, chosen in enumerate(batches):
            batch = make_batch(
                schedule.dataset, schedule.groups[chosen], schedule.offsets[chosen], options.dtype
            )
            loss, patches = take_step(batch)
            stats.record(index, patches)
            losses.append(loss)
        mean = math.fsum(losses) / len(losses)
        print(f"epoch {epoch + 1}/{options.epochs} loss={mean!r}", flush=True)
        if not math.isfinite(mean):
            raise EvidenceError(
                f"training diverged: the loss is {mean} in epoch {epoch + 1}",
                hint="use a smaller --learning-rate",
            )
        epochs.append({"epoch": epoch, "loss": mean, "intensity_scale": side.read_scale()})
    return epochs


def _open_stats(options: TrainOptions, *, wanted: bool) -> PatchStats:
    limit = options.patch_stats_limit if options.log_patch_stats and wanted else 0
    return PatchStats(options.out, limit=limit, phase="train")

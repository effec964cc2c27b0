"""Inference: the patches of a scan, with a bundle of either side, and their canvas."""

import math
from dataclasses import asdict, dataclass
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
from parityhub.baselines.options import InferOptions
from parityhub.baselines.side import Program, Side, SideSettings
from parityhub.baselines.trained import Trained, read_trained
from parityhub.capture import DebugDump, PatchStats, record_environment
from parityhub.capture.files import write_array, write_json
from parityhub.errors import DataError, EvidenceError

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Scan:
    """What is reconstructed."""

    dataset: Dataset
    groups: Indices
    """(groups, C), positions"""

    @property
    def positions(self) -> npt.NDArray[np.float64]:
        """Return (patches, 2), where each patch stands, (y, x)."""
        return self.dataset.positions[self.groups.ravel()]


def infer(program: Program, options: InferOptions) -> None:
    """Reconstruct the patches of a scan; stitch and dump them where asked for.

    What is known is written before the next thing is tried: patches outlive a failed stitching.
    """
    trained = read_trained(options)
    scan = _read_scan(options, trained)
    offsets = offset_groups(scan.dataset.positions, scan.groups)
    side = program.open_side(
        SideSettings(
            gridsize=trained.gridsize,
            probe=scan.dataset.probe,
            canvas_size=size_group_canvas(offsets, trained.size),
            dtype=trained.dtype,
            seed=options.seed,
            threads=options.threads,
        )
    )
    record_environment(options=asdict(options), seed=options.seed)
    _load_trained(side, trained)
    loss, patches = _evaluate(side, options, trained, scan, offsets)
    print(f"inference loss={loss!r} patches={len(patches)}", flush=True)
    _write_inference(options, trained, scan, loss)
    dump = DebugDump(options.debug_dump) if options.debug_dump else None
    if dump:
        middle = frame_scan(scan.positions, trained.size)
        dump.write_patches(patches, middle.offset_from_middle(scan.positions))
    if options.stitch:
        _stitch(side, options, scan, patches, dump)


def _read_scan(options: InferOptions, trained: Trained) -> Scan:
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
    return Scan(dataset=dataset, groups=groups)


def _load_trained(side: Side, trained: Trained) -> None:
    side.load(trained.weights, trained.intensity_scale)
    loaded = side.read_scale()
    print(f"Loaded intensity_scale from bundle: {loaded!r}", flush=True)
    if loaded != trained.intensity_scale:
        raise EvidenceError(
            f"the bundle's intensity_scale {trained.intensity_scale!r} was loaded as {loaded!r}",
            hint=f"it is no {trained.dtype}; the bundle's dtype and scale contradict each other",
        )


def _evaluate(
    side: Side, options: InferOptions, trained: Trained, scan: Scan, offsets: Array
) -> tuple[float, Array]:
    """Return the mean loss and the patches (n, N, N) in the order of the groups."""
    limit = options.patch_stats_limit if options.log_patch_stats else 0
    stats = PatchStats(options.out, limit=limit, phase="inference")
    losses, patches = [], []
    for index, start in enumerate(range(0, len(scan.groups), options.batch_size)):
        chosen = slice(start, start + options.batch_size)
        batch = make_batch(scan.dataset, scan.groups[chosen], offsets[chosen], trained.dtype)
        loss, found = side.evaluate(batch)
        stats.record(index, found)
        losses.append(loss * len(found))
        patches.append(found.reshape(-1, trained.size, trained.size))
    return math.fsum(losses) / len(scan.groups), np.concatenate(patches)


def _write_inference(options: InferOptions, trained: Trained, scan: Scan, loss: float) -> None:
    write_json(
        options.out / "inference.json",
        {
            "intensity_scale": trained.intensity_scale,
            "trained_by": trained.framework,
            "gridsize": trained.gridsize,
            "N": trained.size,
            "dtype": trained.dtype,
            "groups": len(scan.groups),
            "patches": scan.groups.size,
            "loss": loss,
            "dataset": {"name": scan.dataset.name, "sha256": scan.dataset.sha256},
        },
    )


def _stitch(
    side: Side, options: InferOptions, scan: Scan, patches: Array, dump: DebugDump | None
) -> None:
    """Average the lit pixels of all patches where they overlap; zero where none is."""
    size = patches.shape[-1]
    frame = frame_scan(scan.positions, size)
    corners, rests = split_positions(scan.positions, frame, size)
    lit = find_lit(scan.dataset.probe).astype(patches.real.dtype)
    total = np.zeros((3, *frame.shape))
    for start in range(0, len(patches), options.batch_size):
        chosen = slice(start, start + options.batch_size)
        part = patches[chosen]
        weight = np.broadcast_to(lit, part.shape)
        images = np.stack([part.real * lit, part.imag * lit, weight], axis=1)
        tiles = side.translate(images, rests[chosen].astype(images.dtype), size + 1)
        add_tiles(total, tiles, corners[chosen])
    coverage = total[2]
    covered = coverage > 0
    canvas = np.where(covered, total[0] + 1j * total[1], 0) / np.where(covered, coverage, 1)
    print(f"stitched {len(patches)} patches onto {frame.shape[0]} x {frame.shape[1]}", flush=True)
    write_array(options.out / "canvas.npy", canvas.astype(np.complex64))
    if dump:
        sample = scan.dataset.sample
        crop = None if sample is None else crop_object(sample, frame)
        dump.write_canvas(canvas, coverage.astype(np.float32), crop)

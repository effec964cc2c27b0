"""The step that notes what pictures show: each number of a picture is in a record of its run."""

import json
from collections.abc import Iterator
from posixpath import basename
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.compare.figures import (
    GRID,
    count_differences,
    gather_figures,
    make_curve,
    measure_grid,
    measure_plane,
)
from parityhub.compare.metrics.admit import open_array
from parityhub.errors import EvidenceError
from parityhub.hub import layout
from parityhub.hub.figure_records import (
    CheckFigures,
    CurveRecord,
    FiguresRecord,
    GridRecord,
    HistogramRecord,
)
from parityhub.hub.parity_records import OutputRecord
from parityhub.hub.records import AttemptRecord, CheckRecord
from parityhub.hub.store import Hub
from parityhub.workflow.job import Job

PARTS = (("amplitude", ""), ("phase", "rad"))
SAME = 1e-6
"""relative: a histogram's greatest difference must be that of its comparison"""
HINT = "the hub was altered or cut short; run the phase again in a new hub"


def note_figures(job: Job) -> None:
    """Keep what this run's pictures show, before its record says that it is whole."""
    hub, phase, run = job.setting.hub, job.phase, job.setting.number
    path = layout.figures_path(phase.folder, phase.id, run)
    if job.stopped or hub.has(path):
        return
    record = measure_figures(job)
    if record.curves or record.grids or record.checks:
        made_by = f"{phase.id} run {run}"
        hub.keep_record(path, record, made_by=made_by, shows="what the pictures of the run show")
        hub.save_manifest()
        job.history.figures[path] = record


def measure_figures(job: Job) -> FiguresRecord:
    """Measure what the sides that count and the checks left."""
    hub = job.setting.hub
    sides = [job.counting[name] for name in job.sides if name in job.counting]
    found = (measure_check(job, check) for check in job.checks)
    return gather_figures(
        job.phase.id,
        job.setting.number,
        [curve for attempt in sides for curve in list_curves(hub, attempt)],
        [grid for attempt in sides for grid in list_grids(hub, attempt)],
        [figures for figures in found if figures.planes or figures.histograms],
    )


def list_curves(hub: Hub, attempt: AttemptRecord) -> Iterator[CurveRecord]:
    """Yield the losses of each training of an attempt that was written down."""
    for step in attempt.steps:
        for item in step.artifacts:
            if item.kind == "history" and item.kept and item.digest:
                losses = read_losses(hub, item.digest.path)
                yield make_curve(attempt.baseline, item.digest.path, losses)


def read_losses(hub: Hub, path: str) -> list[float]:
    """Return the loss of each epoch."""
    document: Any = json.loads(hub.path(path).read_bytes())
    return [float(epoch["loss"]) for epoch in document["epochs"]]


def list_grids(hub: Hub, attempt: AttemptRecord) -> Iterator[GridRecord]:
    """Yield each array of patches; of those that begin alike, the first alone."""
    seen: list[npt.NDArray[Any]] = []
    for step in attempt.steps:
        for item in step.artifacts:
            if item.kind != "patches" or not item.kept or item.digest is None:
                continue
            path = item.digest.path
            try:
                patches = open_array(hub.path(path), name=path, hint=HINT)
            except EvidenceError:
                continue  # A picture that cannot be had takes nothing from the run's record.
            grid = measure_grid(attempt.baseline, item.name, item.shows, path, patches)
            shown = np.abs(np.asarray(patches[:GRID]))
            if grid is None or any(np.array_equal(shown, other, True) for other in seen):
                continue
            seen.append(shown)
            yield grid


def measure_check(job: Job, check: CheckRecord) -> CheckFigures:
    """Measure the images that a check kept, and the differences of what it compared."""
    hub, phase = job.setting.hub, job.phase
    planes, histograms = [], []
    for part, unit in PARTS:
        for kind in ("left", "right", "difference"):
            name = f"{kind}_{part}"
            path = layout.check_array_path(
                phase.folder, phase.id, job.setting.number, check.id, name
            )
            if not hub.has(path):
                continue
            plane = open_array(hub.path(path), name=path, hint=HINT)
            planes.append(measure_plane(name, path, plane))
            if kind == "difference":
                histograms.append(count_differences(part, unit, [path], plane))
    comparison = job.history.comparisons.get(check.comparison or "")
    if comparison is not None and check.comparison is not None:
        folder = layout.pair_folder(check.comparison)
        outputs = (count_output(hub, folder, output) for output in comparison.outputs)
        histograms += [histogram for histogram in outputs if histogram is not None]
    return CheckFigures(check=check.id, planes=tuple(planes), histograms=tuple(histograms))


def count_output(hub: Hub, folder: str, output: OutputRecord) -> HistogramRecord | None:
    """Count the differences of an output; None: the hub does not hold both arrays as compared."""
    left = find_output(hub, f"{folder}/tensorflow/", {output.name, output.left})
    right = find_output(hub, f"{folder}/pytorch/", {output.name, output.right})
    if left is None or right is None or output.max_abs is None:
        return None
    try:
        one, other = (open_array(hub.path(path), name=path, hint=HINT) for path in (left, right))
    except EvidenceError:
        return None
    if one.shape != other.shape or one.dtype.kind not in "fc" or other.dtype.kind not in "fc":
        return None
    wide = np.complex128 if "c" in (one.dtype.kind, other.dtype.kind) else np.float64
    with np.errstate(all="ignore"):
        differences = np.asarray(other, dtype=wide) - np.asarray(one, dtype=wide)
    histogram = count_differences(output.name, "", [left, right], differences)
    # Where an axis was moved before the two were compared, this is not what was compared.
    greatest = histogram.greatest or 0.0
    return histogram if abs(greatest - output.max_abs) <= SAME * output.max_abs else None


def find_output(hub: Hub, folder: str, names: set[str]) -> str | None:
    """Return the file of an output: `patches.npy`, or `0000_patches.npy` with its place before."""
    found = [
        item.path
        for item in hub.manifest.artifacts
        if item.path.startswith(folder)
        and {stem := basename(item.path).removesuffix(".npy"), stem.partition("_")[2]} & names
    ]
    return found[0] if len(found) == 1 else None

"""A hub in records with all that summary.html shows, and the arrays that its images are of."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace as change

from parityhub.compare.decisions import Standing
from parityhub.compare.figures import (
    count_differences,
    gather_figures,
    make_curve,
    measure_grid,
    measure_plane,
)
from parityhub.hub.figure_records import CheckFigures, FiguresRecord
from parityhub.hub.layout import check_array_path, figures_path
from parityhub.hub.ledger_records import TouchedRecord
from parityhub.hub.records import CheckRecord, EnvironmentRecord
from parityhub.plan.model import Phase, TrainedCheck
from parityhub.report.journal_view import Journal
from parityhub.report.summary_view import SummaryView, build_summary_view
from tests.report.sample import Sample, make_phase, make_sample
from tests.report.sample_parity import (
    COMPARISON,
    LOCALIZATION,
    make_check,
    make_comparison,
    make_localization,
)
from tests.report.sample_records import TF, TORCH
from tests.report.test_journal_view import DECISION, TURN

C2 = "comparison/phase_c2"
Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class PageSample:
    """All that a page is made of."""

    sample: Sample
    arrays: Arrays

    def view(self, **changes: Any) -> SummaryView:
        given = self.sample.summary_arguments() | {"journal": make_journal()}
        return build_summary_view(**given | changes)


def make_journal() -> Journal:
    lapsed = Standing(record=DECISION, lapsed=("its last day is over",))
    return Journal(
        turns=((TURN, "### Turn\n\n- the pair *agrees*\n"),),
        decisions=((lapsed, "TensorFlow has no kernel.\n"),),
        touched={("C1", 1): TouchedRecord(phase="C1", run=1, touched=TURN.touched)},
    )


def make_patches(seed: int) -> npt.NDArray[Any]:
    noise = np.random.default_rng(seed).normal(size=(5, 12, 12))
    return np.asarray(1 + 0.1 * noise, dtype=np.float32)


def make_c1(arrays: Arrays) -> FiguresRecord:
    grids, curves = [], []
    sides = (f"{TF}/analysis/C1_tensorflow_3", f"{TORCH}/analysis/C1_torch_1")
    for number, (side, folder) in enumerate(zip(("tensorflow", "torch"), sides, strict=True)):
        path = f"{folder}/patch_grid.npy"
        arrays[path] = make_patches(3) + number * np.float32(1e-5)
        grid = measure_grid(side, "patch_grid.npy", "patches after training", path, arrays[path])
        assert grid is not None
        grids.append(grid)
        losses = [1.63125, 0.90625 + number * 1e-6, float("nan") if number else 0.515625]
        curves.append(make_curve(side, f"{folder}/history.json", losses))
    return gather_figures("C1", 1, curves, grids, [])


def make_c2(arrays: Arrays) -> FiguresRecord:
    noise = np.random.default_rng(5)
    planes, histograms = [], []
    for part, unit in (("amplitude", ""), ("phase", "rad")):
        left = noise.normal(size=(9, 21)).astype(np.float32)
        left[0, :4] = np.nan
        right = left + (0.05 * noise.normal(size=left.shape)).astype(np.float32)
        for name, plane in (("left", left), ("right", right), ("difference", right - left)):
            path = check_array_path(C2, "C2", 1, "trained", f"{name}_{part}")
            arrays[path] = plane
            planes.append(measure_plane(f"{name}_{part}", path, plane))
            if name == "difference":
                histograms.append(count_differences(part, unit, [path], plane))
    trained = CheckFigures(check="trained", planes=tuple(planes), histograms=tuple(histograms))
    mask = 1e-7 * noise.normal(size=500)
    files = [f"{C2}/analysis/pair_C2_same-weights_2/{side}/mask.npy" for side in ("tf", "pytorch")]
    weights = CheckFigures(
        check="same-weights", histograms=(count_differences("mask", "", files, mask),)
    )
    return gather_figures("C2", 1, [], [], [trained, weights])


def make_environment(baseline: str, attempt: int, torch: str) -> EnvironmentRecord:
    process = {
        "step": "train",
        "pid": 4000 + attempt,
        "python": "3.11.7",
        "versions": {"numpy": "2.4.6", baseline: torch},
        "threads": {"cpu_count": 2},
        "variables": {"OMP_WAIT_POLICY": "PASSIVE" if attempt == 1 else "ACTIVE"},
        "options": {"out": f"outputs/C1/{baseline}_{attempt}", "stitch": attempt == 1},
    }
    return EnvironmentRecord(
        baseline=baseline,
        attempt=attempt,
        rung="as-is",
        level="self-reported",
        asked={},
        differences=("OMP_WAIT_POLICY: asked PASSIVE, saw ACTIVE",) if attempt == 3 else (),
        launched=(),
        processes=(process, process | {"step": "infer"}),
    )


def make_page_sample() -> PageSample:
    sample, arrays = make_sample(), Arrays()
    checks = (
        CheckRecord(
            id="trained",
            kind="trained",
            title="images of both",
            verdict="PASS",
            reason="C1:torch against C1:tensorflow: alike",
            tolerance="SSIM >= 0.5: a choice",
        ),
        make_check(),
    )
    c2 = make_phase("C2", C2, "2026-11-24T21:40:00Z", verdict="FAIL", checks=checks)
    question = TrainedCheck(
        id="trained", title="images", left="C1:tensorflow", right="C1:torch", array="canvas.npy"
    )
    phases = [change(p, checks=(question,)) if p.id == "C2" else p for p in sample.plan.phases]
    figures = {
        figures_path(TF, "C1", 1): make_c1(arrays),
        figures_path(C2, "C2", 1): make_c2(arrays),
    }
    environments = {
        f"{TF}/cli/env_capture_C1_tensorflow_3.json": make_environment("tensorflow", 3, "2.21.0"),
        f"{TORCH}/cli/env_capture_C1_torch_1.json": make_environment("torch", 1, "2.13.0"),
    }
    whole = replace(
        sample,
        plan=change(sample.plan, phases=(*phases, Phase(id="C9", title="later", folder="c9"))),
        phases=(*sample.phases, c2),
        comparisons={COMPARISON: make_comparison()},
        localizations={LOCALIZATION: make_localization()},
        figures=figures,
        environments=environments,
    )
    return PageSample(whole, arrays)

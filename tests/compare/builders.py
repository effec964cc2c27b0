"""Records for the tests of compare, made small."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.compare.evidence import Evidence
from parityhub.hub.digests import digest_file
from parityhub.hub.records import AttemptRecord, KeptArtifact, Measured, Place, StepRecord

SOUND = {"mean": 2.0, "std": 1.0, "min": 0.0, "max": 5.0, "var_zero_mean": 0.9}


def measure(value: Any, pointer: str = "/x") -> Measured:
    """A value as run records it."""
    place = Place(file="analysis/stats.json", pointer=pointer)
    if value is None:
        return Measured(status="missing", value=None, source=place, note="no such entry")
    if isinstance(value, str):
        return Measured(status="text", value=value, source=place)
    if math.isfinite(value):
        return Measured(status="finite", value=value, source=place)
    return Measured(status="not-finite", value=None, source=place, note=str(value))


def measure_stats(**changes: Any) -> dict[str, Measured]:
    """Sound statistics of a section, with changes."""
    return {name: measure(value, f"/patch/{name}") for name, value in (SOUND | changes).items()}


def make_step(name: str, artifacts: Sequence[KeptArtifact], argv: tuple[str, ...]) -> StepRecord:
    return StepRecord(name=name, status="passed", argv=argv, artifacts=tuple(artifacts))


def make_attempt(
    baseline: str,
    *,
    phase: str = "C1",
    values: Mapping[str, Any] | None = None,
    stats: Mapping[str, Mapping[str, Measured]] | None = None,
    steps: Sequence[StepRecord] = (),
) -> AttemptRecord:
    return AttemptRecord(
        phase=phase,
        run=1,
        baseline=baseline,
        framework="other",
        number=1,
        rung="as-is",
        rung_title="as is",
        status="passed",
        steps=tuple(steps),
        asked_env={},
        options={},
        dataset=None,
        dataset_digests=(),
        revision=None,
        proof="launcher",
        started="2026-01-01T00:00:00Z",
        seconds=1.0,
        stats={name: dict(section) for name, section in (stats or {}).items()},
        values={name: measure(value, f"/{name}") for name, value in (values or {}).items()},
    )


def make_evidence(
    *attempts: AttemptRecord, root: Path = Path("hub"), missing: Mapping[str, str] | None = None
) -> Evidence:
    runs = {f"{attempt.phase}:{attempt.baseline}": attempt for attempt in attempts}
    return Evidence(phase="C1", root=root, runs=runs, missing=missing or {})


def keep_bytes(
    root: Path, path: str, data: bytes, *, name: str = "wts.h5.zip", kept: bool = True
) -> KeptArtifact:
    """Keep bytes in a hub under `path`, as the plan's artifact `name`."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    digest = digest_file(file, path)
    return KeptArtifact(name=name, kind="file", shows="a test", digest=digest, kept=kept)


def keep_array(root: Path, path: str, array: npt.NDArray[Any], *, name: str) -> KeptArtifact:
    """Keep an array in a hub under `path`, as the plan's artifact `name`."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    np.save(file, array, allow_pickle=False)
    return keep_bytes(root, path, file.read_bytes(), name=name)


def make_image(seed: int = 0, shape: tuple[int, int] = (32, 40)) -> npt.NDArray[np.complex64]:
    """A smooth complex object: amplitude near 1 to 3, phase within about a radian."""
    rows, columns = np.indices(shape) / 7.0
    noise = np.random.default_rng(seed).normal(size=(2, *shape))
    amplitude = 2 + np.sin(rows + seed) * np.cos(columns) + 0.05 * noise[0]
    phase = 0.5 * np.cos(rows - columns + seed) + 0.02 * noise[1]
    return (amplitude * np.exp(1j * phase)).astype(np.complex64)

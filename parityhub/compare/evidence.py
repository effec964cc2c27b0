"""What checks are put to: the attempts that count, and the arrays that they left in the hub."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from parityhub.compare.metrics.admit import open_array
from parityhub.errors import EvidenceError
from parityhub.hub.records import AttemptRecord, KeptArtifact, Measured, StepRecord


@dataclass(frozen=True)
class Missing:
    """Why something is not there."""

    reason: str
    deferred: bool
    """a whole side is missing, so the question has to wait; else that side just lacks it"""


@dataclass(frozen=True)
class Evidence:
    """The evidence of a phase and of those that it refers to.

    A reference is `[PHASE:]BASELINE`; without a phase it means this one.
    """

    phase: str
    root: Path
    """the hub"""
    runs: Mapping[str, AttemptRecord]
    """`PHASE:BASELINE` to the attempt that counts"""
    missing: Mapping[str, str]
    """`PHASE:BASELINE` to why there is none"""

    def name_run(self, ref: str) -> str:
        """Return a reference in full: `PHASE:BASELINE`."""
        return ref if ":" in ref else f"{self.phase}:{ref}"

    def find_run(self, ref: str) -> AttemptRecord | Missing:
        """Return the attempt that counts of `[PHASE:]BASELINE`."""
        name = self.name_run(ref)
        if name in self.runs:
            return self.runs[name]
        return Missing(f"{name}: {self.missing.get(name, 'it has not run')}", deferred=True)

    def find_value(self, ref: str) -> Measured | Missing:
        """Return the recorded value of `[PHASE:]BASELINE.value`."""
        run_name, value_name = self._split_value(self.name_run(ref))
        run = self.find_run(run_name)
        if isinstance(run, Missing):
            return run
        if value_name in run.values:
            return run.values[value_name]
        return Missing(f"{run_name} has no value {value_name!r}", deferred=False)

    def find_section(self, ref: str, section: str) -> Mapping[str, Measured] | Missing:
        """Return the statistics of a section of `[PHASE:]BASELINE`: metric to value."""
        run = self.find_run(ref)
        if isinstance(run, Missing):
            return run
        if section in run.stats:
            return run.stats[section]
        return Missing(f"{self.name_run(ref)} has no statistics of {section!r}", deferred=False)

    def find_metric(self, ref: str, metric: str) -> Measured | Missing:
        """Return the statistic `section.metric` of `[PHASE:]BASELINE`."""
        section, _, name = metric.rpartition(".")
        stats = self.find_section(ref, section)
        if isinstance(stats, Missing):
            return stats
        if name in stats:
            return stats[name]
        return Missing(f"{self.name_run(ref)} has no statistic {metric!r}", deferred=False)

    def find_artifact(self, ref: str, name: str) -> tuple[StepRecord, KeptArtifact] | Missing:
        """Return an artifact by its name in the plan, and the step that left it.

        Where several steps left it, the last one's counts.
        """
        run = self.find_run(ref)
        if isinstance(run, Missing):
            return run
        for step in reversed(run.steps):
            for artifact in step.artifacts:
                if artifact.name == name and artifact.digest is not None:
                    return step, artifact
        return Missing(f"{self.name_run(ref)} left no {name}", deferred=False)

    def locate(self, artifact: KeptArtifact) -> Path:
        """Return where the hub keeps an artifact.

        Raises:
            EvidenceError: it is not kept there, or its path leaves the hub.
        """
        if artifact.digest is None or not artifact.kept:
            raise EvidenceError(
                f"{artifact.name}: not kept in the hub", hint="set keep = true in the plan"
            )
        root = self.root.resolve()
        path = (root / artifact.digest.path).resolve()
        if not path.is_relative_to(root):
            raise EvidenceError(
                f"{artifact.digest.path}: a path that leaves the hub",
                hint="the record was altered; run the phase again in a new hub",
            )
        return path

    def open_array(self, ref: str, name: str) -> npt.NDArray[Any]:
        """Open an array of numbers that a run left, mapped and read-only.

        Raises:
            EvidenceError: it is missing, damaged, no .npy file, or holds no numbers.
        """
        found = self.find_artifact(ref, name)
        if isinstance(found, Missing):
            raise EvidenceError(found.reason, hint="run the phase again, or correct the plan")
        path = self.locate(found[1])
        return open_array(
            path,
            name=path.relative_to(self.root.resolve()).as_posix(),
            hint="the hub was altered or cut short; run the phase again in a new hub",
        )

    def _split_value(self, ref: str) -> tuple[str, str]:
        """Split `PHASE:BASELINE.value`. Ids may hold dots, so the longest known run is meant."""
        known = [name for name in (*self.runs, *self.missing) if ref.startswith(f"{name}.")]
        phase, _, rest = ref.partition(":")
        name = max(known, key=len, default=f"{phase}:{rest.partition('.')[0]}")
        return name, ref[len(name) + 1 :]

"""What must be there before anything runs: frameworks (found, not imported), disk, interpreters."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from parityhub.errors import Error, HubError, UsageError
from parityhub.plan.model import Phase, Plan
from parityhub.run.expand import choose_python

MODULES = {"tensorflow": "tensorflow", "pytorch": "torch", "jax": "jax", "onnx": "onnxruntime"}
EXTRAS = {"tensorflow": "parityhub[tensorflow]", "pytorch": "parityhub[torch]"}
FREE_BYTES = 1 << 30


def check_ground(plan: Plan, phase: Phase, root: Path, python: str) -> None:
    """Check what a phase needs.

    Raises:
        UsageError: an interpreter or a framework is not there.
        HubError: the disk is as good as full.
    """
    free = shutil.disk_usage(root).free
    if free < FREE_BYTES:
        raise HubError(
            f"{root}: {free >> 20} MiB free, a run wants at least {FREE_BYTES >> 20}",
            hint="make room: old hubs under reports/, working files under outputs/",
        )
    for run in phase.runs:
        baseline = plan.baselines[run.baseline]
        interpreter = choose_python(plan, baseline.python, python, root)
        if shutil.which(interpreter) is None:
            raise UsageError(
                f"baseline {run.baseline}: no interpreter at {interpreter}",
                hint="make the virtual environment, or mend `python` in the plan",
            )
        module = MODULES.get(baseline.framework)
        if module is not None and not has_module(interpreter, module):
            install = EXTRAS.get(baseline.framework, module)
            raise UsageError(
                f"baseline {run.baseline}: {interpreter} has no module {module}",
                hint=f"{interpreter} -m pip install '{install}'",
            )


def has_module(python: str, module: str) -> bool:
    """Say whether an interpreter finds a module, without importing it.

    Raises:
        UsageError: it cannot be started.
    """
    if python == sys.executable:
        return importlib.util.find_spec(module) is not None
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
    try:
        done = subprocess.run([python, "-c", code, module], capture_output=True, check=False)
    except OSError as error:
        raise UsageError(
            f"{python}: cannot be started: {error.strerror}",
            hint="name an interpreter as `python` in the plan",
        ) from error
    return done.returncode == 0


def survey_ground(plan: Plan, root: Path, python: str) -> list[dict[str, Any]]:
    """Check what each phase needs, and say what is missing instead of stopping at it."""
    rows: list[dict[str, Any]] = []
    for phase in plan.phases:
        row: dict[str, Any] = {"phase": phase.id, "ready": True, "message": "", "hint": ""}
        try:
            check_ground(plan, phase, root, python)
        except Error as error:
            row |= {"ready": False, "message": error.message, "hint": error.hint}
        rows.append(row)
    return rows

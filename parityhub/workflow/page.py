"""summary.html: what the page needs beside the view, read from the hub."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.compare.metrics.admit import open_array
from parityhub.errors import EvidenceError, PlanError
from parityhub.hub.history import History
from parityhub.hub.records import AttemptRecord, EnvironmentRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import Plan
from parityhub.report.figure_view import ImageView
from parityhub.report.summary_page import list_images, render_summary_page
from parityhub.report.summary_view import SummaryView


def read_environments(hub: Hub, history: History) -> Mapping[str, EnvironmentRecord]:
    """Return what the processes saw of each attempt that counts in the newest run of its phase."""
    found: dict[str, EnvironmentRecord] = {}
    for phase in dict.fromkeys(record.phase for record in history.phases):
        last = history.last_phase(phase)
        for side in last.sides if last else ():
            attempt: AttemptRecord | None = history.counting_attempt(phase, side.name)
            if attempt and attempt.env_capture and hub.has(attempt.env_capture):
                path = attempt.env_capture
                found[path] = hub.read_record(path, EnvironmentRecord)
    return found


def render_page(hub: Hub, plan: Plan, view: SummaryView, root: Path) -> str:
    """Render summary.html.

    Args:
        hub: whose arrays are drawn.
        plan: says where the user's own blocks lie.
        view: what is shown.
        root: of the repository, in which those blocks lie.

    Raises:
        PlanError: the user's templates lie elsewhere or do not render.
    """
    arrays = read_arrays(hub, list_images(view))
    return render_summary_page(view, arrays, find_templates(plan, root))


def find_templates(plan: Plan, root: Path) -> Path | None:
    """Return the folder of the user's own templates; None: the plan names none.

    Raises:
        PlanError: it is missing, or a link leads out of the repository.
    """
    name = plan.report.templates
    if name is None:
        return None
    folder = (root / name).resolve()
    if not folder.is_dir() or not folder.is_relative_to(root.resolve()):
        raise PlanError(
            f"[report] templates: {name} is no folder of this repository",
            hint="name a folder below the repository's root, or leave the key out",
        )
    return folder


def read_arrays(hub: Hub, images: Sequence[ImageView]) -> Mapping[str, npt.NDArray[Any]]:
    """Open what the page's images are drawn from; one that cannot be read is left out."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for image in images:
        path = image["file"]["target"]
        try:
            array = open_array(hub.path(path), name=path)
        except EvidenceError:
            continue
        if list(array.shape) == image["shape"]:
            arrays[path] = np.asarray(array[: image["shown"]] if image["shown"] else array)
    return arrays

"""A hub's views: blockers at once, then inventory, summary and pictures from its records."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.compare.blockers import list_blockers
from parityhub.compare.decisions import list_standings
from parityhub.compare.figures import GRID
from parityhub.compare.ticks import tick_criterion
from parityhub.errors import EvidenceError
from parityhub.hub import layout
from parityhub.hub.history import History
from parityhub.hub.ledger_records import TriageRecord
from parityhub.hub.lock import hold_hub
from parityhub.hub.records import AttemptRecord, BlockerRecord, CheckRecord, PhaseRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import Plan
from parityhub.report.blocker_view import build_blocker_view
from parityhub.report.inventory_view import build_inventory_view
from parityhub.report.journal_view import Journal
from parityhub.report.phase_view import name_images
from parityhub.report.render import render_template
from parityhub.report.side_view import label_side
from parityhub.report.summary_view import SummaryView, build_summary_view
from parityhub.workflow.figures import read_losses
from parityhub.workflow.ledger import list_ledger, list_next_steps
from parityhub.workflow.page import read_environments, render_page

MADE_BY = "report"


def keep_blocker(hub: Hub, plan: Plan, record: BlockerRecord) -> None:
    """Keep a blocker's record and render it, at once."""
    made_by = f"{record.phase} {record.baseline or 'gate'}"
    path = layout.blocker_record_path(record.path)
    hub.keep_record(path, record, made_by=made_by, shows=f"blocker: {record.title}")
    render_blocker(hub, plan, record)
    hub.save_manifest()


def render_blocker(
    hub: Hub, plan: Plan, record: BlockerRecord, triages: Sequence[TriageRecord] = ()
) -> None:
    """Render a blocker for people."""
    view = build_blocker_view(record, plan.initiative, triages)
    text = render_template("blocker.md.j2", view)
    hub.replace_view(record.path, text.encode(), made_by=MADE_BY, shows=record.title)


def render_hub(hub: Hub, plan: Plan, history: History, root: Path) -> SummaryView:
    """Render each view of a hub anew: blockers, pictures, inventory, summary as text and page.

    Args:
        hub: what is rendered.
        plan: what was to be done.
        history: the hub's records.
        root: of the repository, where the plan's own templates lie.

    Returns:
        what the summary shows.
    """
    for blocker in history.blockers.values():
        own = [triage for triage in history.triages if triage.blocker == blocker.path]
        render_blocker(hub, plan, blocker, own)
    draw_pictures(hub, plan, history)
    write_inventory(hub, plan, history)
    view = view_summary(hub, plan, history)
    write_summary(hub, plan, view, root)
    # The summary is listed in the manifest, and the inventory counts what lay there before it.
    hub.save_manifest()
    return view


def render_held(hub: Hub, plan: Plan, history: History, root: Path) -> SummaryView:
    """Render each view of a hub anew, holding it meanwhile, and return what it shows."""
    since = layout.format_time(hub.clock())
    with hold_hub(hub.root, command="parityhub report", since=since):
        return render_hub(hub, plan, history, root)


def write_inventory(hub: Hub, plan: Plan, history: History) -> None:
    """Render the inventory and its sidecar."""
    view = build_inventory_view(
        plan=plan, manifest=hub.manifest, phases=history.phases, attempts=history.attempts
    )
    text = render_template("artifact_inventory.txt.j2", view)
    digest = hub.replace_view(
        layout.INVENTORY, text.encode(), made_by=MADE_BY, shows="every artifact by phase and side"
    )
    hub.replace_sidecar(digest, made_by=MADE_BY)


def view_summary(hub: Hub, plan: Plan, history: History) -> SummaryView:
    """Return what the summary shows."""
    return build_summary_view(
        plan=plan,
        manifest=hub.manifest,
        phases=history.phases,
        attempts=history.attempts,
        blockers=read_blockers(hub, history),
        criteria=[tick_criterion(criterion, history) for criterion in plan.exit_criteria],
        next_steps=list_next_steps(list_ledger(plan, history, list_standings(plan, history, hub))),
        comparisons=history.comparisons,
        localizations=history.localizations,
        journal=read_journal(hub, plan, history),
        figures=history.figures,
        environments=read_environments(hub, history),
    )


def write_summary(hub: Hub, plan: Plan, view: SummaryView, root: Path) -> None:
    """Render summary.md, and summary.html from the same view."""
    text = render_template("summary.md.j2", view)
    hub.replace_view(layout.SUMMARY, text.encode(), made_by=MADE_BY, shows="what a reviewer reads")
    page = render_page(hub, plan, view, root)
    hub.replace_view(
        layout.SUMMARY_PAGE, page.encode(), made_by=MADE_BY, shows="the same as a page"
    )


def read_journal(hub: Hub, plan: Plan, history: History) -> Journal:
    """Return what people added to a hub between its runs."""
    standings = list_standings(plan, history, hub)
    return Journal(
        decisions=tuple((found, read_prose(hub, found.record.text.path)) for found in standings),
        turns=tuple((turn, read_prose(hub, turn.text.path)) for turn in history.turns),
        blockers={found.record.path: found for found in list_blockers(history)},
        touched=history.touched,
    )


def read_prose(hub: Hub, path: str) -> str:
    """Return prose that a person added.

    Raises:
        EvidenceError: it is gone, or no longer text.
    """
    try:
        return hub.path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError(
            f"{path}: cannot be read: {error}", hint="bring it back from a copy of the hub"
        ) from error


def read_blockers(hub: Hub, history: History) -> Mapping[str, BlockerRecord]:
    """Return each blocker that a run speaks of, by its path."""
    paths = {path for record in history.phases for path in record.blockers}
    return {
        path: hub.read_record(layout.blocker_record_path(path), BlockerRecord)
        for path in sorted(paths)
    }


def draw_pictures(hub: Hub, plan: Plan, history: History) -> None:
    """Draw what is not drawn yet: patch grids, training curves, pairs of images."""
    for record in history.phases:
        for side in record.sides:
            for path in side.attempts:
                attempt = history.attempts[path]
                if attempt.number == side.counts:
                    draw_grids(hub, attempt)
        draw_curves(hub, record, history)
        for check in record.checks:
            for picture in check.pictures:
                draw_check(hub, record, check, name_images(plan, record.phase, check.id), picture)


def draw_grids(hub: Hub, attempt: AttemptRecord) -> None:
    """Draw the grid of each array of patches that an attempt left; of equal patches, once."""
    drawn: list[tuple[npt.NDArray[Any], bytes]] = []
    for step in attempt.steps:
        for item in step.artifacts:
            if item.kind != "patches" or not item.kept or item.digest is None:
                continue
            picture = layout.picture_path(item.digest.path)
            if not hub.has(picture):
                from parityhub.report import plots

                patches = np.load(hub.path(item.digest.path), mmap_mode="r", allow_pickle=False)
                shown = np.abs(np.asarray(patches[:GRID]))
                same = (data for other, data in drawn if np.array_equal(shown, other, True))
                data = next(same, None) or plots.draw_patch_grid(shown)
                drawn.append((shown, data))
                hub.replace_view(picture, data, made_by=MADE_BY, shows=f"{item.shows}, drawn")


def draw_curves(hub: Hub, record: PhaseRecord, history: History) -> None:
    """Draw the training curves of a phase's sides beside each other."""
    phase_folder = layout.split_folder(record.brief)
    picture = layout.curves_path(phase_folder, record.phase, record.run)
    losses: dict[str, list[float]] = {}
    for side in record.sides:
        attempt = history.counting_attempt(record.phase, side.name)
        for step in attempt.steps if attempt else ():
            for item in step.artifacts:
                if item.kind == "history" and item.kept and item.digest:
                    losses[label_side(side, record.sides)] = read_losses(hub, item.digest.path)
    if losses and not hub.has(picture):
        from parityhub.report import plots

        data = plots.draw_training_curves(losses)
        hub.replace_view(picture, data, made_by=MADE_BY, shows="loss of each epoch, drawn")


def draw_check(
    hub: Hub, record: PhaseRecord, check: CheckRecord, names: tuple[str, str], picture: str
) -> None:
    """Draw the images that a check compared, from the arrays that it kept."""
    if hub.has(picture):
        return
    from parityhub.report import plots

    folder = picture.rsplit("/", 1)[0]
    arrays = {
        item.path.rsplit("/", 1)[1].removesuffix(".npy"): np.load(
            hub.path(item.path), allow_pickle=False
        )
        for item in hub.manifest.artifacts
        if item.path.startswith(folder + "/") and item.path.endswith(".npy")
    }
    data = plots.draw_pair(arrays, title=check.title, names=names)
    hub.replace_view(picture, data, made_by=MADE_BY, shows=f"{record.phase} {check.id}, drawn")

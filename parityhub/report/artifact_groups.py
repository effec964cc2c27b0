"""Which file of a hub belongs to which phase and side."""

from collections.abc import Mapping, Sequence
from posixpath import dirname

from parityhub.hub.layout import blocker_record_path, phase_path, split_folder
from parityhub.hub.records import AttemptRecord, Manifest, ManifestItem, PhaseRecord
from parityhub.plan.model import Plan

Owner = tuple[str, str]
"""phase and baseline; empty where a file belongs to the whole phase or the whole hub"""
WHOLE_HUB: Owner = ("", "")


def find_phase_path(record: PhaseRecord) -> str:
    """Return where a phase's record lies: in the folder where its brief does."""
    return phase_path(split_folder(record.brief), record.phase, record.run)


def group_artifacts(
    *,
    plan: Plan,
    manifest: Manifest,
    phases: Sequence[PhaseRecord],
    attempts: Mapping[str, AttemptRecord],
) -> dict[Owner, list[ManifestItem]]:
    """Group the manifest's items, each by the record that names it, else by its folder.

    Owners stand in the plan's order, those that it no longer has after them, the whole hub last.
    """
    files = _name_files(phases, attempts)
    folders = _name_folders(plan, attempts)
    groups: dict[Owner, list[ManifestItem]] = {owner: [] for owner in _order_owners(plan)}
    whole_hub: list[ManifestItem] = []
    for item in manifest.artifacts:
        owner = _find_owner(item.path, files, folders)
        group = whole_hub if owner == WHOLE_HUB else groups.setdefault(owner, [])
        group.append(item)
    return {owner: items for owner, items in groups.items() if items} | (
        {WHOLE_HUB: whole_hub} if whole_hub else {}
    )


def _order_owners(plan: Plan) -> list[Owner]:
    return [
        owner
        for phase in plan.phases
        for owner in ((phase.id, ""), *((phase.id, run.baseline) for run in phase.runs))
    ]


def _name_files(
    phases: Sequence[PhaseRecord], attempts: Mapping[str, AttemptRecord]
) -> dict[str, Owner]:
    """Map each path that a record names to its owner; an attempt's claim beats its phase's."""
    files: dict[str, Owner] = {}
    for attempt in attempts.values():
        paths = [attempt.env_capture, *_list_blocker(attempt.blocker)]
        paths += [step.log for step in attempt.steps]
        owner = (attempt.phase, attempt.baseline)
        files.update({path: owner for path in paths if path})
    for phase in phases:
        paths = [phase.brief, find_phase_path(phase)]
        paths += [path for blocker in phase.blockers for path in _list_blocker(blocker)]
        paths += [picture for check in phase.checks for picture in check.pictures]
        if phase.gate:
            paths += [phase.gate.log, *_list_blocker(phase.gate.blocker)]
        for path in paths:
            if path:
                files.setdefault(path, (phase.phase, ""))
    return files


def _list_blocker(path: str | None) -> list[str | None]:
    return [path, blocker_record_path(path)] if path else []


def _name_folders(plan: Plan, attempts: Mapping[str, AttemptRecord]) -> dict[str, Owner]:
    """Map folders to owners; a folder that two sides share belongs to their phase."""
    folders: dict[str, Owner] = {}
    for phase in plan.phases:
        folders[phase.folder] = (phase.id, "")
        for run in phase.runs:
            folder = phase.folder_of(run)
            folders[folder] = (phase.id, "" if folder in folders else run.baseline)
    for path, attempt in attempts.items():
        folders[dirname(path)] = (attempt.phase, attempt.baseline)
    return folders


def _find_owner(path: str, files: Mapping[str, Owner], folders: Mapping[str, Owner]) -> Owner:
    owner = files.get(path) or files.get(path.removesuffix(".sha1"))
    folder = path
    while owner is None and folder:
        folder = dirname(folder)
        owner = folders.get(folder)
    return owner or WHOLE_HUB

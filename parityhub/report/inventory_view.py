"""What the artifact inventory shows: each file of evidence, by phase and side."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from parityhub.hub.records import AttemptRecord, KeptArtifact, Manifest, PhaseRecord
from parityhub.plan.model import Plan
from parityhub.report.artifact_groups import Owner, group_artifacts


class FileView(TypedDict):
    """A file; size and sha1 are None where it is missing."""

    path: str
    size: int | None
    sha1: str | None
    shows: str


class GroupView(TypedDict):
    """The files of one side of a phase, or of the phase or hub as a whole."""

    phase: str
    side: str
    files: list[FileView]
    members: list[FileView]
    """of bundles: `PATH!MEMBER`"""
    elsewhere: list[FileView]
    """known by digest only: too large to keep, and the datasets"""
    missing: list[FileView]


class InventoryView(TypedDict):
    """What `artifact_inventory.txt` shows."""

    initiative: str
    title: str
    hub: str
    stamp: str
    groups: list[GroupView]


def build_inventory_view(
    *,
    plan: Plan,
    manifest: Manifest,
    phases: Sequence[PhaseRecord],
    attempts: Mapping[str, AttemptRecord],
) -> InventoryView:
    """Build the inventory; derived views are not evidence and not listed.

    Args:
        plan: whose phases give the order.
        manifest: of the hub.
        phases: every run of every phase.
        attempts: every attempt by the path of its record.
    """
    owned = group_artifacts(plan=plan, manifest=manifest, phases=phases, attempts=attempts)
    groups = {
        owner: _start_group(
            owner,
            [
                FileView(path=item.path, size=item.size, sha1=item.sha1, shows=item.shows)
                for item in items
                if item.role == "evidence"
            ],
        )
        for owner, items in owned.items()
    }
    for attempt in attempts.values():
        owner = (attempt.phase, attempt.baseline)
        _add_attempt(groups.setdefault(owner, _start_group(owner, [])), attempt)
    return InventoryView(
        initiative=plan.initiative.id,
        title=plan.initiative.title,
        hub=plan.initiative.hub,
        stamp=manifest.stamp,
        groups=[group for group in groups.values() if any(_list_lists(group))],
    )


def _start_group(owner: Owner, files: list[FileView]) -> GroupView:
    phase, side = owner
    return GroupView(phase=phase, side=side, files=files, members=[], elsewhere=[], missing=[])


def _list_lists(group: GroupView) -> tuple[list[FileView], ...]:
    return group["files"], group["members"], group["elsewhere"], group["missing"]


def _add_attempt(group: GroupView, attempt: AttemptRecord) -> None:
    """Add what an attempt recorded beyond the files that the hub keeps."""
    for step in attempt.steps:
        for artifact in step.artifacts:
            _add_artifact(group, artifact, attempt.number)
    known = {file["path"] for file in group["elsewhere"]}
    for digest in attempt.dataset_digests:
        if digest.path not in known:
            shows = f"dataset {attempt.dataset}"
            group["elsewhere"].append(
                FileView(path=digest.path, size=digest.size, sha1=digest.sha1, shows=shows)
            )


def _add_artifact(group: GroupView, artifact: KeptArtifact, attempt: int) -> None:
    shows = f"attempt {attempt}: {artifact.shows}"
    if artifact.digest is None:
        group["missing"].append(FileView(path=artifact.name, size=None, sha1=None, shows=shows))
        return
    path = artifact.digest.path
    if not artifact.kept:
        group["elsewhere"].append(
            FileView(path=path, size=artifact.digest.size, sha1=artifact.digest.sha1, shows=shows)
        )
    group["members"].extend(
        FileView(path=f"{path}!{member.path}", size=member.size, sha1=member.sha1, shows=shows)
        for member in artifact.members
    )

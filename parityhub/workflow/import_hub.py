"""A folder kept by hand becomes a hub: looked at, shown, then copied; nothing in it is changed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parityhub.adopt.import_hub import Guess, guess_hub
from parityhub.adopt.import_plan import make_name, write_plan
from parityhub.adopt.list_folder import Listing, list_folder
from parityhub.capture.files import write_new
from parityhub.errors import EvidenceError, HubError, UsageError
from parityhub.hub import layout
from parityhub.hub.import_records import ImportedPhase, ImportRecord
from parityhub.hub.lock import hold_hub
from parityhub.hub.store import Clock, Hub
from parityhub.plan.read import LoadedPlan, read_plan
from parityhub.run.setting import Tell

MADE_BY = "import"
SPARE = 256 << 20
"""bytes of a disk that an import leaves free"""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Where an import puts what it makes."""

    root: Path
    """the repository: its plans lie under plans/"""
    reports: Path
    name: str | None
    """of plan and hub; None: as what is imported"""
    plan: Path | None
    """a plan whose hub it becomes; None: plans/<name>/plan.toml"""
    clock: Clock
    tell: Tell


@dataclass(frozen=True)
class Survey:
    """A folder as it was looked at, and what it was taken for."""

    folder: Path
    name: str
    plan: Path
    loaded: LoadedPlan | None
    """the plan that is there; None: one will be written"""
    listing: Listing
    guess: Guess


@dataclass(frozen=True)
class Adopted:
    """A hub that an import made."""

    hub: Hub
    record: ImportRecord
    plan: Path
    written: bool
    """the plan was made too"""


def survey_folder(folder: Path, ground: Ground) -> Survey:
    """Look at a folder; nothing is written.

    Raises:
        UsageError: there is no such folder, it is empty, or what is made would lie in it.
        PlanError: there is a plan of that name, and it cannot be read.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no folder", hint="name the folder of the hub to import")
    real = folder.resolve()
    for made in (ground.reports, ground.root / "plans"):
        if made.resolve().is_relative_to(real):
            raise UsageError(
                f"{folder}: {made} lies in it, and nothing in what is imported is changed",
                hint="import a folder of evidence alone, or run from elsewhere",
            )
    listing = list_folder(real)
    if not listing.files:
        raise UsageError(f"{folder}: holds no plain file", hint="name the folder of a hub")
    name, plan, loaded = choose_plan(real.name, ground)
    return Survey(real, name, plan, loaded, listing, guess_hub(listing.files))


def choose_plan(called: str, ground: Ground) -> tuple[str, Path, LoadedPlan | None]:
    """Return the name of plan and hub, where the plan lies, and the plan if it is there.

    Args:
        called: what is imported, by the name that it has.
        ground: where what is made is put.

    Raises:
        UsageError: the name that was asked for is no plain one.
        PlanError: there is a plan, and it cannot be read.
    """
    name = ground.name or make_name(called)
    if name != make_name(name):
        raise UsageError(
            f"{name!r} is no plain name", hint=f"letters, digits, '.', '_', '-': {make_name(name)}"
        )
    plan = ground.plan or Path("plans") / name / "plan.toml"
    there = ground.plan is not None or (ground.root / plan).exists()
    return name, plan, read_plan(ground.root / plan) if there else None


def import_folder(survey: Survey, ground: Ground) -> Adopted:
    """Copy a folder into a new hub, list it, and write a plan where there is none.

    Raises:
        EvidenceError: a file cannot be read, or is not what it was when it was looked at.
        HubError: the disk has no room for a copy.
    """
    check_room(survey.listing.size, ground.reports)
    files, size = len(survey.listing.files), survey.listing.size
    ground.tell(f"copying {files} files, {size / (1 << 20):.1f} MiB")
    with start_hub(survey.name, survey.loaded, ground) as hub:
        for file in survey.guess.files:
            shows = f"{file.kind}, imported as it lay"
            keep_file(hub, survey.folder, file.source, file.path, shows)
        record = ImportRecord(
            source="folder",
            name=survey.folder.name,
            time=layout.format_time(ground.clock()),
            files=survey.guess.files,
            phases=survey.guess.phases,
            left_out=tuple(survey.listing.left_out),
        )
        keep_import(hub, record)
    return finish_import(hub, record, survey.plan, survey.loaded, ground)


def finish_import(
    hub: Hub, record: ImportRecord, plan: Path, loaded: LoadedPlan | None, ground: Ground
) -> Adopted:
    """Write the plan of an import where there is none, and say what was made."""
    if loaded is not None:
        return Adopted(hub, record, plan, written=False)
    name = hub.manifest.initiative
    text = write_plan(name, record.name, record.phases)
    return Adopted(hub, record, plan, written=write_new(ground.root / plan, text))


@contextmanager
def start_hub(name: str, loaded: LoadedPlan | None, ground: Ground) -> Iterator[Hub]:
    """Yield a new hub, held meanwhile; where the import fails, nothing of it stays."""
    hub_name = loaded.plan.initiative.hub if loaded else name
    initiative = loaded.plan.initiative.id if loaded else name
    hub = Hub.create(ground.reports, hub_name, initiative, ground.clock)
    since = layout.format_time(ground.clock())
    try:
        with hold_hub(hub.root, command="parityhub import", since=since):
            yield hub
            hub.save_manifest()
    except BaseException:
        # A hub with half of its evidence would be taken for the newest.
        shutil.rmtree(hub.root, ignore_errors=True)
        raise


def keep_import(hub: Hub, record: ImportRecord) -> None:
    """Keep the record of an import."""
    shows = f"what was imported: {len(record.files)} files of {len(record.phases)} phases"
    hub.keep_record(layout.IMPORT_RECORD, record, made_by=MADE_BY, shows=shows)


def keep_file(hub: Hub, folder: Path, source: str, path: str, shows: str) -> None:
    """Copy a file into a hub as evidence.

    Raises:
        EvidenceError: it cannot be read, or a link has taken its place.
    """
    file = folder / source
    if file.resolve() != file or not file.is_file():
        raise EvidenceError(
            f"{source}: no longer the plain file that it was", hint="import again, at rest"
        )
    try:
        hub.keep_copy(file, path, made_by=MADE_BY, shows=shows)
    except OSError as error:
        raise EvidenceError(
            f"{source}: cannot be copied: {error.strerror}", hint="nothing was imported"
        ) from error


def check_room(size: int, reports: Path) -> None:
    """See that a copy fits on the disk.

    Raises:
        HubError: it does not.
    """
    there = next(
        folder for folder in (reports.resolve(), *reports.resolve().parents) if folder.exists()
    )
    free = shutil.disk_usage(there).free
    if free < size + SPARE:
        raise HubError(
            f"{reports}: {free >> 20} MiB free, the copy takes {size >> 20}",
            hint="make room, or put hubs elsewhere with --reports",
        )


def describe_survey(survey: Survey) -> dict[str, Any]:
    """Return the document of a folder that was only looked at."""
    kinds: dict[str, int] = {}
    for file in survey.guess.files:
        kinds[file.kind] = kinds.get(file.kind, 0) + 1
    return {
        "name": survey.name,
        "plan": str(survey.plan),
        "plan_is_there": survey.loaded is not None,
        "files": len(survey.guess.files),
        "bytes": survey.listing.size,
        "kinds": dict(sorted(kinds.items())),
        "phases": [describe_phase(phase) for phase in survey.guess.phases],
        "without_phase": sum(file.phase is None for file in survey.guess.files),
        "left_out": survey.listing.left_out,
        "imported": False,
    }


def describe_phase(phase: ImportedPhase) -> dict[str, Any]:
    """Return a phase as it was guessed."""
    return {"id": phase.id, "folders": phase.folders, "files": phase.files}


def describe_adopted(survey: Survey, adopted: Adopted) -> dict[str, Any]:
    """Return the document of a folder that was imported."""
    return {
        **describe_survey(survey),
        "imported": True,
        "hub": str(adopted.hub.root),
        "record": layout.IMPORT_RECORD,
        "plan_written": adopted.written,
    }

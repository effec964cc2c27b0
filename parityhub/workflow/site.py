"""report --site: a site over all hubs of a plan, written so that no reader sees half of it."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from parityhub.capture.files import open_atomically
from parityhub.errors import HubError, UsageError
from parityhub.hub import layout
from parityhub.hub.outline import HubOutline, read_outline
from parityhub.hub.store import list_hub_folders
from parityhub.plan.model import Plan
from parityhub.report.site import SiteFile, SiteWishes, render_site
from parityhub.workflow.page import find_templates

LISTING = "site.json"
"""what a site wrote into its folder: with it, nothing else is ever replaced or removed"""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a site and of the one before it, each with its sha256."""

    format: int
    files: dict[str, str]
    before: dict[str, str]
    """of the site that was here before: a reader may still hold its page"""


@dataclass(frozen=True)
class Written:
    """What came of writing a site."""

    page: Path
    hubs: int
    unreadable: tuple[str, ...]
    """hubs that are shown as unreadable, each with the reason"""
    linked: bool
    """whether sources are links: site and hubs lie in one repository"""


def write_site(folder: Path, plan: Plan, reports: Path, root: Path) -> Written:
    """Write the site of a plan.

    Args:
        folder: where; made where it is missing.
        plan: whose hubs.
        reports: the folder of hubs.
        root: of the repository.

    Raises:
        HubError: the plan has no hub yet.
        UsageError: the folder lies in a hub, or holds a file of somebody else under such a name.
    """
    refuse_hubs(folder)
    held = read_listing(folder)
    base = find_base(folder, reports, root)
    hubs, unreadable = 0, []

    def count() -> Iterator[HubOutline]:
        nonlocal hubs
        for outline in walk_outlines(plan, reports):
            hubs += 1
            if outline.unreadable:
                unreadable.append(f"{outline.stamp}: {outline.unreadable}")
            yield outline
        if not hubs:
            raise HubError(
                f"{reports}: no hub of {plan.initiative.id} yet",
                hint=f"make one: parityhub run-phase {plan.phases[0].id}",
            )

    files: dict[str, str] = {}
    last: SiteFile | None = None
    wishes = SiteWishes(base=base, own=find_templates(plan, root))
    refuse_stranger(folder, "index.html", held)
    for file in render_site(count(), plan, wishes):
        if last is not None:
            files[last.path] = put_file(folder, last, held)
        last = file
    assert last is not None
    # Listed before the page names them: killed here, the next writing knows what is its own.
    files[last.path] = sha256(last.data).hexdigest()
    before = held.before if files == held.files else held.files
    listing = Listing(format=1, files=files, before=before)
    put_listing(folder, listing)
    put_file(folder, last, held)
    remove_old(folder, held, listing)
    return Written(folder / last.path, hubs, tuple(unreadable), linked=base is not None)


def walk_outlines(plan: Plan, reports: Path) -> Iterator[HubOutline]:
    """Yield each hub of a plan, oldest first; one is read at a time."""
    for root in list_hub_folders(reports, plan.initiative.hub):
        outline = read_outline(root, plan.initiative.id)
        if outline is not None:
            yield outline


def refuse_hubs(folder: Path) -> None:
    """Refuse a folder in a hub: what is not evidence does not belong there."""
    place = folder.resolve()
    for parent in (place, *place.parents):
        if layout.STAMP.fullmatch(parent.parent.name) and (parent / layout.MANIFEST).exists():
            raise UsageError(f"{folder}: lies in a hub", hint="name a folder outside of hubs")
    if place.exists() and not place.is_dir():
        raise UsageError(f"{folder}: no folder", hint="name a folder for the site")


def find_base(folder: Path, reports: Path, root: Path) -> str | None:
    """Return the way from the site to the hubs; None: it would lead out of the repository."""
    site, hubs, top = folder.resolve(), reports.resolve(), root.resolve()
    if not (site.is_relative_to(top) and hubs.is_relative_to(top)):
        return None
    way = Path(os.path.relpath(hubs, site)).as_posix()
    return "" if way == "." else f"{way}/"


def read_listing(folder: Path) -> Listing:
    """Return what an earlier site wrote here.

    Raises:
        UsageError: the listing is not one.
    """
    try:
        return msgspec.json.decode((folder / LISTING).read_bytes(), type=Listing)
    except FileNotFoundError:
        return Listing(format=1, files={}, before={})
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{folder / LISTING}: not the listing of a site: {error}", hint="name another folder"
        ) from error


def refuse_stranger(folder: Path, path: str, held: Listing) -> None:
    """Refuse to replace a file that no site wrote.

    Raises:
        UsageError: it is somebody else's, or a link leads out of the folder.
    """
    target = folder / path
    if not target.parent.resolve().is_relative_to(folder.resolve()) or target.is_symlink():
        raise UsageError(f"{target}: a link leads away", hint="name another folder for the site")
    if target.exists() and path not in {**held.files, **held.before}:
        raise UsageError(
            f"{target}: not written by `report --site`", hint="name another folder for the site"
        )


def put_file(folder: Path, file: SiteFile, held: Listing) -> str:
    """Write a file where it is not there as it should be, and return its sha256."""
    target, digest = folder / file.path, sha256(file.data).hexdigest()
    if target.is_file() and not target.is_symlink() and target.read_bytes() == file.data:
        return digest
    refuse_stranger(folder, file.path, held)
    with open_atomically(target) as stream:
        stream.write(file.data)
    return digest


def put_listing(folder: Path, listing: Listing) -> None:
    """Write the listing."""
    with open_atomically(folder / LISTING) as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(listing), indent=1) + b"\n")


def remove_old(folder: Path, held: Listing, listing: Listing) -> None:
    """Remove what only the site before the last one named, if it is still as it was written."""
    kept: Mapping[str, str] = {**listing.files, **listing.before}
    for path, digest in held.before.items():
        target = folder / path
        if path in kept or target.is_symlink() or not target.is_file():
            continue
        inside = target.resolve().is_relative_to(folder.resolve())
        if inside and sha256(target.read_bytes()).hexdigest() == digest:
            target.unlink()

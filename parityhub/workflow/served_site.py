"""The site as it is served: files in memory, anew when a hub has changed, and hubs' own files."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from parityhub.errors import HubError, PlanError
from parityhub.hub import layout
from parityhub.hub.store import list_hub_folders, read_manifest
from parityhub.plan.model import Plan
from parityhub.report.site import INDEX_PAGE, SiteWishes, render_site
from parityhub.workflow.site import walk_outlines

BASE = "hubs/"
"""under which the files of hubs are served"""
PAUSE = 1.0
"""seconds at least between two looks at the hubs"""
SHARE = 0.1
"""of the time, at most, goes into rendering"""
Stand = tuple[tuple[str, int, int], ...]


@dataclass
class ServedSite:
    """The site of a plan. Its methods may be called from several threads.

    Args:
        plan: whose hubs.
        reports: the folder of hubs.
        own: folder of the user's own templates.
    """

    plan: Plan
    reports: Path
    own: Path | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    before: dict[str, bytes] = field(default_factory=dict)
    """of the site before: a page that is open names them still"""
    stand: Stand | None = None
    next_look: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refresh(self) -> None:
        """Render the site anew if a manifest has changed, and it is time to look."""
        with self.lock:
            now = time.monotonic()
            if now < self.next_look:
                return
            stand = self.read_stand()
            if stand != self.stand:
                self.render(stand)
            spent = time.monotonic() - now
            self.next_look = time.monotonic() + max(PAUSE, spent / SHARE)

    def render(self, stand: Stand) -> None:
        """Render it, and keep the one before.

        Raises:
            PlanError: a template of the user's does not render, and there is no site yet.
        """
        wishes = SiteWishes(base=BASE, own=self.own, live=True)
        outlines = walk_outlines(self.plan, self.reports)
        try:
            files = {file.path: file.data for file in render_site(outlines, self.plan, wishes)}
        except PlanError:
            # Somebody may be at work on it: what was rendered last is served on.
            if not self.files:
                raise
            return
        self.files, self.before, self.stand = files, self.files, stand

    def read_stand(self) -> Stand:
        """Return what tells whether a hub has changed: each change replaces its manifest."""
        found = []
        for root in list_hub_folders(self.reports, self.plan.initiative.hub):
            try:
                stat = (root / layout.MANIFEST).stat()
            except OSError:
                continue
            found.append((str(root), stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    def find_file(self, path: str) -> bytes | None:
        """Return a file of the site; None: there is none of that name."""
        name = path or INDEX_PAGE
        return self.files.get(name, self.before.get(name))

    def find_index(self) -> str:
        """Return the path of the index."""
        return next(path for path in self.files if path.startswith("data/index."))

    def find_hub_file(self, path: str) -> Path | None:
        """Return a file of a hub; None: it is not listed in a manifest of this plan's hubs.

        What was asked for is only ever compared with what is there, never made into a path.
        """
        for root in list_hub_folders(self.reports, self.plan.initiative.hub):
            prefix = f"{root.parent.name}/{root.name}/"
            if not path.startswith(prefix):
                continue
            wanted = path.removeprefix(prefix)
            try:
                manifest = read_manifest(root)
            except HubError:
                return None
            listed = {item.path for item in manifest.artifacts} | {layout.MANIFEST}
            if manifest.initiative != self.plan.initiative.id or wanted not in listed:
                return None
            file = root.joinpath(*PurePosixPath(wanted).parts)
            # A manifest is data too: what it lists may lie elsewhere, or be a link.
            inside = file.resolve().is_relative_to(root.resolve())
            return file if inside and file.is_file() and not file.is_symlink() else None
        return None

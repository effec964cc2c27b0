"""A site over all hubs of a plan, as files: a page, a small index, and data loaded on demand.

Each file but the page has a digest of its content in its name, so that a reader who holds an older
page still finds what that page names, and pages of hubs that did not change keep their names. Data
are scripts, not JSON: a page that is opened from disk may load those.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import msgspec
from markupsafe import Markup

from parityhub.errors import PlanError
from parityhub.hub.outline import HubOutline
from parityhub.plan.model import Plan
from parityhub.report.escape import show_controls
from parityhub.report.render import TEMPLATE_FOLDERS
from parityhub.report.site_series import GroupView, SeriesHead, SeriesTable, head_series, make_table
from parityhub.report.site_view import (
    NOT_RUN,
    UNREADABLE,
    HubView,
    code_phase,
    view_hub,
)
from parityhub.report.summary_page import (
    describe_error,
    digest_script,
    find_name,
    make_environment,
)

FOLDER = "site"
INDEX_PAGE = "index.html"
PAGE_HUBS = 100
"""hubs in a page of data"""
SCRIPTS = (
    "format.js",
    "elements.js",
    "data.js",
    "ledger.js",
    "chart.js",
    "history.js",
    "hubs.js",
    "find.js",
    "route.js",
)
"""in this order; the last but those for a served site starts nothing before the index is there"""
LIVE_SCRIPT = "live.js"


class SiteFile(NamedTuple):
    """A file of the site."""

    path: str
    """relative to the site"""
    data: bytes


@dataclass(frozen=True)
class SiteWishes:
    """How the site is wanted."""

    base: str | None
    """where the folder of hubs lies, seen from the site, with a slash at its end; None: nowhere"""
    own: Path | None = None
    """folder of the user's own templates"""
    live: bool = False
    """whether it is served, with what is running"""


@dataclass
class _Gathered:
    """What is kept of each hub until the index is written: a few words."""

    stamps: list[str] = field(default_factory=list)
    codes: list[dict[str, str]] = field(default_factory=list)
    commits: list[tuple[str | None, bool | None]] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    """of phases that the plan has, and of those that only hubs have"""
    recent: list[HubView] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


def render_site(
    outlines: Iterable[HubOutline], plan: Plan, wishes: SiteWishes
) -> Iterator[SiteFile]:
    """Yield each file of the site, the page that names the others last.

    Args:
        outlines: hubs, oldest first; each is let go of before the next is read.
        plan: says which phases there are.
        wishes: how the site is wanted.

    Raises:
        PlanError: a template of the user's does not render.
    """
    series = SeriesTable()
    gathered = _Gathered(titles={phase.id: phase.title for phase in plan.phases})
    page: list[dict[str, Any]] = []
    for outline in outlines:
        page.append(gather_hub(outline, gathered, series))
        if len(page) == PAGE_HUBS:
            yield keep_page(page, gathered)
            page = []
    if page:
        yield keep_page(page, gathered)
    heads: dict[int, SeriesHead] = {}
    groups = []
    for number, group in enumerate(series.view_groups()):
        file = make_data_file(f"group-{number}", group)
        heads |= head_series([group])
        groups.append(describe_group(group, file.path))
        yield file
    index = make_index(plan, gathered, groups, [heads[n] for n in range(len(heads))], wishes)
    index_file = make_data_file("index", index, called="index")
    yield index_file
    yield from render_pages(plan, gathered, index_file.path, wishes)


def gather_hub(outline: HubOutline, gathered: _Gathered, series: SeriesTable) -> dict[str, Any]:
    """Take in a hub, and return it as its page of data holds it."""
    number = len(gathered.stamps)
    view = view_hub(outline)
    for phase in outline.phases.values():
        gathered.titles.setdefault(phase.record.phase, phase.record.title)
    for phase_id in outline.opened:
        gathered.titles.setdefault(phase_id, "")
    gathered.stamps.append(view["stamp"])
    gathered.codes.append({name: code_phase(outline, name) for name in gathered.titles})
    gathered.commits.append(find_commit(outline, view))
    if outline.unreadable:
        gathered.unreadable.append(number)
    gathered.recent = [*gathered.recent[-(PAGE_HUBS - 1) :], view]
    return {**view, "numbers": series.add_hub(number, outline)}


def find_commit(outline: HubOutline, view: HubView) -> tuple[str | None, bool | None]:
    """Return the commit of a hub's newest run, and whether it had uncommitted changes."""
    if view["phases"]:
        return view["phases"][-1]["commit"], view["phases"][-1]["dirty"]
    start = next(iter(outline.opened.values()), None)
    return (start.git_commit, start.git_dirty) if start else (None, None)


def find_newest(gathered: _Gathered) -> HubView:
    """Return the newest hub, or what is said where there is none."""
    if gathered.recent:
        return gathered.recent[-1]
    return HubView(
        stamp="none",
        created="",
        verdict="INCONCLUSIVE",
        reason="there is no hub yet",
        unreadable="",
        opened=[],
        phases=[],
    )


def list_pending(plan: Plan, gathered: _Gathered) -> list[str]:
    """List the phases of the plan that have no whole run in the newest hub."""
    ran = {phase["id"] for phase in find_newest(gathered)["phases"]}
    return [phase.id for phase in plan.phases if phase.id not in ran]


def keep_page(hubs: Sequence[dict[str, Any]], gathered: _Gathered) -> SiteFile:
    """Make a page of hubs, and note its name."""
    file = make_data_file(f"hubs-{len(gathered.pages)}", {"hubs": hubs})
    gathered.pages.append(file.path)
    return file


def describe_group(group: GroupView, file: str) -> dict[str, str]:
    """Return what the index says of a group."""
    return {"phase": group["phase"], "kind": group["kind"], "group": group["group"], "file": file}


def make_index(
    plan: Plan,
    gathered: _Gathered,
    groups: Sequence[dict[str, str]],
    series: Sequence[SeriesHead],
    wishes: SiteWishes,
) -> dict[str, Any]:
    """Make the index: what the ledger and the search need, a few bytes a hub."""
    phases = list(gathered.titles)
    return {
        "initiative": plan.initiative.id,
        "base": wishes.base,
        "folder": plan.initiative.hub,
        "page": PAGE_HUBS,
        "pages": gathered.pages,
        "phases": [{"id": name, "title": title} for name, title in gathered.titles.items()],
        "stamps": gathered.stamps,
        "codes": "".join(
            codes.get(name, UNREADABLE if hub in gathered.unreadable else NOT_RUN)
            for hub, codes in enumerate(gathered.codes)
            for name in phases
        ),
        "commits": make_table(gathered.commits),
        "unreadable": gathered.unreadable,
        "groups": groups,
        "series": series,
        "newest": {key: find_newest(gathered)[key] for key in ("stamp", "verdict", "reason")}
        | {"pending": list_pending(plan, gathered)},
    }


def render_pages(
    plan: Plan, gathered: _Gathered, index: str, wishes: SiteWishes
) -> Iterator[SiteFile]:
    """Yield the script, and at last the page, which holds its style."""
    environment = make_environment(wishes.own)
    try:
        style = environment.get_template(find_name(f"{FOLDER}/style.css.j2", wishes.own)).render()
        script = make_script(read_scripts(live=wishes.live))
        yield script
        page = environment.get_template(find_name(f"{FOLDER}/page.html.j2", wishes.own)).render(
            initiative=plan.initiative.id,
            heading=plan.initiative.title,
            newest=find_newest(gathered),
            pending=list_pending(plan, gathered),
            oldest=gathered.stamps[0] if gathered.stamps else "none",
            count=len(gathered.stamps),
            unreadable=len(gathered.unreadable),
            recent=gathered.recent[::-1],
            base=wishes.base,
            live=wishes.live,
            style=Markup(style),
            style_digest=digest_script(style),
            script=script.path,
            index=index,
        )
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, OSError) as error:
        if wishes.own is None:
            raise
        raise PlanError(
            f"{wishes.own.name}: a template of [report] does not render: {describe_error(error)}",
            hint="correct it, or take `templates` out of the plan",
        ) from error
    yield SiteFile(INDEX_PAGE, page.encode())


def read_scripts(*, live: bool) -> str:
    """Return the site's script: its parts, one behind the other."""
    names = [*SCRIPTS, LIVE_SCRIPT] if live else SCRIPTS
    folder = next(found for found in TEMPLATE_FOLDERS if (found / FOLDER).is_dir())
    return "\n".join((folder / FOLDER / name).read_text(encoding="utf-8") for name in names)


def make_script(text: str) -> SiteFile:
    """Make the script that the page names."""
    data = text.encode()
    return SiteFile(f"assets/site.{digest_name(data)}.js", data)


def make_data_file(name: str, value: Any, called: str | None = None) -> SiteFile:
    """Make a data file: a script that hands over its data, and runs nothing else.

    Args:
        name: of the file, to which the digest is added.
        value: what it holds; what does not print in it is shown.
        called: under which name it is handed over; default: the digest.
    """
    payload = msgspec.json.encode(walk_text(value, show_controls))
    digest = digest_name(payload)
    call = msgspec.json.encode(called or digest)
    return SiteFile(f"data/{name}.{digest}.js", b"parityhub.take(%b, %b);\n" % (call, payload))


def digest_name(data: bytes) -> str:
    """Return what of a digest goes into a name."""
    return sha256(data).hexdigest()[:16]


def walk_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return a value with each text in it changed; keys are ours and stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: walk_text(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [walk_text(item, change) for item in value]
    return value

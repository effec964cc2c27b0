"""summary.html: one file that needs nothing else, in which nothing of a record or log is active."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import numpy.typing as npt
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from parityhub.errors import PlanError
from parityhub.report.charts import draw_curves, draw_histogram, draw_profile
from parityhub.report.escape import quote_target, show_controls
from parityhub.report.figure_view import ImageView
from parityhub.report.links import Link, Prose
from parityhub.report.numbers import format_number, format_seconds, format_size
from parityhub.report.pixels import STOPS, draw_pixels, find_step, lay_patches
from parityhub.report.render import TEMPLATE_FOLDERS
from parityhub.report.summary_view import SummaryView

PAGE = "page.html.j2"
FOLDER = "summary_html"
OURS = "parityhub"
"""prefix under which a user's template finds those it overrides"""
LARGEST = 1 << 20
"""bytes of a user's template that are read"""
UNITS = {"seconds": format_seconds, "bytes": format_size}


def list_images(view: SummaryView) -> list[ImageView]:
    """List the images of a view."""
    return list(_walk_images(view))


def _walk_images(view: SummaryView) -> Iterator[ImageView]:
    for phase in view["phases"]:
        figures = list(phase["figures"]["grids"]) if phase["figures"] else []
        for check in phase["checks"]:
            figures += check["pictures"]["figures"]
        for figure in figures:
            yield from figure["images"]


def render_summary_page(
    view: SummaryView, arrays: Mapping[str, npt.NDArray[Any]], own: Path | None
) -> str:
    """Render the page.

    Args:
        view: what is shown.
        arrays: what images are drawn from, by path in the hub; one that is not there is said to
            be missing.
        own: folder of the user's own templates; None: there are none.

    Raises:
        PlanError: a template of the user's does not render.
    """
    environment = make_environment(own)
    images = {
        image["file"]["target"]: draw_image(image, arrays[image["file"]["target"]])
        for image in list_images(view)
        if image["file"]["target"] in arrays and image["low"] is not None
    }
    name = PAGE if own and (own / PAGE).is_file() else f"{OURS}/{PAGE}"
    try:
        script = environment.get_template(find_name("script.js.j2", own)).render()
        style = environment.get_template(find_name("style.css.j2", own)).render()
        return environment.get_template(name).render(
            view=view,
            images=images,
            gradients={name: ", ".join(stops) for name, stops in STOPS.items()},
            script=Markup(script),
            script_digest=digest_script(script),
            style=Markup(style),
        )
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, OSError) as error:
        if own is None:
            raise
        raise PlanError(
            f"{own.name}: a template of [report] does not render: {describe_error(error)}",
            hint="correct it, or take `templates` out of the plan",
        ) from error


def find_name(name: str, own: Path | None) -> str:
    """Return which template of that name counts: the user's, where there is one."""
    return name if own and (own / name).is_file() else f"{OURS}/{name}"


def describe_error(error: Exception) -> str:
    """Say in a line where and why a template failed."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.name or 'template'}:{error.lineno}: {error.message}"
    return show_controls(str(error)) or type(error).__name__


def digest_script(script: str) -> str:
    """Return the digest by which the page's policy lets this script run, and no other."""
    digest = hashlib.sha256(f"\n{script}".encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()


def draw_image(image: ImageView, array: npt.NDArray[Any]) -> dict[str, Any]:
    """Draw an image, and say how large it is and which of its elements are drawn."""
    values = lay_patches(array) if image["shown"] else array
    low, high = image["low"] or 0.0, image["high"] or 0.0
    data = draw_pixels(values, low, high, image["colors"])
    step = find_step(values.shape)
    return {
        "src": Markup("data:image/png;base64,") + base64.b64encode(data).decode(),
        "height": -(-values.shape[0] // step),
        "width": -(-values.shape[1] // step),
        "step": step,
    }


class OwnLoader(jinja2.FileSystemLoader):
    """Loads a user's templates: plain files in their folder, to which no link leads away."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder.resolve()

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Any]:
        """Return a template's source, its file, and whether it is still as it was."""
        source, file, uptodate = super().get_source(environment, template)
        path = Path(file).resolve()
        if not path.is_relative_to(self.folder) or path.stat().st_size > LARGEST:
            raise jinja2.TemplateNotFound(template, "it leads out of its folder, or is too large")
        return source, file, uptodate


@cache
def make_environment(own: Path | None) -> jinja2.Environment:
    """Make the environment: all that is printed is escaped, a user's template is in a sandbox."""

    def show(value: object) -> object:
        if isinstance(value, (Markup, jinja2.Undefined)):
            return value
        return show_controls(format_number(value), "\t")

    folders = [folder / FOLDER for folder in TEMPLATE_FOLDERS]
    ours = jinja2.FileSystemLoader([*folders, *TEMPLATE_FOLDERS])
    loaders: list[jinja2.BaseLoader] = [jinja2.PrefixLoader({OURS: ours})]
    if own is not None:
        loaders.insert(0, OwnLoader(own))
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        finalize=show,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": format_number,
        "unit": lambda value, unit, beside=(): (
            UNITS[unit](value) if unit in UNITS else format_number(value, beside)
        ),
        "short": lambda value: f"{value:.3g}",
        "clauses": split_clauses,
        "href": make_href,
        "anchor": lambda text: quote(show_controls(str(text)), safe="").replace("%", "."),
        "curves": draw_curves,
        "histogram": draw_histogram,
        "profile": draw_profile,
    }
    return environment


def split_clauses(prose: Prose) -> list[Prose]:
    """Split text at its semicolons, each clause with its links."""
    clauses: list[Prose] = [[]]
    for part in prose:
        if not isinstance(part, str):
            clauses[-1].append(part)
            continue
        first, *rest = part.split("; ")
        clauses[-1].append(first)
        clauses += [[piece] for piece in rest]
    return clauses


def make_href(link: Link) -> str:
    """Return where a link leads: a file of the hub, and the line or JSON pointer in it."""
    pointer = link["text"].partition("#")[2] if "#/" in link["text"] else ""
    return quote_target(link["target"], link["fragment"] or pointer)

"""The pages of an audit: self-contained HTML in which nothing of a report or a log is active."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

from parityhub.audit.findings import AuditResult
from parityhub.report.audit_view import INDEX, make_index_view, make_report_view, name_page
from parityhub.report.escape import show_controls
from parityhub.report.render import TEMPLATE_FOLDERS


def render_audit_pages(
    result: AuditResult, texts: Mapping[str, str], hub: str
) -> Iterator[tuple[str, str]]:
    """Render an audit as pages: an index, and each report with its claims marked.

    Args:
        result: of the audit.
        texts: of the reports, as they were audited (`audit.roots.read_report`), by the names that
            the result gives them; a report without text gets no page.
        hub: relative path from the folder of pages to the hub, `/` between its parts.

    Yields:
        The path of a page below the folder of pages, and its text, to be written as UTF-8.
    """
    yield INDEX, render_page("audit_index.html.j2", make_index_view(result, hub))
    for file, text in texts.items():
        view = make_report_view(result, file, text, hub)
        yield name_page(file), render_page("audit.html.j2", view)


def render_page(name: str, view: Mapping[str, Any]) -> str:
    """Render a template of HTML from a view; all text is escaped, what does not print is shown.

    Raises:
        jinja2.UndefinedError: the view lacks a value.
    """
    return _make_environment().get_template(name).render(view)


@cache
def _make_environment() -> Environment:
    def show(value: object) -> object:
        return value if isinstance(value, (Markup, Undefined)) else show_controls(str(value), "\t")

    return Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDERS),
        autoescape=True,
        finalize=show,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

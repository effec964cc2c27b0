"""Render a template from a view. What a template prints is escaped unless a filter made it."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

from parityhub.report.escape import (
    escape_markdown,
    escape_toml,
    fence_lines,
    quote_code,
    quote_target,
    show_controls,
)
from parityhub.report.links import Link, Prose
from parityhub.report.numbers import format_number, format_seconds, format_size

HERE = Path(__file__).resolve().parent
TEMPLATE_FOLDERS = (HERE / "templates", HERE.parents[1] / "templates")
"""as a wheel ships them, and beside the package in a checkout"""

ESCAPES: dict[str, Callable[[str], str]] = {
    ".md.j2": escape_markdown,
    ".txt.j2": show_controls,
    ".toml.j2": escape_toml,
    ".py.j2": escape_toml,
}


def render_template(name: str, view: Mapping[str, Any]) -> str:
    """Render a template, `summary.md.j2` say, from a view.

    Args:
        name: of the template; its ending tells how text is escaped.
        view: plain values; a template that asks for one it lacks fails.

    Raises:
        jinja2.UndefinedError: the view lacks a value.
        jinja2.TemplateNotFound: there is no such template.
    """
    suffix = "".join(Path(name).suffixes[-2:])
    return _make_environment(suffix).get_template(name).render(view)


@cache
def _make_environment(suffix: str) -> Environment:
    """Make the environment of a kind of output.

    Autoescape lets the output of macros and filters pass as it is; `finalize` escapes all else
    before it gets there. Jinja's own filters are left out: `join` and its like would mix both.
    """
    escape = ESCAPES[suffix]

    def show(value: object) -> object:
        if isinstance(value, (Markup, Undefined)):
            return value
        return Markup(escape(format_number(value)))

    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDERS),
        autoescape=True,
        finalize=show,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters = {
        "number": lambda value, beside=(): Markup(escape(format_number(value, beside))),
        "seconds": lambda value: Markup(format_seconds(value)),
        "size": lambda value: Markup(format_size(value)),
        "code": lambda value: Markup(quote_code(format_number(value))),
        "fence": lambda lines: Markup(fence_lines(lines)),
        "shell": lambda argv, env: Markup(fence_lines(write_command(argv, env), "sh")),
        "link": lambda link: Markup(make_link(link)),
        "prose": lambda prose: Markup(write_prose(prose)),
        "image": lambda link: Markup(f"!{make_link(link)}"),
        "pad": lambda value, width: Markup(escape(format_number(value)).ljust(width)),
    }
    return environment


def make_link(link: Link) -> str:
    """Make a Markdown link."""
    return f"[{escape_markdown(link['text'])}]({quote_target(link['target'], link['fragment'])})"


def write_prose(prose: Prose) -> str:
    """Write text with its links."""
    return "".join(
        escape_markdown(part) if isinstance(part, str) else make_link(part) for part in prose
    )


def write_command(argv: Sequence[str], env: Mapping[str, str | None]) -> list[str]:
    """Write a command and its environment for a shell, a line for each variable and option.

    Args:
        argv: the words of the command.
        env: what it is run with; None: the variable is absent.
    """
    lines = [f"-u {shlex.quote(name)}" for name, value in env.items() if value is None]
    lines += [f"{name}={shlex.quote(value)}" for name, value in env.items() if value is not None]
    lines = [f"env {lines[0]}", *lines[1:]] if lines else []
    command: list[list[str]] = [[]]
    for word in argv:
        if word.startswith("--"):
            command.append([])
        command[-1].append(shlex.quote(word))
    lines += [" ".join(words) for words in command if words]
    lines = [*lines[:1], *(f"  {line}" for line in lines[1:])]
    return [*(f"{line} \\" for line in lines[:-1]), *lines[-1:]]

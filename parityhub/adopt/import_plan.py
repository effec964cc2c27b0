"""The plan of a hub that was imported: its phases, with nothing to run in them yet."""

import json
import re
from collections.abc import Sequence

from parityhub.hub.import_records import ImportedPhase

LONGEST_NAME = 80


def make_name(text: str) -> str:
    """Return a text as the plain name of a plan and its hubs."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("._-")[:LONGEST_NAME].strip("._-")
    return plain or "imported"


def write_plan(name: str, title: str, phases: Sequence[ImportedPhase]) -> str:
    """Return the text of a plan, in TOML.

    Args:
        name: plain; of the initiative and its hubs.
        title: of the initiative; printable.
        phases: what was guessed, at least one.
    """
    lines = [
        f"# Made by `parityhub import` from {json.dumps(title, ensure_ascii=False)}.",
        "# Its phases were guessed from names. None of them ran here, so each is pending: give it",
        "# runs and checks (docs/plan.md) and `parityhub run-phase` brings it to a verdict.",
        "format = 1",
        "",
        "[initiative]",
        f"id = {quote(name)}",
        f"title = {quote(title)}",
        f"hub = {quote(name)}",
    ]
    for phase in phases:
        where = ", ".join(phase.folders) or "told by names of files"
        lines += [
            "",
            "[[phase]]",
            f"id = {quote(phase.id)}",
            f"title = {quote(f'{phase.id}, imported')}",
            f"folder = {quote(f'phase_{phase.id.lower()}')}",
            f"purpose = {quote(f'{phase.files} files: {where}')}",
            "imported = true",
        ]
    return "\n".join(lines) + "\n"


def quote(text: str) -> str:
    """Return a printable text as a string of TOML, which writes it as JSON does."""
    return json.dumps(text, ensure_ascii=False)

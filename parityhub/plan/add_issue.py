"""A known issue added to the text of a plan; comments, order and format of the rest are kept."""

from typing import Any

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Item, Table, Whitespace

from parityhub.errors import PlanError
from parityhub.plan.model import KnownIssue
from parityhub.plan.read import LoadedPlan, parse_plan

FIELDS = ("id", "pattern", "summary", "mitigation")


def add_issue(loaded: LoadedPlan, issue: KnownIssue) -> LoadedPlan:
    """Return the plan with one more known issue, behind those that it has. No file is written.

    Args:
        loaded: the plan and its text.
        issue: with an id that the plan does not have yet.

    Raises:
        PlanError: the new text is no plan, or would change something else.
    """
    text = write_issue(loaded, issue)
    added = parse_plan(loaded.path, text.encode())
    wanted = msgspec.structs.replace(loaded.plan, known_issues=(*loaded.plan.known_issues, issue))
    if added.plan != wanted or not only_adds(loaded.text, text):
        raise refuse(loaded)
    return added


def write_issue(loaded: LoadedPlan, issue: KnownIssue) -> str:
    """Return the text of a plan with one more known issue."""
    try:
        document = tomlkit.parse(loaded.text)
        known = document.get("known_issue")
        if isinstance(known, AoT):
            append_table(known, make_table(issue))
        elif isinstance(known, Array):
            inline = tomlkit.inline_table()
            inline.update({name: quote(getattr(issue, name)) for name in FIELDS})
            known.append(inline)
        else:
            tables = tomlkit.aot()
            tables.append(make_table(issue))
            end = "" if loaded.text.endswith("\n") else "\n"
            return f"{loaded.text}{end}\n{tomlkit.dumps({'known_issue': tables})}"
        return tomlkit.dumps(document)
    except TOMLKitError as error:
        raise refuse(loaded) from error


def refuse(loaded: LoadedPlan) -> PlanError:
    """Make the error of a plan that cannot be added to without changing something else."""
    return PlanError(
        f"{loaded.path}: a known issue cannot be added to it as it is written",
        hint="add a [[known_issue]] by hand: id, pattern, summary, mitigation",
    )


def make_table(issue: KnownIssue) -> Table:
    """Make the table of a known issue."""
    table = tomlkit.table()
    for name in FIELDS:
        table.add(name, quote(getattr(issue, name)))
    return table


def quote(text: str) -> Item:
    """Quote a text as a person would: a pattern is full of backslashes, and stands as it is."""
    plain = "'" not in text and text.isprintable()
    return tomlkit.string(text, literal=plain and ("\\" in text or '"' in text))


def append_table(tables: AoT, table: Table) -> None:
    """Append a table behind the last of a list.

    What stands behind a blank line there belongs to the section that follows, and moves along.
    """
    last: Any = tables[len(tables) - 1]
    body = last.value.body
    at = len(body)
    while at and body[at - 1][0] is None:
        at -= 1
    while at < len(body) and not isinstance(body[at][1], Whitespace):
        at += 1
    following = [item for _, item in body[at:]]
    del body[at:]
    last.value.body.append((None, tomlkit.nl()))
    for item in following:
        table.value.body.append((None, item))
    tables.append(table)


def only_adds(old: str, new: str) -> bool:
    """Tell whether a text is another one with something put in, and nothing taken out or moved."""
    characters = iter(new)
    return all(character in characters for character in old)

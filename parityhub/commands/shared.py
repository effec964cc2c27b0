"""What several commands begin or end with."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from parityhub.hub.history import History
    from parityhub.hub.store import Hub
    from parityhub.plan.read import LoadedPlan

EXIT_NOT_PASS = 1


def load_plan(options: dict[str, Any]) -> "LoadedPlan":
    """Read the named plan, or the only one."""
    from parityhub.plan.find_plan import find_plan
    from parityhub.plan.read import read_plan

    return read_plan(options["plan_file"] or find_plan(Path()))


def load_hub(options: dict[str, Any]) -> "tuple[LoadedPlan, Hub, History]":
    """Read the plan, the hub and its records."""
    from parityhub.workflow.hubs import read_hub

    loaded = load_plan(options)
    return loaded, *read_hub(loaded, options["reports"], options["hub"], read_clock)


def read_clock() -> Any:
    """Return the time now, in UTC."""
    from datetime import UTC, datetime

    return datetime.now(UTC)


def print_json(document: Any) -> None:
    """Print one JSON document."""
    import msgspec

    encoded = msgspec.json.format(msgspec.json.encode(document), indent=2)
    click.echo(encoded.decode())

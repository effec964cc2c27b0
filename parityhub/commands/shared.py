"""What the commands have in common: options, how they begin, how they end."""

import errno
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from parityhub.errors import Error

if TYPE_CHECKING:
    from parityhub.hub.history import History
    from parityhub.hub.store import Hub
    from parityhub.plan.read import LoadedPlan

EXIT_INPUT, EXIT_NOT_PASS, EXIT_INTERNAL = 2, 1, 4
NO_BUGS = {
    errno.EACCES: "give yourself the right to it, or name another folder",
    errno.EPERM: "give yourself the right to it, or name another folder",
    errno.EROFS: "name a folder that can be written to",
    errno.ENOTDIR: "a file is in the way: move it, or name another folder",
    errno.ENOSPC: "make room on that disk, or name another",
    errno.EDQUOT: "make room on that disk, or name another",
}
"""what the machine refuses, by number, and what to do about it"""
F = TypeVar("F", bound=Callable[..., Any])


def common_options(command: F) -> F:
    """Add the options that each command takes."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Show the traceback of an error."),
        click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout."),
        click.option(
            "--hub",
            type=click.Path(path_type=Path, file_okay=False),
            help="The hub to work on.  [default: the newest of the plan]",
        ),
        click.option(
            "--reports",
            type=click.Path(path_type=Path, file_okay=False),
            default=Path("reports"),
            show_default=True,
            help="The folder of hubs.",
        ),
        click.option(
            "--plan",
            "plan_file",
            type=click.Path(path_type=Path, dir_okay=False),
            help="The plan.  [default: the only one under plans/]",
        ),
    ):
        command = option(command)
    return command


def with_errors(options: dict[str, Any], action: Callable[[], int]) -> None:
    """Run a command's action and exit with its code; an Error becomes a line and a hint."""
    import traceback

    from parityhub.run.stop import Stopped

    try:
        code = action()
    except Error as error:
        if options["verbose"]:
            traceback.print_exc()
        click.echo(f"parityhub: {error.message}", err=True)
        click.echo(f"hint: {error.hint}", err=True)
        code = error.exit_code
    except (Stopped, KeyboardInterrupt) as stop:
        number = stop.number if isinstance(stop, Stopped) else signal.SIGINT
        click.echo("parityhub: stopped; every child has ended, the hub is whole", err=True)
        click.echo("hint: go on with --resume", err=True)
        code = 128 + number
    except BrokenPipeError:
        code = EXIT_NOT_PASS
    except Exception as error:
        if options["verbose"]:
            traceback.print_exc()
        if isinstance(error, OSError) and error.errno in NO_BUGS:
            click.echo(f"parityhub: {error.filename}: {error.strerror}", err=True)
            click.echo(f"hint: {NO_BUGS[error.errno]}", err=True)
            sys.exit(EXIT_INPUT)
        click.echo(f"parityhub: internal error: {type(error).__name__}: {error}", err=True)
        click.echo("hint: this is a bug of parityhub; -v shows where", err=True)
        code = EXIT_INTERNAL
    sys.exit(code)


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

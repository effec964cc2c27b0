"""compare, localize, selftest."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from parityhub.commands.completion import complete_check, complete_phase
from parityhub.commands.shared import (
    EXIT_NOT_PASS,
    common_options,
    load_plan,
    print_json,
    read_clock,
    with_errors,
)

if TYPE_CHECKING:
    from parityhub.plan.read import LoadedPlan
    from parityhub.workflow.compare import Inquiry


def compare(phase: str, quiet: bool, options: dict[str, Any]) -> int:
    """Compare a phase's outputs and print each with its tolerance."""
    from parityhub import terminal
    from parityhub.workflow.compare import compare_phase, rejudge_phase
    from parityhub.workflow.documents import describe_comparison

    put = rejudge_phase if options["rejudge"] else compare_phase
    with show_inquiry(phase, quiet, options) as (loaded, inquiry):
        bench, checks = put(loaded, inquiry)
    document = describe_comparison(phase, bench.setting.hub, checks, bench.history)
    if options["as_json"]:
        print_json(document)
    else:
        terminal.print_lines(terminal.list_comparison_lines(document))
    return 0 if document["verdict"] == "PASS" else EXIT_NOT_PASS


def localize(phase: str, quiet: bool, options: dict[str, Any]) -> int:
    """Print which layer of a phase's pairs first differs."""
    from parityhub import terminal
    from parityhub.workflow.compare import localize_phase
    from parityhub.workflow.documents import describe_localization

    with show_inquiry(phase, quiet, options) as (loaded, inquiry):
        bench, found = localize_phase(loaded, inquiry)
    document = describe_localization(phase, bench.setting.hub, found)
    if options["as_json"]:
        print_json(document)
    else:
        terminal.print_lines(terminal.list_localization_lines(document))
    return 0 if document["verdict"] == "PASS" else EXIT_NOT_PASS


@contextmanager
def show_inquiry(
    phase: str, quiet: bool, options: dict[str, Any]
) -> "Iterator[tuple[LoadedPlan, Inquiry]]":
    """Read the plan and yield what is asked for, showing how far it is meanwhile."""
    from parityhub import terminal
    from parityhub.run.stop import stop_on_signals
    from parityhub.workflow.compare import Inquiry

    stop_on_signals()
    loaded = load_plan(options)
    progress = terminal.Progress(terminal.make_console(stderr=True), quiet=quiet)
    with progress.show():
        yield (
            loaded,
            Inquiry(
                phase=phase,
                check=options["check"],
                reports=options["reports"],
                hub=options["hub"],
                root=Path.cwd(),
                inherited=os.environ,
                clock=read_clock,
                tell=progress.tell,
                tick=progress.tick,
            ),
        )


def selftest(short: bool, faults: tuple[str, ...], quiet: bool, options: dict[str, Any]) -> int:
    """Seed known faults and print what came of each."""
    from parityhub import terminal
    from parityhub.run.stop import stop_on_signals
    from parityhub.workflow.documents import describe_selftest
    from parityhub.workflow.selftest import Ground, run_selftest

    stop_on_signals()
    progress = terminal.Progress(terminal.make_console(stderr=True), quiet=quiet)
    with progress.show(), TemporaryDirectory(prefix="parityhub-selftest-") as folder:
        ground = Ground(
            root=Path.cwd(),
            folder=Path(folder),
            inherited=os.environ,
            python=sys.executable,
            tell=progress.tell,
            tick=progress.tick,
        )
        record = run_selftest(ground, 10 if short else 50, faults)
    document = describe_selftest(record)
    if options["as_json"]:
        print_json(document)
    else:
        terminal.print_lines(terminal.list_selftest_lines(record))
    return 0 if document["passed"] else EXIT_NOT_PASS


@click.command("compare", epilog="Example: parityhub compare C2")
@click.argument("phase", shell_complete=complete_phase)
@click.option("--check", shell_complete=complete_check, help="Only the check of this id.")
@click.option(
    "--rejudge", is_flag=True, help="Judge what is stored under the plan's tolerances; run nothing."
)
@click.option("-q", "--quiet", is_flag=True, help="Show nothing while it runs.")
@common_options
def compare_command(phase: str, quiet: bool, **options: Any) -> None:
    """Compare the outputs of both sides.

    With the same weights and the same input, against a tolerance that is derived from the network
    in float64; or with the weights that each side trained.
    """
    with_errors(options, lambda: compare(phase, quiet, options))


@click.command("localize", epilog="Example: parityhub localize C2")
@click.argument("phase", shell_complete=complete_phase)
@click.option(
    "--check", shell_complete=complete_check, help="Only the pair of the check of this id."
)
@click.option("-q", "--quiet", is_flag=True, help="Show nothing while it runs.")
@common_options
def localize_command(phase: str, quiet: bool, **options: Any) -> None:
    """Say which layer first differs, and likely why."""
    with_errors(options, lambda: localize(phase, quiet, options))


@click.command("selftest", epilog="Example: parityhub selftest --short")
@click.option("--short", is_flag=True, help="10 runs without a fault in place of 50.")
@click.option("--fault", "faults", multiple=True, help="Only this fault; may be given again.")
@click.option("-q", "--quiet", is_flag=True, help="Show nothing while it runs.")
@common_options
def selftest_command(short: bool, faults: tuple[str, ...], quiet: bool, **options: Any) -> None:
    """Seed known faults and see that each is caught.

    Each into one side of a pair of its own, one at a time; and runs without any, which must not
    alarm.
    """
    with_errors(options, lambda: selftest(short, faults, quiet, options))

"""compare, localize, selftest."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from parityhub.commands.shared import EXIT_NOT_PASS, load_plan, print_json, read_clock

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

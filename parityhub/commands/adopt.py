"""import."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parityhub.commands.shared import (
    EXIT_NOT_PASS,
    common_options,
    print_json,
    read_clock,
    with_errors,
)

if TYPE_CHECKING:
    from parityhub.workflow.import_hub import Ground, Survey


def import_hub(folder: Path, options: dict[str, Any]) -> int:
    """Show what a folder holds and, once that is confirmed, make a hub of it."""
    from parityhub import terminal
    from parityhub.workflow.import_hub import (
        describe_adopted,
        describe_survey,
        import_folder,
        survey_folder,
    )

    progress = terminal.Progress(terminal.make_console(stderr=True), quiet=options["as_json"])
    ground = make_ground(options, progress.tell)
    survey = survey_folder(folder, ground)
    if not options["yes"]:
        if not options["as_json"]:
            terminal.print_lines(terminal.list_import_lines(describe_survey(survey)))
        if not confirm(folder, survey, options):
            return EXIT_NOT_PASS
    with progress.show():
        document = describe_adopted(survey, import_folder(survey, ground))
    if options["as_json"]:
        print_json(document)
    else:
        terminal.print_lines(terminal.list_import_lines(document))
    return 0


def make_ground(options: dict[str, Any], tell: Any) -> "Ground":
    """Return where an import puts what it makes.

    Raises:
        UsageError: a hub was named, and an import makes a new one.
    """
    from parityhub.errors import UsageError
    from parityhub.workflow.import_hub import Ground

    if options["hub"] is not None:
        raise UsageError("an import makes a new hub", hint="leave --hub out; --reports says where")
    return Ground(
        root=Path.cwd(),
        reports=options["reports"],
        name=options["name"],
        plan=options["plan_file"],
        clock=read_clock,
        tell=tell,
    )


def confirm(folder: Path, survey: "Survey", options: dict[str, Any]) -> bool:
    """Ask whether the guess is right.

    Raises:
        UsageError: there is nobody to ask.
    """
    from parityhub.errors import UsageError
    from parityhub.workflow.import_hub import describe_survey

    if options["as_json"]:
        print_json(describe_survey(survey))
    if options["as_json"] or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "nothing was imported: there is nobody to confirm the phases",
            hint=f"take them as they are: parityhub import {folder} --yes",
        )
    return click.confirm("Import it so?", err=True)


def import_runs(options: dict[str, Any]) -> int:
    """Make a hub of Polygraphy's files, and print how their runners compare."""
    from parityhub import terminal
    from parityhub.compare.referee.tolerance import Override
    from parityhub.workflow import import_polygraphy

    progress = terminal.Progress(terminal.make_console(stderr=True), quiet=options["as_json"])
    atol, rtol = options["atol"], options["rtol"]
    override = None
    if atol is not None or rtol is not None:
        override = Override(options["reason"], atol or 0.0, rtol or 0.0)
    ground = make_ground(options, progress.tell)
    with progress.show():
        made = import_polygraphy.import_runs(options["polygraphy"], override, ground)
    document = import_polygraphy.describe_runs(*made)
    if options["as_json"]:
        print_json(document)
    else:
        terminal.print_lines(terminal.list_runs_lines(document))
    return 0 if document["verdict"] == "PASS" else EXIT_NOT_PASS


def import_named(folder: Path | None, options: dict[str, Any]) -> int:
    """Import what was named: a folder, or files of Polygraphy.

    Raises:
        UsageError: both were named, or nothing was.
    """
    from parityhub.errors import UsageError

    if (folder is None) is not bool(options["polygraphy"]):
        raise UsageError(
            "an import takes a folder or --polygraphy FILE, one of them",
            hint="parityhub import FOLDER, or parityhub import --polygraphy out.json",
        )
    return import_runs(options) if folder is None else import_hub(folder, options)


@click.command("import", epilog="Example: parityhub import ../other/hub --yes")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "-y", "--yes", is_flag=True, help="Take the phases as they were guessed; ask nothing."
)
@click.option("--name", help="Of the plan and the hub.  [default: as what is imported]")
@click.option(
    "--polygraphy",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="In place of FOLDER: what `polygraphy run --save-outputs` wrote; may be given again.",
)
@click.option("--atol", type=float, help="With --polygraphy: absolute tolerance.")
@click.option("--rtol", type=float, help="With --polygraphy: relative to an output's largest.")
@click.option("--reason", default="", help="Why that tolerance; required with one.")
@common_options
def import_command(folder: Path | None, **options: Any) -> None:
    """Adopt evidence that was made elsewhere.

    FOLDER, a hub kept by hand, is copied into a new hub, each file with its digests; nothing in it
    is changed. Its phases are guessed from names and shown first. None of them counts as run.
    """
    with_errors(options, lambda: import_named(folder, options))

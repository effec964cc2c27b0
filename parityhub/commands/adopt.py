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


@click.command("import", epilog="Example: parityhub import ../other/hub --yes")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Take the phases as they were guessed; ask nothing.")
@click.option("--name", help="Of the plan and the hub.  [default: the folder's]")
@common_options
def import_command(folder: Path, **options: Any) -> None:
    """Adopt a hub that was kept by hand.

    FOLDER is copied into a new hub, each file with its digests; nothing in it is changed. Its
    phases are guessed from names and shown first. None of them counts as run.
    """
    with_errors(options, lambda: import_hub(folder, options))

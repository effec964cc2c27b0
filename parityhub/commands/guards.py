"""guard: a pytest module that keeps what was accepted."""

from pathlib import Path
from typing import Any

import click

from parityhub.commands.completion import complete_phase
from parityhub.commands.shared import common_options, load_hub, print_json, with_errors


def guard(phase_id: str, folder: Path, data: str, replace: bool, options: dict[str, Any]) -> int:
    """Write a guard, and say what it guards and what it does not."""
    from parityhub.guards.write_guard import Wanted, write_guard
    from parityhub.workflow.request import find_phase

    loaded, hub, history = load_hub(options)
    phase = find_phase(loaded.plan, phase_id)
    wanted = Wanted(phase=phase, root=Path.cwd(), folder=folder, data=data, replace=replace)
    written = write_guard(loaded, hub, history, wanted)
    if options["as_json"]:
        print_json(
            {
                "module": written.module.as_posix(),
                "guarded": written.guarded,
                "not_guarded": [{"check": name, "reason": why} for name, why in written.left],
                "ignored": written.ignored,
            }
        )
        return 0
    click.echo(f"guards  {', '.join(written.guarded)}")
    for name, why in written.left:
        click.echo(f"leaves  {name}: {why}")
    click.echo(f"wrote   {written.module.as_posix()}")
    if written.ignored:
        more = f" and {len(written.ignored) - 1} more" if len(written.ignored) > 1 else ""
        click.echo(
            f"ignored {written.ignored[0]}{more}: it needs what git ignores; git add --force"
        )
    click.echo(f"next    pytest {written.module.as_posix()}")
    return 0


@click.command("guard", epilog="Example: parityhub guard C3")
@click.argument("phase", shell_complete=complete_phase)
@click.option(
    "--into",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("tests/parity"),
    show_default=True,
    help="The folder of guards.",
)
@click.option(
    "--data",
    type=click.Choice(("beside", "hub")),
    default="beside",
    show_default=True,
    help="Copy the arrays beside the guard, or read them in the hub.",
)
@click.option("--replace", is_flag=True, help="Write it anew over the one that is there.")
@common_options
def guard_command(phase: str, folder: Path, data: str, replace: bool, **options: Any) -> None:
    """Write a pytest module that keeps what a phase accepted.

    Of each check that passed: both sides of a pair are put again to the input and weights that they
    were accepted with; a phase's runs are run again. What fails shows what was accepted, what is
    now, the tolerance with its reason, and the guilty layer.
    """
    with_errors(options, lambda: guard(phase, folder, data, replace, options))

"""The commands and their options. Only here and in commands/ is printed and exited."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from parityhub.commands import audits, parity, phases, shared
from parityhub.errors import Error

EXIT_INTERNAL = 4
F = TypeVar("F", bound=Callable[..., Any])


class Group(click.Group):
    """Commands in the order of a user's work, and errors as a line and a hint."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List commands in the order in which they are defined."""
        return list(self.commands)


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


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: parityhub run-phase C1 && parityhub status",
)
@click.version_option(package_name="parityhub")
def cli() -> None:
    """Run the same model in TensorFlow and in PyTorch, and keep the evidence.

    A phase of the plan runs each baseline in its own process, keeps what it left in a hub under
    reports/, and renders summary.md from the records alone.
    """


@cli.command("run-phase", epilog="Example: parityhub run-phase C1")
@click.argument("phase")
@click.option("--new-hub", is_flag=True, help="Start another hub.")
@click.option("--resume", is_flag=True, help="Go on with the run that was interrupted.")
@click.option("--rerun-owed", is_flag=True, help="Rerun the sides that owe a rerun.")
@click.option("--with-required", is_flag=True, help="Run the phases it requires first.")
@click.option("--accept-plan-change", is_flag=True, help="Go on although the plan was changed.")
@click.option("-q", "--quiet", is_flag=True, help="Show nothing while it runs.")
@common_options
def run_phase_command(phase: str, quiet: bool, **options: Any) -> None:
    """Run a phase and render its summary.

    Its gate first, then its baselines up their ladders, then its checks.
    """
    with_errors(options, lambda: phases.run_phase(phase, quiet, options))


@cli.command("diff-stats", epilog="Example: parityhub diff-stats B3 GS1")
@click.argument("base")
@click.argument("candidate")
@click.option(
    "--collapse-below",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=1e-3,
    show_default=True,
    help="A statistic under this fraction of its baseline has collapsed.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="With two files: write the table here."
)
@common_options
def diff_stats_command(base: str, candidate: str, **options: Any) -> None:
    """Compare the statistics of two phases.

    BASE and CANDIDATE are PHASE or PHASE:BASELINE, or two stats.json files.
    """
    with_errors(options, lambda: phases.diff_stats(base, candidate, options))


@cli.command("compare", epilog="Example: parityhub compare C2")
@click.argument("phase")
@click.option("--check", help="Only the check of this id.")
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
    with_errors(options, lambda: parity.compare(phase, quiet, options))


@cli.command("localize", epilog="Example: parityhub localize C2")
@click.argument("phase")
@click.option("--check", help="Only the pair of the check of this id.")
@click.option("-q", "--quiet", is_flag=True, help="Show nothing while it runs.")
@common_options
def localize_command(phase: str, quiet: bool, **options: Any) -> None:
    """Say which layer first differs, and likely why."""
    with_errors(options, lambda: parity.localize(phase, quiet, options))


@cli.command("selftest", epilog="Example: parityhub selftest --short")
@click.option("--short", is_flag=True, help="10 runs without a fault in place of 50.")
@click.option("--fault", "faults", multiple=True, help="Only this fault; may be given again.")
@click.option("-q", "--quiet", is_flag=True, help="Show nothing while it runs.")
@common_options
def selftest_command(short: bool, faults: tuple[str, ...], quiet: bool, **options: Any) -> None:
    """Seed known faults and see that each is caught.

    Each into one side of a pair of its own, one at a time; and runs without any, which must not
    alarm.
    """
    with_errors(options, lambda: parity.selftest(short, faults, quiet, options))


@cli.command("audit", epilog="Example: parityhub audit reports --sarif audit.sarif")
@click.argument("target", required=False, type=click.Path(path_type=Path))
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A repository that may be read: paths, commits, data sets.",
)
@click.option("--sarif", type=click.Path(path_type=Path), help="Write findings as SARIF 2.1.0.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write findings as JUnit XML.")
@click.option("--html", type=click.Path(path_type=Path), help="Write each report, annotated, here.")
@click.option("--unverifiable", is_flag=True, help="List what could not be verified, too.")
@click.option("--paranoid", is_flag=True, help="Digest each file again; trust no cache.")
@click.option("--fix-citations", is_flag=True, help="Mend line numbers that moved; nothing else.")
@common_options
def audit_command(target: Path | None, **options: Any) -> None:
    """Hold what reports say against the evidence.

    TARGET is a hub (also one without a manifest), a report (--hub says whose evidence counts), or a
    folder of hubs.  [default: the newest hub of the plan]
    """
    with_errors(options, lambda: audits.audit(target, options))


@cli.command("rule", epilog="Example: parityhub rule PH301")
@click.argument("code")
@common_options
def rule_command(code: str, **options: Any) -> None:
    """Explain a rule of audit, with an example."""
    with_errors(options, lambda: audits.explain_rule(code, options))


@cli.command("status", epilog="Example: parityhub status --json")
@common_options
def status_command(**options: Any) -> None:
    """Show where the initiative stands.

    Each phase with its state and verdict, the exit criteria, and what is next.
    """
    with_errors(options, lambda: phases.show_status(options))


@cli.command("brief", epilog="Example: parityhub brief C1")
@click.argument("phase")
@common_options
def brief_command(phase: str, **options: Any) -> None:
    """Show what a phase would do.

    Its gate, its commands with their environment, the artifacts expected, its checks.
    """
    with_errors(options, lambda: phases.show_brief(phase, options))


@cli.command("report", epilog="Example: parityhub report --hub reports/STAMP/forward_parity")
@common_options
def report_command(**options: Any) -> None:
    """Render a hub anew from its records."""
    with_errors(options, lambda: phases.render_report(options))


@cli.command("doctor", epilog="Example: parityhub doctor")
@common_options
def doctor_command(**options: Any) -> None:
    """Check what the phases need here.

    Nothing is run: interpreters, frameworks and disk are looked for.
    """
    with_errors(options, lambda: phases.check_machine(options))


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
        code = shared.EXIT_NOT_PASS
    except Exception as error:
        if options["verbose"]:
            traceback.print_exc()
        click.echo(f"parityhub: internal error: {type(error).__name__}: {error}", err=True)
        click.echo("hint: this is a bug of parityhub; -v shows where", err=True)
        code = EXIT_INTERNAL
    sys.exit(code)


def main() -> None:
    """Run the command line."""
    cli(prog_name="parityhub")

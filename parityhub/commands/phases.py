"""run-phase, diff-stats, status, brief, report, doctor."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from parityhub.commands.completion import complete_phase
from parityhub.commands.shared import (
    EXIT_NOT_PASS,
    common_options,
    load_hub,
    load_plan,
    print_json,
    read_clock,
    with_errors,
)


def run_phase(phase: str, quiet: bool, options: dict[str, Any]) -> int:
    """Run a phase and print what came of it."""
    from parityhub import terminal
    from parityhub.run.stop import stop_on_signals
    from parityhub.workflow.documents import describe_run
    from parityhub.workflow.request import Request, serve_request

    stop_on_signals()
    loaded = load_plan(options)
    progress = terminal.Progress(terminal.make_console(stderr=True), quiet=quiet)
    with progress.show():
        hub, record = serve_request(
            loaded,
            Request(
                phase=phase,
                reports=options["reports"],
                root=Path.cwd(),
                hub=options["hub"],
                new_hub=options["new_hub"],
                accept_plan=options["accept_plan_change"],
                resume=options["resume"],
                rerun_owed=options["rerun_owed"],
                with_required=options["with_required"],
                inherited=os.environ,
                clock=read_clock,
                tell=progress.tell,
                tick=progress.tick,
                mark=progress.mark,
            ),
        )
    if options["as_json"]:
        print_json(describe_run(hub, record))
    else:
        terminal.print_lines(terminal.list_run_lines(hub, record))
    return record.exit_code


def diff_stats(base: str, candidate: str, options: dict[str, Any]) -> int:
    """Compare two phases, or two files, and print the table."""
    from parityhub import terminal
    from parityhub.errors import UsageError
    from parityhub.workflow import stats
    from parityhub.workflow.documents import describe_diff

    files = [Path(name) for name in (base, candidate) if name.endswith(".json")]
    artifacts: tuple[str, ...] = ()
    if len(files) == 1:
        raise UsageError(
            f"{base} and {candidate}: a phase and a file", hint="give two phases or two files"
        )
    if files:
        record = stats.diff_files(files[0], files[1], options["collapse_below"])
        if options["out"]:
            options["out"].write_text(stats.render_metrics(record, None), encoding="utf-8")
            artifacts = (str(options["out"]),)
    else:
        if options["out"]:
            raise UsageError("--out goes with two files", hint="phases write into their hub")
        loaded, hub, history = load_hub(options)
        collapse = options["collapse_below"]
        record, artifacts = stats.diff_phases(hub, loaded.plan, history, base, candidate, collapse)
    if options["as_json"]:
        print_json(describe_diff(base, candidate, record, artifacts))
    else:
        terminal.print_lines(terminal.list_diff_lines(record, artifacts))
    return 0 if record.verdict == "PASS" else EXIT_NOT_PASS


def show_status(options: dict[str, Any]) -> int:
    """Print the ledger."""
    from parityhub import terminal
    from parityhub.commands import journal_lines
    from parityhub.workflow.status import describe_status, read_status

    loaded, hub, history = load_hub(options)
    status = read_status(loaded.plan, hub, history)
    if options["as_json"]:
        print_json(describe_status(status))
    else:
        terminal.print_lines(journal_lines.list_status_lines(status))
    return 0 if all(row.verdict == "PASS" for row in status.rows) else EXIT_NOT_PASS


def show_brief(phase_id: str, options: dict[str, Any]) -> int:
    """Print what to do about a phase now, and what it would do."""
    from parityhub.report.render import render_template
    from parityhub.workflow.brief import brief_phase
    from parityhub.workflow.request import find_phase

    loaded = load_plan(options)
    phase = find_phase(loaded.plan, phase_id)
    brief = brief_phase(
        loaded, phase, options["reports"], options["hub"], Path.cwd(), sys.executable, read_clock
    )
    if options["as_json"]:
        print_json(brief)
    else:
        click.echo(render_template("brief.md.j2", brief), nl=False)
    return 0


def render_report(options: dict[str, Any]) -> int:
    """Render a hub's views anew."""
    from parityhub.hub import layout
    from parityhub.workflow.show import render_held

    loaded, hub, history = load_hub(options)
    view = render_held(hub, loaded.plan, history, Path.cwd())
    summary, page = (str(hub.root / name) for name in (layout.SUMMARY, layout.SUMMARY_PAGE))
    if options["as_json"]:
        print_json({"hub": str(hub.root), "summary": summary, "page": page, "view": view})
    else:
        click.echo(f"page     {page}\nsummary  {summary}")
    return 0


def render_site(folder: Path, options: dict[str, Any]) -> int:
    """Write a site over all hubs of the plan."""
    from parityhub.errors import UsageError
    from parityhub.workflow.site import write_site

    if options["hub"] is not None:
        raise UsageError("--site shows every hub of the plan", hint="leave --hub out")
    loaded = load_plan(options)
    written = write_site(folder, loaded.plan, options["reports"], Path.cwd())
    if options["as_json"]:
        print_json(
            {
                "page": str(written.page),
                "hubs": written.hubs,
                "unreadable": written.unreadable,
                "linked": written.linked,
            }
        )
        return 0
    for line in written.unreadable:
        click.echo(f"unreadable  {line}", err=True)
    if not written.linked:
        click.echo("not linked  hubs and site are not in this repository", err=True)
    click.echo(f"site  {written.page} ({written.hubs} hubs)")
    return 0


def check_machine(options: dict[str, Any]) -> int:
    """Check what the plan's phases need here."""
    from parityhub import terminal
    from parityhub.run.preflight import survey_ground

    loaded = load_plan(options)
    rows = survey_ground(loaded.plan, Path.cwd(), sys.executable)
    ready = all(row["ready"] for row in rows)
    if options["as_json"]:
        print_json({"plan": str(loaded.path), "phases": rows})
        return 0 if ready else EXIT_NOT_PASS
    terminal.print_lines(terminal.list_doctor_lines(rows))
    return 0 if ready else EXIT_NOT_PASS


@click.command("run-phase", epilog="Example: parityhub run-phase C1")
@click.argument("phase", shell_complete=complete_phase)
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
    with_errors(options, lambda: run_phase(phase, quiet, options))


@click.command("diff-stats", epilog="Example: parityhub diff-stats B3 GS1")
@click.argument("base", shell_complete=complete_phase)
@click.argument("candidate", shell_complete=complete_phase)
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
    with_errors(options, lambda: diff_stats(base, candidate, options))


@click.command("status", epilog="Example: parityhub status --json")
@common_options
def status_command(**options: Any) -> None:
    """Show where the initiative stands.

    Each phase with its state and verdict, sub-steps and exit criteria with what ticks them,
    blockers that wait, decisions, the last turn, and what is next.
    """
    with_errors(options, lambda: show_status(options))


@click.command("brief", epilog="Example: parityhub brief C1")
@click.argument("phase", shell_complete=complete_phase)
@common_options
def brief_command(phase: str, **options: Any) -> None:
    """Show what to do about a phase now, and what it would do.

    The next commands; then its gate, its commands with their environment, the artifacts expected,
    its checks, and its sub-steps with what ticks them.
    """
    with_errors(options, lambda: show_brief(phase, options))


@click.command("report", epilog="Example: parityhub report --site outputs/history")
@click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a site over all hubs of the plan here instead.",
)
@common_options
def report_command(site: Path | None, **options: Any) -> None:
    """Render a hub anew from its records, or a site over all hubs."""
    if site is None:
        with_errors(options, lambda: render_report(options))
    else:
        with_errors(options, lambda: render_site(site, options))


@click.command("doctor", epilog="Example: parityhub doctor")
@common_options
def doctor_command(**options: Any) -> None:
    """Check what the phases need here.

    Nothing is run: interpreters, frameworks and disk are looked for.
    """
    with_errors(options, lambda: check_machine(options))

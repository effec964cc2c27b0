"""audit, rule."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parityhub.commands.completion import complete_rule
from parityhub.commands.shared import (
    EXIT_NOT_PASS,
    common_options,
    load_hub,
    load_plan,
    print_json,
    with_errors,
)

if TYPE_CHECKING:
    from parityhub.plan.model import Plan
    from parityhub.workflow.audit import Audit


def audit(target: Path | None, options: dict[str, Any]) -> int:
    """Audit and print the findings, grouped by file."""
    from parityhub import terminal
    from parityhub.workflow.audit import describe_audit, run_audit
    from parityhub.workflow.audit_files import fix_citations, write_outputs

    asked = make_audit(target, options)
    if options["campaign"] is not None:
        return try_audit(asked, options)
    audited = run_audit(asked)
    if options["fix_citations"]:
        mended = [path for entry in audited for path in fix_citations(entry)]
        # What was mended is judged as it stands now.
        audited = run_audit(asked) if mended else audited
        for path in mended:
            click.echo(f"mended  {path}", err=True)
    for path in write_outputs(audited, options["sarif"], options["junit"], options["html"]):
        click.echo(f"written  {path}", err=True)
    document = describe_audit(audited, unverifiable=options["unverifiable"])
    if options["as_json"]:
        print_json(document)
    else:
        terminal.print_lines(terminal.list_audit_lines(audited, options["unverifiable"]))
    return 0 if document["verdict"] == "PASS" else EXIT_NOT_PASS


def make_audit(target: Path | None, options: dict[str, Any]) -> "Audit":
    """Return the audit that the options ask for."""
    from parityhub.workflow.audit import Audit

    return Audit(
        target=choose_target(target, options),
        hub=options["hub"],
        root=options["root"],
        reports=options["reports"],
        cache=find_cache(),
        paranoid=options["paranoid"],
        plan=find_known_plan(options),
    )


def try_audit(asked: "Audit", options: dict[str, Any]) -> int:
    """Try the audit of a hub on lies, and print which it saw."""
    from parityhub import terminal
    from parityhub.workflow.audit_campaign import Campaign, describe_campaign, try_hub

    progress = terminal.Progress(terminal.make_console(stderr=True), quiet=False)
    with progress.show():
        campaign = Campaign(
            audit=asked, mutants=options["campaign"], seed=options["seed"], tell=progress.tell
        )
        hub, tried = try_hub(campaign)
    document = describe_campaign(hub, options["seed"], tried)
    if options["as_json"]:
        print_json(document)
    else:
        terminal.print_lines(terminal.list_campaign_lines(document))
    return 0 if document["verdict"] == "PASS" else EXIT_NOT_PASS


def choose_target(target: Path | None, options: dict[str, Any]) -> Path:
    """Return what is audited: what was named, the named hub, or the plan's newest."""
    if target is not None:
        return target
    named: Path | None = options["hub"]
    return named if named is not None else load_hub(options)[1].root


def find_cache() -> Path:
    """Return the folder of this user in which digests are kept between audits."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "parityhub" / "audit"


def find_known_plan(options: dict[str, Any]) -> "Plan | None":
    """Return the plan that was named, or the only one; None: there is none to be had."""
    from parityhub.errors import PlanError, UsageError

    if options["plan_file"] is not None:
        return load_plan(options).plan
    try:
        return load_plan(options).plan
    except (PlanError, UsageError):
        # A foreign hub is audited where no plan lies.
        return None


def explain_rule(code: str, options: dict[str, Any]) -> int:
    """Print what a rule asks, why, and an example."""
    from inspect import getdoc

    from parityhub.audit.rules.registry import find_rules

    rules = find_rules(code)
    if options["as_json"]:
        print_json(
            [
                {
                    "code": rule.code,
                    "slug": rule.slug,
                    "severity": rule.severity,
                    "says": getdoc(type(rule)) or "",
                    "example": rule.example,
                }
                for rule in rules
            ]
        )
        return 0
    for rule in rules:
        click.echo(f"{rule.code} {rule.slug} ({rule.severity})\n")
        click.echo(f"{getdoc(type(rule))}\n")
        click.echo(f"Example: {rule.example}\n")
    return 0


@click.command("audit", epilog="Example: parityhub audit reports --sarif audit.sarif")
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
@click.option(
    "--campaign",
    type=click.IntRange(min=1),
    metavar="N",
    help="Put N lies into a copy of the hub, one at a time: would they be found?",
)
@click.option("--seed", default=1, show_default=True, help="With --campaign: which lies.")
@common_options
def audit_command(target: Path | None, **options: Any) -> None:
    """Hold what reports say against the evidence.

    TARGET is a hub (also one without a manifest), a report (--hub says whose evidence counts), or a
    folder of hubs.  [default: the newest hub of the plan]
    """
    with_errors(options, lambda: audit(target, options))


@click.command("rule", epilog="Example: parityhub rule PH301")
@click.argument("code", shell_complete=complete_rule)
@common_options
def rule_command(code: str, **options: Any) -> None:
    """Explain a rule of audit, with an example."""
    with_errors(options, lambda: explain_rule(code, options))

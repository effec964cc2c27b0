"""audit, rule."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parityhub.commands.shared import EXIT_NOT_PASS, load_hub, load_plan, print_json

if TYPE_CHECKING:
    from parityhub.plan.model import Plan


def audit(target: Path | None, options: dict[str, Any]) -> int:
    """Audit and print the findings, grouped by file."""
    from parityhub import terminal
    from parityhub.workflow.audit import Audit, describe_audit, run_audit
    from parityhub.workflow.audit_files import fix_citations, write_outputs

    asked = Audit(
        target=choose_target(target, options),
        hub=options["hub"],
        root=options["root"],
        reports=options["reports"],
        cache=find_cache(),
        paranoid=options["paranoid"],
        plan=find_known_plan(options),
    )
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

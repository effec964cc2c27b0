"""What a shell offers while a command is typed: phases of the plan, its checks, codes of rules."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from parityhub.plan.model import Plan


def complete_phase(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the phases of the plan, with their titles."""
    return [
        CompletionItem(phase.id, help=phase.title)
        for plan in read_plan_quietly(context)
        for phase in plan.phases
        if phase.id.lower().startswith(typed.lower())
    ]


def complete_check(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the checks of the phase that is typed already, or of all."""
    # Where an option waits for its value, click leaves the words before it unread.
    wanted = context.params.get("phase") or next(iter(context.args), None)
    return [
        CompletionItem(check.id, help=check.title)
        for plan in read_plan_quietly(context)
        for phase in plan.phases
        if wanted in (None, phase.id)
        for check in phase.checks
        if check.id.startswith(typed)
    ]


def complete_rule(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the rules of audit."""
    from parityhub.audit.rules.registry import RULES

    return [
        CompletionItem(rule.code, help=rule.slug)
        for rule in RULES
        if rule.code.startswith(typed.upper())
    ]


def read_plan_quietly(context: click.Context) -> "Iterator[Plan]":
    """Yield the plan that is named, or the only one; nothing where it cannot be read.

    A shell that asks while somebody types wants no error: the command itself will say it.
    """
    from pathlib import Path

    from parityhub.errors import Error
    from parityhub.plan.find_plan import find_plan
    from parityhub.plan.read import read_plan

    try:
        named = context.params.get("plan_file")
        yield read_plan(named or find_plan(Path())).plan
    except (Error, OSError):
        return

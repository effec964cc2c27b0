"""Commands and paths of a plan with their placeholders filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parityhub.errors import PlanError
from parityhub.plan.model import Gate, OptionValue, Phase, Plan, Step
from parityhub.plan.part import PLACEHOLDER
from parityhub.plan.situation import Situation, resolve_situations


@dataclass(frozen=True, kw_only=True)
class Places:
    """What the placeholders stand for in one attempt."""

    python: str
    root: Path
    """the repository, or the worktree of a rung's revision"""
    out: Path
    data: Mapping[str, Path]


def expand_text(text: str, places: Places, options: Mapping[str, OptionValue]) -> str:
    """Fill in the placeholders of a text.

    Raises:
        PlanError: a placeholder is not known here.
    """
    known = {"python": places.python, "root": str(places.root), "out": str(places.out)}
    known.update({f"data.{name}": str(path) for name, path in places.data.items()})
    known.update(
        {f"option.{name}": str(value) for name, value in options.items() if "{" not in str(value)}
    )

    def fill(match: re.Match[str]) -> str:
        try:
            return known[match[1]]
        except KeyError:
            raise PlanError(
                f"{text!r}: {{{match[1]}}} stands for nothing here",
                hint=f"known: {', '.join(sorted(known))}",
            ) from None

    return PLACEHOLDER.sub(fill, text)


def expand_options(
    step: Step, options: Mapping[str, OptionValue], places: Places
) -> tuple[str, ...]:
    """Return the options of a step as words: `--n-groups 256`; true is a flag, false nothing."""
    words: list[str] = []
    for name in step.options:
        value = options.get(name, False)
        flag = "--" + name.replace("_", "-")
        if value is True:
            words.append(flag)
        elif value is not False:
            text = expand_text(value, places, options) if isinstance(value, str) else repr(value)
            words += [flag, text]
    return tuple(words)


def expand_command(
    step: Step, options: Mapping[str, OptionValue], places: Places
) -> tuple[str, ...]:
    """Return a step's command, ready to start."""
    words: list[str] = []
    for word in step.command:
        if word == "{options}":
            words += expand_options(step, options, places)
        else:
            words.append(expand_text(word, places, options))
    return tuple(words)


def expand_env(situation: Situation, places: Places) -> dict[str, str | None]:
    """Return the variables that a situation asks for, filled in; None: asked to be absent."""
    return {
        name: None if value is None else expand_text(value, places, situation.options)
        for name, value in situation.env.items()
    }


def expand_gate_env(
    plan: Plan, phase: Phase, gate: Gate, *, python: str, root: Path, out: Path
) -> dict[str, str | None]:
    """Return what a gate asks for: the variables of each side's first rung, its own over them."""
    asked: dict[str, str | None] = {}
    for run in phase.runs:
        situation = resolve_situations(plan, phase, run)[0]
        data = locate_data(plan, situation.dataset, root)
        asked |= expand_env(situation, Places(python=python, root=root, out=out, data=data))
    return asked | dict(gate.env)


def choose_python(plan: Plan, own: str | None, default: str, root: Path) -> str:
    """Return an interpreter: a side's or gate's own, the plan's, or the one that runs parityhub."""
    chosen = own or plan.initiative.python
    if chosen is None or chosen == "{python}":
        return default
    # An interpreter in a virtual environment is a link that must not be followed.
    return str(root / chosen) if "/" in chosen else chosen


def locate_data(plan: Plan, dataset: str | None, root: Path) -> dict[str, Path]:
    """Return the files of a data set."""
    if dataset is None:
        return {}
    return {name: root / file for name, file in plan.datasets[dataset].files.items()}

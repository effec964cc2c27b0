"""Parts of a plan that say something: no empty lists, no endless numbers, words that can start."""

import math
from collections.abc import Iterator, Sequence

from parityhub.plan.kinds import AboveCheck, CloseCheck
from parityhub.plan.model import Plan
from parityhub.plan.problem import KeyPath, Problem
from parityhub.plan.walk import (
    walk_env,
    walk_gate_env,
    walk_options,
    walk_phases,
    walk_steps,
)


def check_content(plan: Plan) -> Iterator[Problem]:
    """Yield each part that says nothing, and each word or number that cannot be used."""
    yield from find_idle_phases(plan)
    yield from find_empty(plan)
    yield from find_endless(plan)
    yield from find_unusable(plan)


def find_idle_phases(plan: Plan) -> Iterator[Problem]:
    """Yield each phase in which nothing is done and nothing asked, but for imported ones."""
    for path, phase in walk_phases(plan):
        if phase.idle and not phase.imported:
            text = "has neither gate, runs nor checks"
            yield Problem(path, text, "give it one, or leave the phase out")


def find_empty(plan: Plan) -> Iterator[Problem]:
    """Yield each list and table that must hold something and does not."""
    lists: list[tuple[KeyPath, str, Sequence[object]]] = [(("phase",), "phase", plan.phases)]
    for name, ladder in plan.ladders.items():
        lists.append((("ladder", name, "rungs"), "rung", ladder.rungs))
    for name, baseline in plan.baselines.items():
        lists.append((("baseline", name, "steps"), "step", baseline.steps))
    for name, dataset in plan.datasets.items():
        lists.append((("dataset", name, "files"), "file", tuple(dataset.files)))
    for path, step in walk_steps(plan):
        lists.append(((*path, "command"), "word", step.command))
    for path, phase in walk_phases(plan):
        if phase.gate:
            lists.append(((*path, "gate", "selectors"), "test", phase.gate.selectors))
    for path, what, items in lists:
        if not items:
            yield Problem(path, f"empty: no {what}", f"give at least one {what}")


def find_endless(plan: Plan) -> Iterator[Problem]:
    """Yield each number that is infinite or none at all, where it sets a bound."""
    numbers = [((*path, "timeout"), step.timeout) for path, step in walk_steps(plan)]
    for path, phase in walk_phases(plan):
        if phase.gate:
            numbers.append(((*path, "gate", "timeout"), phase.gate.timeout))
        for place, check in enumerate(phase.checks):
            if isinstance(check, CloseCheck):
                numbers.append(((*path, "checks", place, "rel"), check.rel))
            elif isinstance(check, AboveCheck):
                numbers.append(((*path, "checks", place, "bound"), check.bound))
    for path, number in numbers:
        if not math.isfinite(number):
            yield Problem(path, f"{number} is not finite", "write a finite number")


def find_unusable(plan: Plan) -> Iterator[Problem]:
    """Yield each text with a NUL where a system takes none, and each program that has no name."""
    texts: list[tuple[KeyPath, str]] = []
    for path, step in walk_steps(plan):
        texts += [((*path, "command", place), word) for place, word in enumerate(step.command)]
    for name, dataset in plan.datasets.items():
        make = ("dataset", name, "make")
        texts += [((*make, place), word) for place, word in enumerate(dataset.make)]
    for path, table in (*walk_env(plan), *walk_gate_env(plan), *walk_options(plan)):
        texts += [((*path, key), text) for key, text in table.items() if isinstance(text, str)]
    for path, phase in walk_phases(plan):
        for place, selector in enumerate(phase.gate.selectors if phase.gate else ()):
            texts.append(((*path, "gate", "selectors", place), selector))
    for path, text in texts:
        if "\0" in text:
            yield Problem(path, "holds a NUL character", "leave it out")
        elif not text and path[-1] == 0:
            yield Problem(path, "the program has no name", 'write a program, as "{python}"')

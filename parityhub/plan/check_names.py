"""Names: each is plain, and means one thing."""

import re
from collections.abc import Iterable, Iterator, Sequence

from parityhub.plan.model import Plan
from parityhub.plan.part import PLAIN_ID
from parityhub.plan.problem import KeyPath, Problem
from parityhub.plan.walk import (
    walk_env,
    walk_gate_env,
    walk_options,
    walk_phases,
    walk_rungs,
    walk_steps,
)

BASELINE_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]*"
VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
RESERVED = re.compile(r"PARITYHUB_.*|PYTHONUNBUFFERED")
"""variables that the runner sets itself, in every child"""


def check_names(plan: Plan) -> Iterator[Problem]:
    """Yield what is wrong with the plan's names."""
    yield from find_repeated(plan)
    yield from find_bad_names(plan)
    yield from find_bad_variables(plan)


def find_repeated(plan: Plan) -> Iterator[Problem]:
    """Yield each name that is given twice where it has to mean one thing."""
    lists: list[tuple[KeyPath, str, Sequence[str]]] = [
        (("policy",), "id", [policy.id for policy in plan.policies]),
        (("known_issue",), "id", [issue.id for issue in plan.known_issues]),
        (("phase",), "id", [phase.id for phase in plan.phases]),
        (("exit_criterion",), "id", [criterion.id for criterion in plan.exit_criteria]),
    ]
    for name, ladder in plan.ladders.items():
        lists.append((("ladder", name, "rungs"), "id", [rung.id for rung in ladder.rungs]))
    for name, baseline in plan.baselines.items():
        steps = [step.name for step in baseline.steps]
        lists.append((("baseline", name, "steps"), "name", steps))
    for path, step in walk_steps(plan):
        artifacts = [artifact.path for artifact in step.artifacts]
        lists.append(((*path, "artifacts"), "path", artifacts))
    for path, phase in walk_phases(plan):
        lists.append(((*path, "runs"), "baseline", [run.baseline for run in phase.runs]))
        lists.append(((*path, "checks"), "id", [check.id for check in phase.checks]))
        lists.append(((*path, "steps"), "id", [step.id for step in phase.steps]))
    for path, key, names in lists:
        yield from _find_twice([((*path, place, key), name) for place, name in enumerate(names)])
    yield from find_repeated_readings(plan)


def find_repeated_readings(plan: Plan) -> Iterator[Problem]:
    """Yield each section and value that a baseline reads twice: the later would hide the first."""
    for name, baseline in plan.baselines.items():
        sections: list[tuple[KeyPath, str]] = []
        values: list[tuple[KeyPath, str]] = []
        for place, step in enumerate(baseline.steps):
            path = ("baseline", name, "steps", place)
            for at, stats in enumerate(step.stats):
                sections.append(((*path, "stats", at, "section"), stats.section))
            for at, value in enumerate(step.values):
                values.append(((*path, "values", at, "name"), value.name))
        yield from _find_twice(sections)
        yield from _find_twice(values)


def _find_twice(named: Iterable[tuple[KeyPath, str]]) -> Iterator[Problem]:
    seen = set()
    for path, name in named:
        if name in seen:
            yield Problem(path, f"{name!r} is given twice", "rename one, or leave it out")
        seen.add(name)


def find_bad_names(plan: Plan) -> Iterator[Problem]:
    """Yield each name of a table's entry that is not plain."""
    plain = "letters, digits, '.', '_' and '-', the first a letter or digit"
    undotted = "letters, digits, '_' and '-': a dot divides a baseline from its values"
    tables: list[tuple[KeyPath, Iterable[str], str, str]] = [
        (("dataset",), plan.datasets, PLAIN_ID, plain),
        (("ladder",), plan.ladders, PLAIN_ID, plain),
        (("baseline",), plan.baselines, BASELINE_NAME, undotted),
    ]
    for name, dataset in plan.datasets.items():
        tables.append((("dataset", name, "files"), dataset.files, PLAIN_ID, plain))
    tables += [(path, options, PLAIN_ID, plain) for path, options in walk_options(plan)]
    for path, names, pattern, hint in tables:
        for name in names:
            if not re.fullmatch(pattern, name):
                yield Problem((*path, name), f"{name!r} is not a plain name", hint)


def find_bad_variables(plan: Plan) -> Iterator[Problem]:
    """Yield each environment variable that a system would not take, or that is not the plan's."""
    variables: list[tuple[KeyPath, str]] = []
    for path, table in (*walk_env(plan), *walk_gate_env(plan)):
        variables += [((*path, name), name) for name in table]
    for path, rung in walk_rungs(plan):
        variables += [((*path, "unset", place), name) for place, name in enumerate(rung.unset)]
        for place, name in enumerate(rung.unset):
            if name in rung.env:
                text = f"{name} is set and unset by one rung"
                yield Problem((*path, "unset", place), text, "leave one out")
    for path, name in variables:
        if not re.fullmatch(VARIABLE, name):
            hint = "letters, digits and '_', the first no digit"
            yield Problem(path, f"{name!r} is not a variable's name", hint)
        elif RESERVED.fullmatch(name):
            yield Problem(path, f"{name} is set by parityhub itself", "leave it out")

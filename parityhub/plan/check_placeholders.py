"""Placeholders: each stands for something, in each situation that it is used in."""

from collections.abc import Iterator, Mapping, Set

from parityhub.plan.model import OptionValue, Plan, Run
from parityhub.plan.part import PLACEHOLDER
from parityhub.plan.problem import KeyPath, Problem, suggest
from parityhub.plan.situation import Situation, resolve_situations
from parityhub.plan.walk import (
    walk_env,
    walk_gate_env,
    walk_options,
    walk_pair_texts,
    walk_runs,
    walk_steps,
)

SIMPLE = ("python", "root", "out")
FAMILIES = ("data.", "option.")
KNOWN_HINT = "known: {python}, {root}, {out}, {data.NAME}, {option.NAME}, {options}"


def check_placeholders(plan: Plan) -> Iterator[Problem]:
    """Yield each placeholder that is not known, and each that stands for nothing somewhere."""
    yield from find_unknown(plan)
    yield from find_misplaced(plan)
    yield from find_unfilled_in_datasets(plan)
    yield from find_unfilled_in_pairs(plan)
    yield from find_unfilled_in_runs(plan)


def find_unknown(plan: Plan) -> Iterator[Problem]:
    """Yield each placeholder of no known name, and `{options}` where it is not a whole word."""
    for path, text in walk_texts(plan):
        for name in PLACEHOLDER.findall(text):
            if name == "options":
                hint = "it stands for several words: write it alone, in the command of a step"
                yield Problem(path, f"{{options}} inside of {text!r}", hint)
            elif name not in SIMPLE and not name.startswith(FAMILIES):
                yield Problem(path, f"{{{name}}} stands for nothing", KNOWN_HINT)


def walk_texts(plan: Plan) -> Iterator[tuple[KeyPath, str]]:
    """Yield each text that placeholders are filled in of."""
    for path, step in walk_steps(plan):
        for place, word in enumerate(step.command):
            if word != "{options}":
                yield (*path, "command", place), word
    for name, dataset in plan.datasets.items():
        for place, word in enumerate(dataset.make):
            yield ("dataset", name, "make", place), word
    for path, table in (*walk_env(plan), *walk_options(plan)):
        for name, value in table.items():
            if isinstance(value, str):
                yield (*path, name), value
    for path, text, _ in walk_pair_texts(plan):
        yield path, text


def find_misplaced(plan: Plan) -> Iterator[Problem]:
    """Yield each placeholder where none is filled in: in a gate's variables, in an interpreter."""
    texts: list[tuple[KeyPath, str | None]] = [(("initiative", "python"), plan.initiative.python)]
    for name, baseline in plan.baselines.items():
        texts.append((("baseline", name, "python"), baseline.python))
    for place, phase in enumerate(plan.phases):
        if phase.gate:
            texts.append((("phase", place, "gate", "python"), phase.gate.python))
    for path, table in walk_gate_env(plan):
        texts += [((*path, name), value) for name, value in table.items()]
    for path, text in texts:
        placeholder = PLACEHOLDER.search(text or "")
        if placeholder and text != "{python}":
            yield Problem(path, f"{text!r} takes no placeholder", f"leave out {placeholder[0]}")


def find_unfilled_in_datasets(plan: Plan) -> Iterator[Problem]:
    """Yield each placeholder that is not there when a data set is made."""
    for name, dataset in plan.datasets.items():
        known = list_known(set(dataset.files), plan.options)
        for place, word in enumerate(dataset.make):
            path = ("dataset", name, "make", place)
            yield from find_unfilled(path, word, known, "where the data set is made")


def find_unfilled_in_pairs(plan: Plan) -> Iterator[Problem]:
    """Yield each placeholder that is not there when a pair's models are built."""
    for path, text, name in walk_pair_texts(plan):
        dataset = plan.datasets.get(plan.pairs[name].dataset)
        if dataset is not None:
            known = list_known(set(dataset.files), {})
            yield from find_unfilled(path, text, known, f"in pair {name!r}")


def find_unfilled_in_runs(plan: Plan) -> Iterator[Problem]:
    """Yield each placeholder that is not there on some rung, where it is first missed."""
    missed = set()
    for _, phase, run in walk_runs(plan):
        if run.baseline not in plan.baselines or (run.ladder and run.ladder not in plan.ladders):
            continue
        for place, situation in enumerate(resolve_situations(plan, phase, run)):
            if situation.dataset is not None and situation.dataset not in plan.datasets:
                continue
            files = plan.datasets[situation.dataset].files if situation.dataset else {}
            known = list_known(set(files), situation.options)
            where = f"in phase {phase.id!r} on rung {situation.rung!r}"
            for path, text in walk_situation(plan, run, place, situation):
                if path not in missed:
                    problems = list(find_unfilled(path, text, known, where))
                    missed |= {problem.path for problem in problems}
                    yield from problems


def walk_situation(
    plan: Plan, run: Run, place: int, situation: Situation
) -> Iterator[tuple[KeyPath, str]]:
    """Yield each text that is filled in for an attempt on the rung at a place."""
    for variable, value in situation.env.items():
        if value is not None:
            yield find_variable(plan, run, place, variable), value
    for at, step in enumerate(plan.baselines[run.baseline].steps):
        path = ("baseline", run.baseline, "steps", at)
        for spot, word in enumerate(step.command):
            yield (*path, "command", spot), word
        for spot, option in enumerate(step.options):
            text = situation.options.get(option)
            if isinstance(text, str):
                yield (*path, "options", spot), text


def find_variable(plan: Plan, run: Run, place: int, variable: str) -> KeyPath:
    """Return where a variable gets the value that it has on the rung at a place."""
    rungs = plan.ladder_of(run).rungs
    while place >= 0:
        if variable in rungs[place].env:
            return ("ladder", run.ladder or "", "rungs", place, "env", variable)
        place = -1 if rungs[place].reset else place - 1
    return ("baseline", run.baseline, "env", variable)


def list_known(files: Set[str], options: Mapping[str, OptionValue]) -> frozenset[str]:
    """Return the placeholders that stand for something. An option's own are not filled in twice."""
    plain = {name for name, value in options.items() if "{" not in str(value)}
    return frozenset(
        {*SIMPLE, *(f"data.{name}" for name in files), *(f"option.{name}" for name in plain)}
    )


def find_unfilled(path: KeyPath, text: str, known: frozenset[str], where: str) -> Iterator[Problem]:
    """Yield the placeholders of a text, of those that a plan may have, that are not there."""
    for name in PLACEHOLDER.findall(text):
        if name.startswith(FAMILIES) and name not in known:
            yield Problem(path, f"{{{name}}} stands for nothing {where}", suggest(name, known))

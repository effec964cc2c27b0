"""Placeholders: each stands for something, in each situation that it is used in."""

from collections.abc import Iterator, Mapping, Set

from parityhub.plan.model import (
    PLACEHOLDER,
    Baseline,
    OptionValue,
    Plan,
    Situation,
    resolve_situations,
)
from parityhub.plan.problem import KeyPath, Problem, suggest
from parityhub.plan.walk import walk_env, walk_gate_env, walk_options, walk_runs, walk_steps

SIMPLE = ("python", "root", "out")
FAMILIES = ("data.", "option.")
KNOWN_HINT = "known: {python}, {root}, {out}, {data.NAME}, {option.NAME}, {options}"


def check_placeholders(plan: Plan) -> Iterator[Problem]:
    """Yield each placeholder that is not known, and each that stands for nothing somewhere."""
    yield from find_unknown(plan)
    yield from find_misplaced(plan)
    yield from find_unfilled_in_datasets(plan)
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
    for name, baseline in plan.baselines.items():
        yield ("baseline", name, "cwd"), baseline.cwd
    for path, table in (*walk_env(plan), *walk_options(plan)):
        for name, value in table.items():
            if isinstance(value, str):
                yield (*path, name), value


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


def find_unfilled_in_runs(plan: Plan) -> Iterator[Problem]:
    """Yield each placeholder that is not there on some rung, once."""
    reported = set()
    for _, phase, run in walk_runs(plan):
        baseline = plan.baselines.get(run.baseline)
        if baseline is None or (run.ladder and run.ladder not in plan.ladders):
            continue
        for situation in resolve_situations(plan, phase, run):
            dataset = plan.datasets.get(situation.dataset or "")
            if situation.dataset is not None and dataset is None:
                continue
            known = list_known(set(dataset.files) if dataset else set(), situation.options)
            where = f"in phase {phase.id!r} on rung {situation.rung!r}"
            for path, text in walk_situation(run.baseline, baseline, situation):
                for problem in find_unfilled(path, text, known, where):
                    if (path, text) not in reported:
                        yield problem
                    reported.add((path, text))


def walk_situation(
    name: str, baseline: Baseline, situation: Situation
) -> Iterator[tuple[KeyPath, str]]:
    """Yield each text of a baseline that is filled in for one attempt."""
    yield ("baseline", name, "cwd"), baseline.cwd
    for variable, value in situation.env.items():
        yield ("baseline", name, "env", variable), value or ""
    for place, step in enumerate(baseline.steps):
        path = ("baseline", name, "steps", place)
        for at, word in enumerate(step.command):
            yield (*path, "command", at), word
        for at, option in enumerate(step.options):
            text = situation.options.get(option)
            yield (*path, "options", at), text if isinstance(text, str) else ""


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

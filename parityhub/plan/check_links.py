"""Links between the parts of a plan: what is named exists, and allows what it is named for."""

from collections.abc import Collection, Iterator, Mapping

from parityhub.plan.model import Phase, Plan
from parityhub.plan.problem import KeyPath, Problem, suggest
from parityhub.plan.walk import walk_options, walk_phases, walk_rungs, walk_runs, walk_steps


def check_links(plan: Plan) -> Iterator[Problem]:
    """Yield each name that leads nowhere, and each circle of required phases."""
    yield from find_unknown_datasets(plan)
    yield from find_unknown_runs(plan)
    yield from find_unknown_phases(plan)
    yield from find_cycles(plan)
    yield from find_unfit_policies(plan)
    yield from find_unknown_steps(plan)
    yield from find_unknown_options(plan)


def list_required(plan: Plan, phase_id: str) -> frozenset[str]:
    """Return the phases that a phase requires, and those that they require in turn."""
    required: set[str] = set()
    waiting = [phase_id]
    while waiting:
        phase = plan.find_phase(waiting.pop())
        new = set(phase.requires) - required if phase else set()
        required |= new
        waiting += new
    return frozenset(required)


def find_unknown_datasets(plan: Plan) -> Iterator[Problem]:
    """Yield each data set that is named and not there."""
    named: list[tuple[KeyPath, str | None]] = [(("default_dataset",), plan.default_dataset)]
    named += [((*path, "dataset"), rung.dataset) for path, rung in walk_rungs(plan)]
    named += [((*path, "dataset"), phase.dataset) for path, phase in walk_phases(plan)]
    for path, name in named:
        yield from _find_unknown(path, "data set", name, plan.datasets)


def find_unknown_runs(plan: Plan) -> Iterator[Problem]:
    """Yield each baseline and ladder that a run names and that is not there."""
    for path, _, run in walk_runs(plan):
        yield from _find_unknown((*path, "baseline"), "baseline", run.baseline, plan.baselines)
        yield from _find_unknown((*path, "ladder"), "ladder", run.ladder, plan.ladders)


def find_unknown_phases(plan: Plan) -> Iterator[Problem]:
    """Yield each phase that is required and not there."""
    known = [phase.id for phase in plan.phases]
    for path, phase in walk_phases(plan):
        for place, name in enumerate(phase.requires):
            yield from _find_unknown((*path, "requires", place), "phase", name, known)


def find_cycles(plan: Plan) -> Iterator[Problem]:
    """Yield each circle of required phases once, where its first phase requires the next."""
    reported: set[str] = set()
    for path, phase in walk_phases(plan):
        if phase.id in reported or phase.id not in list_required(plan, phase.id):
            continue
        circle = _trace_circle(plan, phase)
        reported.update(circle)
        place = phase.requires.index(circle[1])
        yield Problem(
            (*path, "requires", place),
            f"phases require each other: {' -> '.join(circle)}",
            "leave one of these requirements out",
        )


def _trace_circle(plan: Plan, start: Phase) -> list[str]:
    """Return the ids on a shortest way from a phase back to itself."""
    ways = [[start.id]]
    seen: set[str] = set()
    for way in ways:
        phase = plan.find_phase(way[-1])
        for name in phase.requires if phase else ():
            if name == start.id:
                return [*way, name]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    raise AssertionError(f"{start.id} does not require itself")


def find_unfit_policies(plan: Plan) -> Iterator[Problem]:
    """Yield each policy that is not there, or that does not allow what it is named for."""
    named: list[tuple[KeyPath, str | None, str]] = [
        (("ladder", name, "on_exhausted"), ladder.on_exhausted, "one-sided")
        for name, ladder in plan.ladders.items()
    ]
    for path, phase in walk_phases(plan):
        if phase.gate:
            named.append(((*path, "gate", "continue_under"), phase.gate.continue_under, "red-gate"))
    policies = {policy.id: policy for policy in plan.policies}
    for path, name, deed in named:
        yield from _find_unknown(path, "policy", name, policies)
        if name in policies and deed not in policies[name].allows:
            hint = f'give it allows = ["{deed}"], or name another policy'
            yield Problem(path, f"policy {name!r} does not allow {deed!r}", hint)


def find_unknown_steps(plan: Plan) -> Iterator[Problem]:
    """Yield each step that a rung begins at and that a baseline on its ladder does not have."""
    for _, _, run in walk_runs(plan):
        baseline, ladder = plan.baselines.get(run.baseline), plan.ladders.get(run.ladder or "")
        if baseline is None or ladder is None:
            continue
        steps = [step.name for step in baseline.steps]
        for place, rung in enumerate(ladder.rungs):
            if rung.begin_at is not None and rung.begin_at not in steps:
                key = ("ladder", run.ladder or "", "rungs", place, "begin_at")
                text = f"baseline {run.baseline!r} has no step {rung.begin_at!r}"
                yield Problem(key, text, suggest(rung.begin_at, steps))


def find_unknown_options(plan: Plan) -> Iterator[Problem]:
    """Yield each option that a step takes and that the plan gives nowhere."""
    given = {name for _, options in walk_options(plan) for name in options}
    for path, step in walk_steps(plan):
        for place, name in enumerate(step.options):
            yield from _find_unknown((*path, "options", place), "option", name, given)


def _find_unknown(
    path: KeyPath, what: str, name: str | None, known: Collection[str] | Mapping[str, object]
) -> Iterator[Problem]:
    if name is not None and name not in known:
        yield Problem(path, f"there is no {what} {name!r}", suggest(name, known))

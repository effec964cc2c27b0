"""The parts of a plan that several checks look at, each with the way to it."""

from collections.abc import Iterator, Mapping

from parityhub.plan.model import OptionValue, Phase, Plan, Run, Rung, Step
from parityhub.plan.problem import KeyPath


def walk_steps(plan: Plan) -> Iterator[tuple[KeyPath, Step]]:
    """Yield each step of each baseline."""
    for name, baseline in plan.baselines.items():
        for place, step in enumerate(baseline.steps):
            yield ("baseline", name, "steps", place), step


def walk_rungs(plan: Plan) -> Iterator[tuple[KeyPath, Rung]]:
    """Yield each rung of each ladder."""
    for name, ladder in plan.ladders.items():
        for place, rung in enumerate(ladder.rungs):
            yield ("ladder", name, "rungs", place), rung


def walk_phases(plan: Plan) -> Iterator[tuple[KeyPath, Phase]]:
    """Yield each phase."""
    for place, phase in enumerate(plan.phases):
        yield ("phase", place), phase


def walk_runs(plan: Plan) -> Iterator[tuple[KeyPath, Phase, Run]]:
    """Yield each run of each phase."""
    for path, phase in walk_phases(plan):
        for place, run in enumerate(phase.runs):
            yield (*path, "runs", place), phase, run


def walk_options(plan: Plan) -> Iterator[tuple[KeyPath, Mapping[str, OptionValue]]]:
    """Yield each table that gives options."""
    yield ("options",), plan.options
    for name, baseline in plan.baselines.items():
        yield ("baseline", name, "options"), baseline.options
    for path, rung in walk_rungs(plan):
        yield (*path, "options"), rung.options
    for path, phase in walk_phases(plan):
        yield (*path, "options"), phase.options
    for path, _, run in walk_runs(plan):
        yield (*path, "options"), run.options


def walk_env(plan: Plan) -> Iterator[tuple[KeyPath, Mapping[str, str]]]:
    """Yield each table that sets environment variables of a baseline's commands."""
    for name, baseline in plan.baselines.items():
        yield ("baseline", name, "env"), baseline.env
    for path, rung in walk_rungs(plan):
        yield (*path, "env"), rung.env


def walk_gate_env(plan: Plan) -> Iterator[tuple[KeyPath, Mapping[str, str]]]:
    """Yield each table that sets environment variables of a gate."""
    for path, phase in walk_phases(plan):
        if phase.gate:
            yield (*path, "gate", "env"), phase.gate.env


def walk_pair_texts(plan: Plan) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield each text of a pair's sides in which placeholders are filled in, with its pair."""
    for name, pair in plan.pairs.items():
        for side, implementation in (("tensorflow", pair.tensorflow), ("pytorch", pair.pytorch)):
            for table, values in (("env", implementation.env), ("options", implementation.options)):
                for key, value in values.items():
                    if isinstance(value, str):
                        yield ("pair", name, side, table, key), value, name

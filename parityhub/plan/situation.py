"""What each rung of a ladder comes to."""

from collections.abc import Mapping

from msgspec import Struct

from parityhub.plan.model import Phase, Plan, Run
from parityhub.plan.part import OptionValue


class Situation(Struct, frozen=True, kw_only=True):
    """What a rung comes to: everything that one attempt is run with."""

    rung: str
    title: str
    env: Mapping[str, str | None]
    """None: asked to be absent"""
    options: Mapping[str, OptionValue]
    dataset: str | None
    revision: str | None
    begin_at: str | None = None


def resolve_situations(plan: Plan, phase: Phase, run: Run) -> tuple[Situation, ...]:
    """Resolve a run's ladder, rung by rung, into what each attempt is run with.

    Options come from the plan, the baseline, the phase and the run, the later over the earlier;
    a rung's own changes are added to those of the rungs before it unless it says reset.
    """
    baseline = plan.baselines[run.baseline]
    options = {**plan.options, **baseline.options, **phase.options, **run.options}
    start = Situation(
        rung="",
        title="",
        env=dict(baseline.env),
        options=options,
        dataset=phase.dataset or plan.default_dataset,
        revision=None,
    )
    situations = []
    current = start
    for rung in plan.ladder_of(run).rungs:
        base = start if rung.reset else current
        current = Situation(
            rung=rung.id,
            title=rung.title,
            env={**base.env, **rung.env, **dict.fromkeys(rung.unset)},
            options={**base.options, **rung.options},
            dataset=rung.dataset or base.dataset,
            revision=rung.revision or base.revision,
            begin_at=rung.begin_at,
        )
        situations.append(current)
    return tuple(situations)

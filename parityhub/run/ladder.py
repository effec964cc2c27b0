"""A baseline up its ladder: attempt after attempt, until one passes or all rungs are spent."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from parityhub.hub import layout
from parityhub.hub.history import History
from parityhub.hub.records import AttemptRecord, AttemptStart, StepRecord
from parityhub.plan.model import OptionValue, Run
from parityhub.plan.situation import Situation, resolve_situations
from parityhub.run.attempt import make_attempt, recover_environment
from parityhub.run.environment import find_weakest
from parityhub.run.setting import Setting
from parityhub.run.step import Attempt


def climb_ladder(
    setting: Setting, run: Run, earlier: Sequence[AttemptRecord]
) -> Iterator[AttemptRecord]:
    """Yield each attempt as soon as it has ended, so that its blocker is kept before the next.

    Args:
        setting: the run of the phase.
        run: the baseline as the phase runs it.
        earlier: all attempts that the hub holds of it. Those of this same run of the phase were
            made before it was interrupted: the ladder goes on behind them.
    """
    attempts = list(earlier)
    mine = [attempt for attempt in attempts if attempt.run == setting.number]
    situations = resolve_situations(setting.plan, setting.phase, run)
    while True:
        situation = choose_next(situations, mine)
        if situation is None:
            return
        number = 1 + max((attempt.number for attempt in attempts), default=0)
        source, carried = choose_carried(setting, run, situation, mine)
        attempt = make_attempt(
            Attempt(
                setting=setting,
                run=run,
                situation=situation,
                number=number,
                carried=carried,
                carried_from=source,
            )
        )
        attempts.append(attempt)
        mine.append(attempt)
        yield attempt


def choose_next(situations: Sequence[Situation], mine: Sequence[AttemptRecord]) -> Situation | None:
    """Return the rung to attempt now: the interrupted one again, or the next; None: it is over.

    Attempts on rungs that the ladder does not have (a rerun that was owed, a rung of an earlier
    version of the plan) say nothing of where on it the run stands.
    """
    rungs = [situation.rung for situation in situations]
    climbed = [attempt for attempt in mine if attempt.rung in rungs]
    if not climbed:
        return situations[0]
    last = climbed[-1]
    if last.status == "passed":
        return None
    place = rungs.index(last.rung) + (last.status != "interrupted")
    return situations[place] if place < len(situations) else None


def choose_carried(
    setting: Setting, run: Run, situation: Situation, mine: Sequence[AttemptRecord]
) -> tuple[int | None, Mapping[str, StepRecord]]:
    """Return the whole steps of an earlier attempt that this one may start from, and its number.

    An interrupted attempt on the same rung is gone on with; a partial one on an earlier rung is
    started from where this rung says `begin_at` and data, options and revision are the same.
    """
    names = [step.name for step in setting.plan.baselines[run.baseline].steps]
    for attempt in reversed(mine):
        same = (attempt.dataset, attempt.options, attempt.revision) == (
            situation.dataset,
            dict(situation.options),
            situation.revision,
        )
        whole = list_whole_steps(attempt)
        if attempt.status == "interrupted" and attempt.rung == situation.rung and same and whole:
            return attempt.number, whole
        if attempt.status in ("partial", "interrupted") and situation.begin_at and same:
            before = names[: names.index(situation.begin_at)]
            if all(name in whole for name in before):
                return attempt.number, {name: whole[name] for name in before}
    return None, {}


def list_whole_steps(attempt: AttemptRecord) -> dict[str, StepRecord]:
    """Return the steps at the beginning of an attempt that are whole."""
    whole = {}
    for step in attempt.steps:
        if step.status not in ("passed", "carried"):
            break
        whole[step.name] = step
    return whole


def rerun_to_match(
    setting: Setting, run: Run, other: AttemptRecord, earlier: Sequence[AttemptRecord]
) -> AttemptRecord:
    """Rerun a side with the data and the shared options of the other side's counting attempt."""
    first = resolve_situations(setting.plan, setting.phase, run)[0]
    situation = msgspec.structs.replace(
        first,
        rung=f"owed-for-{other.baseline}",
        title=f"rerun to match {other.baseline} attempt {other.number}",
        options={**first.options, **share_options(setting, other)},
        dataset=other.dataset,
    )
    mine = [attempt for attempt in earlier if attempt.run == setting.number]
    source, carried = choose_carried(setting, run, situation, mine)
    return make_attempt(
        Attempt(
            setting=setting,
            run=run,
            situation=situation,
            number=1 + max((attempt.number for attempt in earlier), default=0),
            carried=carried,
            carried_from=source,
            owed_for=other.baseline,
        )
    )


def share_options(setting: Setting, other: AttemptRecord) -> dict[str, OptionValue]:
    """Return the options of an attempt that the plan gives to both sides."""
    return {
        name: value
        for name, value in other.options.items()
        if name in setting.plan.options or name in setting.phase.options
    }


def recover_interrupted(
    setting: Setting, run: Run, history: History
) -> Iterator[tuple[str, AttemptRecord]]:
    """Yield the path and record of each attempt that was killed before it left one."""
    for folder, start in history.list_open_starts(setting.phase.id, run.baseline):
        steps = tuple(
            history.steps.get(f"{folder}/step_{step.name}.json")
            or StepRecord(name=step.name, status="not-run")
            for step in setting.plan.baselines[run.baseline].steps
        )
        key = (layout.split_folder(folder), start.phase, start.baseline, start.number)
        env_capture = recover_environment(setting, key, start, steps)
        yield layout.attempt_path(*key), make_interrupted(start, steps, env_capture)


def make_interrupted(
    start: AttemptStart, steps: tuple[StepRecord, ...], env_capture: str | None
) -> AttemptRecord:
    """Return the record of an attempt that was killed, from what it left."""
    return AttemptRecord(
        phase=start.phase,
        run=start.run,
        baseline=start.baseline,
        framework=start.framework,
        number=start.number,
        rung=start.rung,
        rung_title=start.rung_title,
        status="interrupted",
        steps=steps,
        asked_env=start.asked_env,
        options=start.options,
        dataset=start.dataset,
        dataset_digests=start.dataset_digests,
        revision=start.revision,
        proof=find_weakest(step.proof for step in steps),
        started=start.started,
        seconds=sum(step.seconds for step in steps),
        env_capture=env_capture,
        owed_for=start.owed_for,
    )

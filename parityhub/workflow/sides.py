"""The step that runs: each baseline up its ladder, every attempt kept at once."""

from collections.abc import Mapping

from parityhub.hub import layout
from parityhub.hub.records import (
    AttemptRecord,
    SideRecord,
)
from parityhub.plan.model import Run
from parityhub.run.blockers import describe_attempt
from parityhub.run.ladder import climb_ladder, recover_interrupted, rerun_to_match
from parityhub.run.moment import RUNNING, Moment
from parityhub.workflow.job import Job
from parityhub.workflow.show import keep_blocker


def run_sides(job: Job) -> None:
    """Take each baseline up its ladder; a blocker is on disk before the next rung starts."""
    if job.stopped:
        return
    owed = find_owed(job)
    for run in job.phase.runs:
        job.setting.mark(Moment(part=(job.phase.id, f"run:{run.baseline}"), status=RUNNING))
        attempts = job.history.list_attempts(job.phase.id, run.baseline)
        for path, record in recover_interrupted(job.setting, run, job.history):
            keep_attempt(job, path, record)
            attempts.append(record)
        if not job.owed:
            for record in climb_ladder(job.setting, run, attempts):
                attempts.append(record)
                file_attempt(job, run, record)
            mine = [record for record in attempts if record.run == job.setting.number]
            conclude_side(job, run, mine)
        elif run.baseline in owed:
            mine = [record for record in attempts if record.run == job.setting.number]
            if all(record.status == "interrupted" for record in mine):
                record = rerun_to_match(job.setting, run, owed[run.baseline], attempts)
                mine.append(record)
                file_attempt(job, run, record)
            conclude_side(job, run, mine)
        else:
            take_over_side(job, run)
        side = job.sides.get(run.baseline)
        if side is not None:
            job.setting.mark(Moment(part=(job.phase.id, f"run:{side.name}"), status=side.status))


def find_owed(job: Job) -> Mapping[str, AttemptRecord]:
    """Return, for each side that owes a rerun, the other side's attempt that it must match."""
    last = job.history.last_phase(job.phase.id)
    if not job.owed or last is None or last.dataset_note is None:
        return {}
    owing = last.dataset_note.owed
    others = [side.name for side in last.sides if side.counts and side.name not in owing]
    matched = job.history.counting_attempt(job.phase.id, others[0]) if others else None
    return {name: matched for name in owing if matched is not None}


def file_attempt(job: Job, run: Run, record: AttemptRecord) -> None:
    """Keep an attempt's record, and its blocker where it did not pass."""
    path = layout.attempt_path(
        job.phase.folder_of(run), record.phase, record.baseline, record.number
    )
    if record.blocker:
        blocker = describe_attempt(job.setting, run, record)
        keep_blocker(job.setting.hub, job.setting.plan, blocker)
    keep_attempt(job, path, record)


def keep_attempt(job: Job, path: str, record: AttemptRecord) -> None:
    """Keep an attempt's record at once."""
    made_by = f"{record.phase} {record.baseline} attempt {record.number}"
    shows = f"record of the attempt: {record.status}"
    job.setting.hub.keep_record(path, record, made_by=made_by, shows=shows)
    job.setting.hub.save_manifest()
    job.history.attempts[path] = record


def conclude_side(job: Job, run: Run, attempts: list[AttemptRecord]) -> None:
    """Say which attempt of a baseline counts, if any passed."""
    passed = next((record for record in attempts if record.status == "passed"), None)
    folder = job.phase.folder_of(run)
    job.blockers += [record.blocker for record in attempts if record.blocker]
    if passed is not None:
        job.counting[run.baseline] = passed
    job.sides[run.baseline] = SideRecord(
        name=run.baseline,
        framework=job.setting.plan.baselines[run.baseline].framework,
        folder=folder,
        status="passed" if passed else "failed",
        counts=passed.number if passed else None,
        attempts=tuple(
            layout.attempt_path(folder, record.phase, record.baseline, record.number)
            for record in attempts
        ),
        exhausted_under=None if passed else job.setting.plan.ladder_of(run).on_exhausted,
    )


def take_over_side(job: Job, run: Run) -> None:
    """Take a side that owes nothing over from the run before."""
    last = job.history.last_phase(job.phase.id)
    side = next((side for side in last.sides if side.name == run.baseline), None) if last else None
    attempt = job.history.counting_attempt(job.phase.id, run.baseline)
    if side is not None:
        job.sides[run.baseline] = side
    if attempt is not None:
        job.counting[run.baseline] = attempt

"""The step that asks: a phase's checks put to its evidence."""

import io

import msgspec
import numpy as np

from parityhub.compare.checks import judge_check
from parityhub.compare.evidence import Evidence
from parityhub.hub import layout
from parityhub.hub.records import (
    AttemptRecord,
    CheckRecord,
)
from parityhub.workflow.job import Job


def put_checks(job: Job) -> None:
    """Put the phase's questions to its evidence, and keep the arrays that the answers show."""
    if job.stopped:
        return
    evidence = gather_evidence(job)
    for check in job.phase.checks:
        job.setting.tell(f"{job.phase.id} check {check.id}: {check.title}")
        judgement = judge_check(check, evidence)
        for name, array in judgement.arrays.items():
            keep_array(job, check.id, name, array)
        record = judgement.record
        if judgement.arrays:
            picture = layout.check_picture_path(
                job.phase.folder, job.phase.id, job.setting.number, check.id
            )
            record = replace_pictures(record, (picture,))
        job.checks.append(record)


def replace_pictures(record: CheckRecord, pictures: tuple[str, ...]) -> CheckRecord:
    """Return a check's record with its pictures named."""
    return msgspec.structs.replace(record, pictures=pictures)


def keep_array(
    job: Job, check: str, name: str, array: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]"
) -> None:
    """Keep an array that a check computed."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    path = layout.check_array_path(job.phase.folder, job.phase.id, job.setting.number, check, name)
    # An interrupted run may have kept it already.
    if not job.setting.hub.has(path):
        made_by = f"{job.phase.id} check {check}"
        job.setting.hub.keep_bytes(path, buffer.getvalue(), made_by=made_by, shows=name)


def gather_evidence(job: Job) -> Evidence:
    """Gather the attempts that count, of this phase and of those before it."""
    runs: dict[str, AttemptRecord] = {}
    missing: dict[str, str] = {}
    for phase in job.setting.plan.phases:
        for run in phase.runs:
            key = f"{phase.id}:{run.baseline}"
            if phase.id == job.phase.id:
                attempt = job.counting.get(run.baseline)
                blockers = tuple(job.blockers)
            else:
                attempt = job.history.counting_attempt(phase.id, run.baseline)
                last = job.history.last_phase(phase.id)
                blockers = last.blockers if last else ()
            if attempt is not None:
                runs[key] = attempt
            elif blockers:
                missing[key] = f"{run.baseline} of {phase.id} is blocked: {', '.join(blockers)}"
            else:
                missing[key] = f"{phase.id} has not run {run.baseline} in this hub"
    return Evidence(runs=runs, missing=missing, phase=job.phase.id, root=job.setting.hub.root)

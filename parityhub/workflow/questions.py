"""The step that asks: a phase's checks put to its evidence."""

import io

import msgspec
import numpy as np

from parityhub.compare.checks import judge_check
from parityhub.compare.evidence import Evidence
from parityhub.hub import layout
from parityhub.hub.records import (
    CheckRecord,
)
from parityhub.plan.model import AnyCheck, OutputsCheck, SameWeightsCheck
from parityhub.run.moment import RUNNING, Moment
from parityhub.workflow.evidence import gather_running
from parityhub.workflow.job import Job
from parityhub.workflow.outputs_check import answer_outputs
from parityhub.workflow.pair_check import answer_same_weights


def put_checks(job: Job) -> None:
    """Put the phase's questions to its evidence, and keep the arrays that the answers show."""
    if job.stopped:
        return
    setting, history = job.setting, job.history
    evidence = gather_running(
        setting.plan, job.phase, history, setting.hub, job.counting, tuple(job.blockers)
    )
    for check in job.phase.checks:
        setting.tell(f"{job.phase.id} check {check.id}: {check.title}")
        part = (job.phase.id, f"check:{check.id}")
        setting.mark(Moment(part=part, status=RUNNING))
        if isinstance(check, SameWeightsCheck):
            record = answer_same_weights(setting, history, evidence, check)
        elif isinstance(check, OutputsCheck):
            record = answer_outputs(setting, history, evidence, check)
        else:
            record = answer_from_files(job, evidence, check)
        setting.mark(Moment(part=part, status=record.verdict))
        job.checks.append(record)


def answer_from_files(job: Job, evidence: Evidence, check: AnyCheck) -> CheckRecord:
    """Answer a check by what the runs left, and keep the arrays that the answer shows."""
    judgement = judge_check(check, evidence)
    for name, array in judgement.arrays.items():
        keep_array(job, check.id, name, array)
    if not judgement.arrays:
        return judgement.record
    key = (job.phase.folder, job.phase.id, job.setting.number, check.id)
    return replace_pictures(judgement.record, (layout.check_picture_path(*key),))


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

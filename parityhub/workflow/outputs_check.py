"""The check `outputs`: arrays that two runs left, compared, and the comparison kept."""

from pathlib import Path

from parityhub.compare.evidence import Evidence, Missing
from parityhub.compare.findings import Finding, conclude
from parityhub.compare.parity_check import answer_check
from parityhub.compare.readings import defer, refuse_same
from parityhub.compare.referee.ask import summarize_outputs
from parityhub.compare.referee.plain import NO_REFEREE, ArrayFile, PlainSide, compare_plain
from parityhub.errors import EvidenceError
from parityhub.hub import layout
from parityhub.hub.history import History
from parityhub.hub.parity_records import ComparisonRecord
from parityhub.hub.records import AttemptRecord, CheckRecord
from parityhub.plan.model import OutputsCheck
from parityhub.run.setting import Setting
from parityhub.workflow.examinations import number_examination


def answer_outputs(
    setting: Setting, history: History, evidence: Evidence, check: OutputsCheck
) -> CheckRecord:
    """Compare the arrays that two runs left, keep the comparison, and answer the check."""
    refs = (check.left, check.right)
    if same := refuse_same(evidence, *refs):
        return conclude(check, [same]).record
    lacking = [run for ref in refs if isinstance(run := evidence.find_run(ref), Missing)]
    if lacking:
        return conclude(check, map(defer, lacking)).record
    try:
        sides = [gather_side(evidence, history, check, ref) for ref in refs]
        outputs = compare_plain(check.outputs, *sides)
    except EvidenceError as error:
        return conclude(check, [Finding("INCONCLUSIVE", error.message)]).record
    verdict, reason = summarize_outputs(outputs)
    record = ComparisonRecord(
        pair=f"{check.left} and {check.right}",
        dtype=outputs[0].dtype if outputs else "",
        verdict=verdict,
        reason=reason,
        outputs=outputs,
        referee=NO_REFEREE,
        repeats=min(len(side.attempts) for side in sides),
    )
    path = keep_comparison(setting, history, check.id, record)
    return answer_check(check, record, path, None)


def gather_side(evidence: Evidence, history: History, check: OutputsCheck, ref: str) -> PlainSide:
    """Gather the arrays of a run: of the attempt that counts, and of those that repeat it."""
    counting = evidence.find_run(ref)
    assert isinstance(counting, AttemptRecord)
    repeats = [
        attempt
        for attempt in history.list_attempts(counting.phase, counting.baseline)
        if attempt.number != counting.number and is_repeat(attempt, counting)
    ]
    names = {name for output in check.outputs for name in (output.left, output.right)}
    return PlainSide(
        name=ref, attempts=[locate_arrays(evidence, run, names) for run in (counting, *repeats)]
    )


def is_repeat(attempt: AttemptRecord, counting: AttemptRecord) -> bool:
    """Tell whether an attempt is the same run again: nothing that it was run with differs."""
    return attempt.status == "passed" and all(
        getattr(attempt, name) == getattr(counting, name)
        for name in ("options", "asked_env", "dataset", "dataset_digests", "revision")
    )


def locate_arrays(
    evidence: Evidence, attempt: AttemptRecord, names: set[str]
) -> dict[str, ArrayFile]:
    """Return where the hub keeps an attempt's arrays, by their name in the plan."""
    found: dict[str, ArrayFile] = {}
    for step in attempt.steps:
        for item in step.artifacts:
            if item.name in names and item.digest is not None and item.kept:
                path: Path = evidence.locate(item)
                found[item.name] = ArrayFile(path=path, source=item.digest.path)
    return found


def keep_comparison(
    setting: Setting, history: History, check: str, record: ComparisonRecord
) -> str:
    """Keep a comparison as that of the next examination, and return its path."""
    phase = setting.phase
    number = number_examination(setting.hub, phase, check)
    path = layout.comparison_path(phase.folder, phase.id, check, number)
    setting.hub.keep_record(
        path,
        record,
        made_by=f"{phase.id} check {check} examination {number}",
        shows=f"comparison of {record.pair}: {record.verdict}",
    )
    setting.hub.save_manifest()
    history.comparisons[path] = record
    return path

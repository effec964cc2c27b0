"""The steps of a phase. The one place where plan, run, compare, hub and report meet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from parityhub.compare.checks import judge_check
from parityhub.compare.evidence import Evidence
from parityhub.compare.outcome import conclude_phase
from parityhub.compare.sides import note_differences
from parityhub.compare.ticks import tick_step
from parityhub.errors import RequiredPhaseError
from parityhub.hub import layout
from parityhub.hub.history import History
from parityhub.hub.records import (
    AttemptRecord,
    CheckRecord,
    DatasetNote,
    GateRecord,
    PhaseRecord,
    RunStart,
    SideRecord,
)
from parityhub.plan.model import Phase, Run
from parityhub.plan.read import LoadedPlan
from parityhub.report.render import render_template
from parityhub.run.blockers import describe_attempt, describe_gate
from parityhub.run.brief import make_brief
from parityhub.run.datasets import provide_dataset
from parityhub.run.gate import run_gate
from parityhub.run.git import read_git_state
from parityhub.run.ladder import climb_ladder, recover_interrupted, rerun_to_match
from parityhub.run.preflight import check_ground
from parityhub.run.setting import Setting
from parityhub.workflow.show import keep_blocker, render_hub


@dataclass
class Job:
    """A run of a phase under way: what is set, and what has come of it so far."""

    loaded: LoadedPlan
    setting: Setting
    history: History
    owed: bool
    """the run only reruns what the run before it owes"""
    started: datetime
    gate: GateRecord | None = None
    sides: dict[str, SideRecord] = field(default_factory=dict)
    counting: dict[str, AttemptRecord] = field(default_factory=dict)
    blockers: list[str] = field(default_factory=list)
    note: DatasetNote | None = None
    checks: list[CheckRecord] = field(default_factory=list)
    record: PhaseRecord | None = None

    @property
    def phase(self) -> Phase:
        """The phase that runs."""
        return self.setting.phase

    @property
    def stopped(self) -> bool:
        """Whether a red gate keeps the baselines from running."""
        return bool(self.gate and self.gate.color == "red" and not self.gate.continued_under)


Step = Callable[[Job], None]


def run_phase(job: Job) -> PhaseRecord:
    """Take a phase through its steps and return the record of the run.

    However it ends, the manifest is saved: what was kept until then can be read, and `--resume`
    goes on behind it.

    Raises:
        Error: something a user can mend; nothing that was kept is lost.
    """
    try:
        for step in STEPS:
            step(job)
    finally:
        job.setting.hub.save_manifest()
    assert job.record is not None
    return job.record


def check_requirements(job: Job) -> None:
    """See that each phase that this one requires has run in this hub.

    A phase that only compares takes blocked phases too: what is missing is then deferred by name.
    """
    for required in job.phase.requires:
        record = job.history.last_phase(required)
        if record is None or (record.state == "blocked" and (job.phase.runs or job.phase.gate)):
            state = "has not run in this hub" if record is None else f"is blocked: {record.reason}"
            raise RequiredPhaseError(
                f"{job.phase.id} requires {required}, which {state}",
                hint=f"parityhub run-phase {required}, or run-phase {job.phase.id} --with-required",
            )


def check_machine(job: Job) -> None:
    """Check interpreters, frameworks and disk before anything is kept."""
    setting = job.setting
    check_ground(setting.plan, setting.phase, setting.root, setting.python)


def mark_start(job: Job) -> None:
    """Keep the plan and the brief that the run acts on."""
    setting, hub = job.setting, job.setting.hub
    start_path = layout.run_start_path(job.phase.folder, job.phase.id, setting.number)
    if hub.has(start_path):
        return
    made_by = f"{job.phase.id} run {setting.number}"
    hub.add_plan(job.loaded.sha256)
    plan_path = layout.plan_path(job.loaded.sha256)
    if not hub.has(plan_path):
        hub.keep_bytes(
            plan_path, job.loaded.text.encode(), made_by=made_by, shows="the plan as acted on"
        )
    brief = layout.brief_path(job.phase.folder, job.phase.id, setting.number)
    view = make_brief(setting.plan, job.phase, job.history, setting.root, setting.python)
    text = render_template("brief.md.j2", view)
    hub.keep_bytes(brief, text.encode(), made_by=made_by, shows="the brief acted on")
    git = read_git_state(setting.root)
    start = RunStart(
        phase=job.phase.id,
        run=setting.number,
        started=layout.format_time(job.started),
        plan=plan_path,
        plan_sha256=job.loaded.sha256,
        brief=brief,
        git_commit=git.commit,
        git_dirty=git.dirty,
    )
    hub.keep_record(start_path, start, made_by=made_by, shows="start of the run")
    hub.save_manifest()


def provide_data(job: Job) -> None:
    """Make the data sets that the first rungs use."""
    names = {job.phase.dataset or job.setting.plan.default_dataset} if job.phase.runs else set()
    for name in names:
        provide_dataset(job.setting, name)


def pass_gate(job: Job) -> None:
    """Run the gate, unless this run of the phase has passed it already."""
    gate, setting, hub = job.phase.gate, job.setting, job.setting.hub
    if gate is None:
        return
    path = layout.gate_path(job.phase.folder, job.phase.id, setting.number)
    before = [r for r in job.history.gates if (r.phase, r.run) == (job.phase.id, setting.number)]
    if before:
        job.gate = before[0]
    else:
        result = run_gate(setting, gate)
        job.gate = result.record
        if result.record.blocker:
            keep_blocker(hub, setting.plan, describe_gate(setting, result))
        hub.keep_record(
            path, result.record, made_by=f"{job.phase.id} gate", shows=f"gate: {job.gate.reason}"
        )
        hub.save_manifest()
    if job.gate.blocker:
        job.blockers.append(job.gate.blocker)


def run_sides(job: Job) -> None:
    """Take each baseline up its ladder; a blocker is on disk before the next rung starts."""
    if job.stopped:
        return
    owed = find_owed(job)
    for run in job.phase.runs:
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
            other = owed[run.baseline]
            record = rerun_to_match(job.setting, run, other, attempts)
            file_attempt(job, run, record)
            conclude_side(job, run, [record])
        else:
            take_over_side(job, run)


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


def note_sides(job: Job) -> None:
    """Note in what the sides differ that were to be the same."""
    job.note = note_differences(job.setting.plan, job.phase, job.counting)


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
    import msgspec

    return msgspec.structs.replace(record, pictures=pictures)


def keep_array(
    job: Job, check: str, name: str, array: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]"
) -> None:
    """Keep an array that a check computed."""
    import io

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


def record_run(job: Job) -> None:
    """Conclude the phase and keep the record of the run."""
    setting, hub = job.setting, job.setting.hub
    sides = tuple(job.sides.values())
    outcome = conclude_phase(job.gate, sides, job.checks, job.note, job.blockers)
    ended = hub.clock()
    git = read_git_state(setting.root)
    record = PhaseRecord(
        phase=job.phase.id,
        title=job.phase.title,
        run=setting.number,
        state=outcome.state,
        verdict=outcome.verdict,
        reason=outcome.reason,
        started=layout.format_time(job.started),
        ended=layout.format_time(ended),
        seconds=round((ended - job.started).total_seconds(), 3),
        plan=layout.plan_path(job.loaded.sha256),
        plan_sha256=job.loaded.sha256,
        brief=layout.brief_path(job.phase.folder, job.phase.id, setting.number),
        git_commit=git.commit,
        git_dirty=git.dirty,
        gate=job.gate,
        sides=sides,
        checks=tuple(job.checks),
        dataset_note=job.note,
        steps=(),
        blockers=tuple(job.blockers),
        exit_code=outcome.exit_code,
    )
    job.record = tick_steps(job, record)
    hub.keep_record(
        layout.phase_path(job.phase.folder, job.phase.id, setting.number),
        job.record,
        made_by=f"{job.phase.id} run {setting.number}",
        shows=f"record of the run: {outcome.verdict}",
    )
    hub.save_manifest()
    job.history.phases.append(job.record)


def tick_steps(job: Job, record: PhaseRecord) -> PhaseRecord:
    """Return the record with the phase's sub-steps ticked by it."""
    import msgspec

    ticks = tuple(tick_step(step, record, job.history) for step in job.phase.steps)
    return msgspec.structs.replace(record, steps=ticks)


def show_hub(job: Job) -> None:
    """Render the inventory, the summary and the pictures."""
    job.setting.tell("rendering the summary")
    render_hub(job.setting.hub, job.setting.plan, job.history)


STEPS: tuple[Step, ...] = (
    check_requirements,
    check_machine,
    mark_start,
    provide_data,
    pass_gate,
    run_sides,
    note_sides,
    put_checks,
    record_run,
    show_hub,
)

"""The steps of a phase. The one place where plan, run, compare, hub and report meet."""

from collections.abc import Callable

import msgspec

from parityhub.compare.outcome import conclude_phase
from parityhub.compare.sides import note_differences
from parityhub.compare.ticks import tick_step
from parityhub.errors import RequiredPhaseError
from parityhub.hub import layout
from parityhub.hub.ledger_records import TouchedRecord
from parityhub.hub.records import (
    PhaseRecord,
    RunStart,
)
from parityhub.report.render import render_template
from parityhub.run.blockers import describe_gate
from parityhub.run.brief import make_brief
from parityhub.run.datasets import provide_dataset
from parityhub.run.gate import run_gate
from parityhub.run.git import read_git_state
from parityhub.run.moment import RUNNING, Moment
from parityhub.run.preflight import check_ground
from parityhub.workflow.announce import announce_parts
from parityhub.workflow.figures import note_figures
from parityhub.workflow.job import Job
from parityhub.workflow.page import find_templates
from parityhub.workflow.questions import put_checks
from parityhub.workflow.show import keep_blocker, render_hub
from parityhub.workflow.sides import run_sides
from parityhub.workflow.touched import read_touched

Step = Callable[[Job], None]


def run_phase(job: Job) -> PhaseRecord:
    """Take a phase through its steps and return the record of the run.

    However it ends, the manifest is saved: what was kept until then can be read, and `--resume`
    goes on behind it.

    Raises:
        Error: something a user can mend; nothing that was kept is lost.
    """
    announce_parts(job.setting)
    try:
        for step in STEPS:
            step(job)
    finally:
        job.setting.hub.save_manifest()
    assert job.record is not None
    verdict, seconds = job.record.verdict, job.record.seconds
    job.setting.mark(Moment(part=(job.phase.id,), status=verdict, seconds=seconds))
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
    """Check interpreters, frameworks, disk and templates before anything is kept."""
    setting = job.setting
    find_templates(setting.plan, setting.root)
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
        owed=job.owed,
    )
    hub.keep_record(start_path, start, made_by=made_by, shows="start of the run")
    keep_touched(job, made_by)
    hub.save_manifest()


def keep_touched(job: Job, made_by: str) -> None:
    """Keep which files of the repository were touched since the turn before."""
    touched = read_touched(job.setting.hub, job.history, job.setting.root)
    if touched is not None:
        record = TouchedRecord(phase=job.phase.id, run=job.setting.number, touched=touched)
        path = layout.touched_path(job.phase.folder, job.phase.id, job.setting.number)
        shows = "files touched before the run"
        job.setting.hub.keep_record(path, record, made_by=made_by, shows=shows)
        job.history.touched[record.phase, record.run] = record


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
    part = (job.phase.id, "gate")
    setting.mark(Moment(part=part, status=RUNNING))
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
    setting.mark(Moment(part=part, status=job.gate.color, seconds=job.gate.seconds))
    if job.gate.blocker:
        job.blockers.append(job.gate.blocker)


def note_sides(job: Job) -> None:
    """Note in what the sides differ that were to be the same."""
    job.note = note_differences(job.setting.plan, job.phase, job.counting)


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
    ticks = tuple(tick_step(step, record, job.history) for step in job.phase.steps)
    return msgspec.structs.replace(record, steps=ticks)


def show_hub(job: Job) -> None:
    """Render the inventory, the summary and the pictures."""
    job.setting.tell("rendering the summary")
    render_hub(job.setting.hub, job.setting.plan, job.history, job.setting.root)


STEPS: tuple[Step, ...] = (
    check_requirements,
    check_machine,
    mark_start,
    provide_data,
    pass_gate,
    run_sides,
    note_sides,
    put_checks,
    note_figures,
    record_run,
    show_hub,
)

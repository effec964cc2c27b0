"""One execution of a baseline on one rung: its steps, what they left, and what they saw."""

from collections.abc import Sequence
from pathlib import Path

from parityhub.errors import HubError
from parityhub.hub import layout
from parityhub.hub.records import (
    AttemptRecord,
    AttemptStart,
    AttemptStatus,
    EnvironmentRecord,
    StepRecord,
)
from parityhub.run import environment
from parityhub.run.datasets import provide_dataset
from parityhub.run.expand import (
    Places,
    choose_python,
    expand_env,
    locate_data,
)
from parityhub.run.git import GitState, open_worktree, read_git_state
from parityhub.run.hiding import make_hider
from parityhub.run.logs import match_issue
from parityhub.run.moment import RUNNING, Moment
from parityhub.run.setting import Setting
from parityhub.run.step import (
    Attempt,
    Collected,
    Surroundings,
    carry_step,
    locate_capture,
    read_numbers,
    run_step,
)


def make_attempt(attempt: Attempt) -> AttemptRecord:
    """Run an attempt to its end and return its record.

    Each step's record is kept as soon as the step has ended, so that a killed run repeats no step
    that is whole.
    """
    setting, hub = attempt.setting, attempt.setting.hub
    started = hub.clock()
    title = f"attempt {attempt.number}, {attempt.situation.title}"
    setting.mark(Moment(part=attempt.part, status=RUNNING, title=title))
    digests = provide_dataset(setting, attempt.situation.dataset)
    make_empty(attempt.out)
    worktree = setting.outputs / "worktrees" / f"{attempt.run.baseline}_{attempt.number}"
    with open_worktree(setting.root, attempt.situation.revision, worktree) as tree:
        places = Places(
            python=choose_python(
                setting.plan, attempt.baseline.python, setting.python, setting.root
            ),
            root=tree,
            out=attempt.out,
            data=locate_data(setting.plan, attempt.situation.dataset, setting.root),
        )
        asked = expand_env(attempt.situation, places)
        hider = make_hider({**setting.inherited, **asked}, setting.root)
        around = Surroundings(places=places, asked=asked, hider=hider)
        start = AttemptStart(
            phase=setting.phase.id,
            run=setting.number,
            baseline=attempt.run.baseline,
            framework=attempt.baseline.framework,
            number=attempt.number,
            rung=attempt.situation.rung,
            rung_title=attempt.situation.title,
            asked_env=hider.hide_env(asked),
            options=dict(attempt.situation.options),
            dataset=attempt.situation.dataset,
            dataset_digests=digests,
            revision=attempt.situation.revision,
            started=layout.format_time(started),
            owed_for=attempt.owed_for,
        )
        hub.keep_record(
            layout.attempt_start_path(*attempt.key),
            start,
            made_by=attempt.made_by,
            shows="what the attempt was about to be run with",
        )
        hub.save_manifest()
        collected = run_steps(attempt, around)
        git = read_git_state(tree)
    env_capture = keep_environment(attempt, collected, around, git)
    record = conclude_attempt(
        attempt, start, collected, env_capture, (hub.clock() - started).total_seconds()
    )
    setting.mark(Moment(part=attempt.part, status=record.status, seconds=record.seconds))
    return record


def make_empty(out: Path) -> None:
    """Make an attempt's output folder, which nothing may lie in yet.

    Raises:
        HubError: something does: it would pass for what this attempt left.
    """
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise HubError(
            f"{out}: not empty, though the attempt is new",
            hint="another hub of this second works here, or left it: move it away",
        )


def run_steps(attempt: Attempt, around: Surroundings) -> Collected:
    """Run the steps in order until one fails; carried ones are laid out, not run."""
    collected = Collected([], {}, {}, [], [])
    failed = False
    for step in attempt.baseline.steps:
        if failed:
            record = StepRecord(name=step.name, status="not-run")
        elif step.name in attempt.carried:
            record = carry_step(attempt, step)
        else:
            record = run_step(attempt, step, around, collected)
            failed = record.status == "failed"
        collected.steps.append(record)
        keep_step(attempt, record)
        mark_step(attempt, record)
        if record.log is not None:
            read_numbers(attempt, step, record, collected)
    return collected


def mark_step(attempt: Attempt, record: StepRecord) -> None:
    """Mark how a step ended; a carried one took its time in another attempt."""
    seconds = record.seconds if record.status in ("passed", "failed") else None
    part = (*attempt.part, record.name)
    attempt.setting.mark(Moment(part=part, status=record.status, seconds=seconds))


def keep_step(attempt: Attempt, record: StepRecord) -> None:
    """Keep a step's record at once."""
    attempt.setting.hub.keep_record(
        layout.step_path(*attempt.key, record.name),
        record,
        made_by=f"{attempt.made_by} {record.name}",
        shows=f"record of {record.name}",
    )
    attempt.setting.hub.save_manifest()


def conclude_attempt(
    attempt: Attempt,
    start: AttemptStart,
    collected: Collected,
    env_capture: str,
    seconds: float,
) -> AttemptRecord:
    """Return the record of an attempt that has come to its end."""
    status = judge_status(collected.steps)
    issue = None if status == "passed" else find_issue(attempt, collected.steps)
    blocker = None
    if status != "passed":
        slug = f"{'_'.join(map(str, attempt.key[1:]))}_{issue or name_cause(collected.steps)}"
        blocker = layout.blocker_path(attempt.key[0], attempt.setting.hub.clock(), slug)
    return AttemptRecord(
        phase=start.phase,
        run=start.run,
        baseline=start.baseline,
        framework=start.framework,
        number=start.number,
        rung=start.rung,
        rung_title=start.rung_title,
        status=status,
        steps=tuple(collected.steps),
        asked_env=start.asked_env,
        options=start.options,
        dataset=start.dataset,
        dataset_digests=start.dataset_digests,
        revision=start.revision,
        proof=environment.find_weakest(step.proof for step in collected.steps),
        started=start.started,
        seconds=round(seconds, 3),
        env_capture=env_capture,
        blocker=blocker,
        known_issue=issue,
        stats=collected.stats,
        values=collected.values,
        owed_for=start.owed_for,
    )


def keep_environment(
    attempt: Attempt, collected: Collected, around: Surroundings, git: GitState
) -> str:
    """Keep what each process saw, as it wrote it, beside what was asked; return its path."""
    path, hider = layout.env_capture_path(*attempt.key), around.hider
    differences = environment.list_differences(
        around.asked, collected.launched, collected.processes
    )
    record = EnvironmentRecord(
        baseline=attempt.run.baseline,
        attempt=attempt.number,
        rung=attempt.situation.rung,
        level=environment.find_weakest(step.proof for step in collected.steps),
        asked=hider.hide_env(around.asked),
        differences=tuple(hider.hide_tree(differences)),
        launched=tuple(hider.hide_tree(collected.launched)),
        processes=tuple(hider.hide_tree(collected.processes)),
        git_commit=git.commit,
        git_dirty=git.dirty,
    )
    attempt.setting.hub.keep_record(
        path, record, made_by=attempt.made_by, shows="environment that the processes saw"
    )
    return path


def recover_environment(
    setting: Setting,
    key: tuple[str, str, str, int],
    start: AttemptStart,
    steps: Sequence[StepRecord],
) -> str | None:
    """Keep what the processes of a killed attempt saw in its whole steps; return its path.

    A later attempt may start from these steps, and its proof rests on what they saw. A step is
    whole only where they saw what was asked for.
    """
    path, hider = layout.env_capture_path(*key), make_hider(setting.inherited, setting.root)
    whole = [step for step in steps if step.status == "passed"]
    if setting.hub.has(path) or not whole:
        return path if setting.hub.has(path) else None
    folder = locate_capture(setting, start.baseline, start.number)
    processes = [
        process
        for step in whole
        for process in environment.read_processes(folder / step.name, step.name)
    ]
    record = EnvironmentRecord(
        baseline=start.baseline,
        attempt=start.number,
        rung=start.rung,
        level=environment.find_weakest(step.proof for step in whole),
        asked=start.asked_env,
        differences=(),
        launched=(),
        processes=tuple(hider.hide_tree(processes)),
    )
    made_by = f"{start.phase} {start.baseline} attempt {start.number}"
    setting.hub.keep_record(
        path, record, made_by=made_by, shows="environment that the processes saw until it ended"
    )
    return path


def judge_status(steps: Sequence[StepRecord]) -> AttemptStatus:
    """Passed: each step is whole. Partial: the first ones are. Failed: none is."""
    whole = [step.status in ("passed", "carried") for step in steps]
    if all(whole):
        return "passed"
    return "partial" if whole[0] else "failed"


def find_issue(attempt: Attempt, steps: Sequence[StepRecord]) -> str | None:
    """Return the id of the known issue that a failed step's log shows."""
    for step in steps:
        if step.status == "failed" and step.log:
            log = attempt.setting.hub.path(step.log)
            if match := match_issue(log, attempt.setting.plan.known_issues):
                return match.issue.id
    return None


def name_cause(steps: Sequence[StepRecord]) -> str:
    """Return the kind of the first cause, as part of a blocker's name."""
    return next((cause.kind for step in steps for cause in step.causes), "unknown")

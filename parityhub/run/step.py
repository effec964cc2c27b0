"""One command of an attempt: run, judged by more than its exit code, and read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from parityhub.errors import EvidenceError
from parityhub.hub import layout
from parityhub.hub.records import (
    Cause,
    Measured,
    Place,
    Proof,
    StepRecord,
)
from parityhub.plan.model import Baseline, Run, Step
from parityhub.plan.situation import Situation
from parityhub.run import environment
from parityhub.run.artifacts import collect_artifacts, restore_artifacts
from parityhub.run.expand import (
    Places,
    expand_command,
    expand_text,
)
from parityhub.run.hiding import Hider
from parityhub.run.logs import find_failures, find_telling_lines
from parityhub.run.measure import read_step_stats, read_step_values
from parityhub.run.moment import RUNNING, Moment, name_work
from parityhub.run.processes import Command, Outcome, run_command
from parityhub.run.setting import Setting


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt as it is about to be made."""

    setting: Setting
    run: Run
    situation: Situation
    number: int
    carried: Mapping[str, StepRecord]
    """steps that an earlier attempt left whole, from which this one starts"""
    carried_from: int | None
    owed_for: str | None = None

    @property
    def baseline(self) -> Baseline:
        """The baseline that is attempted."""
        return self.setting.plan.baselines[self.run.baseline]

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What the paths of this attempt are built from."""
        phase = self.setting.phase
        return phase.folder_of(self.run), phase.id, self.run.baseline, self.number

    @property
    def part(self) -> tuple[str, ...]:
        """Which part of the run this attempt is."""
        return self.setting.phase.id, f"run:{self.run.baseline}", self.situation.rung

    @property
    def made_by(self) -> str:
        """Who made what this attempt leaves."""
        return f"{self.setting.phase.id} {self.run.baseline} attempt {self.number}"

    @property
    def out(self) -> Path:
        """The output folder that the commands write to."""
        name = f"{self.run.baseline}_{self.number}"
        return self.setting.outputs / self.setting.phase.id / name


def locate_capture(setting: Setting, baseline: str, number: int) -> Path:
    """Return the folder that an attempt's processes write their environment to, by step."""
    return setting.outputs / setting.phase.id / f"{baseline}_{number}_capture"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the commands of an attempt find around them."""

    places: Places
    asked: Mapping[str, str | None]
    """variables as the rung asks for them; None: to be absent"""
    hider: Hider
    """what is not to be published of it"""


@dataclass
class Collected:
    """What the steps of an attempt have left so far."""

    steps: list[StepRecord]
    stats: dict[str, dict[str, Measured]]
    values: dict[str, Measured]
    launched: list[dict[str, Any]]
    processes: list[dict[str, Any]]


def carry_step(attempt: Attempt, step: Step) -> StepRecord:
    """Lay out what an earlier attempt's step left, and say whose it is."""
    record = attempt.carried[step.name]
    restore_artifacts(record.artifacts, attempt.setting.hub, attempt.out, attempt.setting.root)
    origin = record.carried_from or attempt.carried_from
    return msgspec.structs.replace(record, status="carried", carried_from=origin)


def run_step(
    attempt: Attempt, step: Step, around: Surroundings, collected: Collected
) -> StepRecord:
    """Run one step and say whether it passed, and if not, why."""
    setting, hub = attempt.setting, attempt.setting.hub
    capture = locate_capture(setting, attempt.run.baseline, attempt.number) / step.name
    capture.mkdir(parents=True, exist_ok=True)
    env = environment.build_environment(
        setting.inherited,
        setting.plan.controlled_variables(),
        around.asked,
        capture,
        setting.root,
    )
    argv = expand_command(step, attempt.situation.options, around.places)
    log_name = layout.log_path(*attempt.key, step.name)
    started = hub.clock()
    outcome = execute_step(attempt, step, around, argv, env)
    made_by = f"{attempt.made_by} {step.name}"
    folder = layout.attempt_folder(*attempt.key)
    artifacts, artifact_causes = collect_artifacts(
        step, attempt.out, hub, folder, made_by, setting.root
    )
    launched = environment.note_launched(step.name, env, outcome.start_error is None)
    collected.launched.append(launched)
    proof, environment_causes = judge_environment(
        attempt, step, around, launched, capture, collected
    )
    causes = list_exit_causes(outcome, step, hub.path(log_name), log_name)
    if outcome.exit_code == 0:
        # A program that failed leaves less than it should, and may have ended before it could
        # speak of its environment; only of one that exited 0 is that news.
        causes += (*artifact_causes, *list_proof_causes(attempt.baseline, proof))
    causes += find_failures(hub.path(log_name), log_name, attempt.baseline.failure_patterns)
    causes += environment_causes
    return StepRecord(
        name=step.name,
        status="failed" if causes else "passed",
        argv=tuple(around.hider.hide_tree(argv)),
        log=log_name,
        exit_code=outcome.exit_code,
        signal=outcome.signal,
        timed_out=outcome.timed_out,
        started=layout.format_time(started),
        seconds=round(outcome.seconds, 3),
        peak_memory_bytes=outcome.peak_memory_bytes,
        artifacts=artifacts,
        causes=tuple(causes),
        proof=proof,
        stragglers=outcome.stragglers,
    )


def execute_step(
    attempt: Attempt,
    step: Step,
    around: Surroundings,
    argv: tuple[str, ...],
    env: Mapping[str, str],
) -> Outcome:
    """Run a step's command to its end, its whole output in the hub."""
    setting, hub, places = attempt.setting, attempt.setting.hub, around.places
    log_name = layout.log_path(*attempt.key, step.name)
    cwd = places.root / expand_text(attempt.baseline.cwd, places, attempt.situation.options)
    setting.tell(f"{attempt.made_by}, {attempt.situation.title}: {step.name}")
    begin_step(attempt, step)
    outcome = run_command(
        Command(
            argv=argv,
            cwd=cwd,
            env=env,
            log=hub.path(log_name),
            timeout=step.timeout,
            replace=around.hider.pairs,
        ),
        setting.tick,
    )
    hub.adopt(
        log_name, made_by=f"{attempt.made_by} {step.name}", shows=f"whole output of {step.name}"
    )
    return outcome


def begin_step(attempt: Attempt, step: Step) -> None:
    """Mark that a step begins, with how long it took where the same was done before."""
    work = name_work(
        attempt.setting.phase.id,
        attempt.run.baseline,
        attempt.situation.rung,
        step.name,
        attempt.situation.dataset,
        attempt.situation.options,
    )
    expected = attempt.setting.expected.get(work)
    part = (*attempt.part, step.name)
    attempt.setting.mark(Moment(part=part, status=RUNNING, expected=expected))


def list_exit_causes(outcome: Outcome, step: Step, log: Path, log_name: str) -> list[Cause]:
    """Say in what way a command ended other than with exit code 0, with the lines that tell why."""
    if outcome.exit_code == 0 and not outcome.timed_out:
        return []
    telling = find_telling_lines(log)
    place = Place(file=log_name, line=telling.first or None)
    if outcome.start_error is not None:
        return [Cause(kind="start", text=f"could not be started: {outcome.start_error}")]
    if outcome.timed_out:
        text = f"ended after its time limit of {step.timeout:g} s"
        return [Cause(kind="timeout", text=text, place=place, lines=telling.lines)]
    if outcome.signal is not None:
        text = f"ended by {outcome.signal}"
        return [Cause(kind="signal", text=text, place=place, lines=telling.lines)]
    text = f"exit code {outcome.exit_code}: {telling.signature}"
    return [Cause(kind="exit-code", text=text, place=place, lines=telling.lines)]


def judge_environment(
    attempt: Attempt,
    step: Step,
    around: Surroundings,
    launched: Mapping[str, Any],
    capture: Path,
    collected: Collected,
) -> tuple[Proof, list[Cause]]:
    """Say how well a step's environment is proven, and where it was another than asked.

    What is compared is exact; what is told of it is fit to publish.
    """
    try:
        processes = environment.read_processes(capture, step.name)
    except EvidenceError as error:
        text = around.hider.hide_text(error.message)
        return "launcher", [Cause(kind="environment", text=text)]
    collected.processes += processes
    options = {
        name: attempt.situation.options[name]
        for name in step.options
        if name in attempt.situation.options
    }
    differences = (
        *environment.list_differences(around.asked, [launched], processes),
        *environment.list_option_differences(options, processes),
    )
    return environment.judge_level(launched, processes), [
        Cause(kind="environment", text=around.hider.hide_text(text)) for text in differences
    ]


def list_proof_causes(baseline: Baseline, proof: Proof) -> list[Cause]:
    """Say where an environment is proven less well than the plan asks for."""
    if environment.LEVELS.index(proof) >= environment.LEVELS.index(baseline.proof):
        return []
    text = f"environment {proof}, the plan asks for {baseline.proof}"
    return [Cause(kind="proof", text=text)]


def read_numbers(attempt: Attempt, step: Step, record: StepRecord, collected: Collected) -> None:
    """Read the statistics and values that the plan says the step leaves."""
    assert record.log is not None
    prefix = layout.attempt_folder(*attempt.key)
    if record.carried_from is not None:
        folder, phase, baseline, _ = attempt.key
        prefix = layout.attempt_folder(folder, phase, baseline, record.carried_from)
    log = attempt.setting.hub.path(record.log)
    collected.stats.update(read_step_stats(step, attempt.out, prefix, log, record.log))
    collected.values.update(read_step_values(step, attempt.out, prefix, log, record.log))

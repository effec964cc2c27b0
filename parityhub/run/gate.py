"""Tests that must be green before a phase's baselines run."""

import shutil
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from parityhub.errors import EvidenceError
from parityhub.hub import layout
from parityhub.hub.records import Cause, EnvironmentRecord, GateCase, GateRecord, Place
from parityhub.plan.model import Gate
from parityhub.run import environment
from parityhub.run.expand import choose_python, expand_gate_env
from parityhub.run.git import read_git_state
from parityhub.run.hiding import Hider, make_hider
from parityhub.run.logs import find_telling_lines
from parityhub.run.processes import Command, Outcome, run_command
from parityhub.run.setting import Setting

Color = Literal["green", "red"]
LOG, REPORT = "gate.log", "junit.xml"
COUNTED = ("passed", "failed", "error", "skipped")


@dataclass(frozen=True)
class GateResult:
    """A gate's record, and why it is red."""

    record: GateRecord
    causes: tuple[Cause, ...]


def run_gate(setting: Setting, gate: Gate) -> GateResult:
    """Run a gate in the environment of the phase's first rungs, and keep its output.

    Green only if tests ran, none failed and the environment was as asked: a gate without a test
    that passed has shown nothing.
    """
    work = setting.outputs / setting.phase.id / f"gate_{setting.number}"
    python = choose_python(setting.plan, gate.python, setting.python, setting.root)
    asked = expand_gate_env(
        setting.plan, setting.phase, gate, python=python, root=setting.root, out=work
    )
    hider = make_hider({**setting.inherited, **asked}, setting.root)
    clear_folder(work)
    env = environment.build_environment(
        {k: v for k, v in setting.inherited.items() if not k.startswith("PYTEST_")},
        setting.plan.controlled_variables(),
        asked,
        work / "capture",
        setting.root,
    )
    argv = (python, "-m", "pytest", *gate.selectors, "-vv", "-p", "no:cacheprovider")
    setting.tell(f"{setting.phase.id} gate: {' '.join(gate.selectors)}")
    outcome = run_command(
        Command(
            argv=(*argv, f"--junitxml={work / REPORT}"),
            cwd=setting.root,
            env=env,
            log=work / LOG,
            timeout=gate.timeout,
            replace=hider.pairs,
        ),
        setting.tick,
    )
    tried = count_tries(setting)
    launched = environment.note_launched("gate", env, outcome.start_error is None)
    seen = keep_gate_environment(setting, tried, asked, launched, work / "capture", hider)
    cases = read_cases(work / REPORT, hider)
    color, reason = judge_gate(outcome, cases, seen.differences)
    log = keep_output(setting, work / LOG, color, tried)
    argv = tuple(hider.hide_tree(argv))
    record = make_record(setting, gate, argv, outcome, cases, color, reason, log)
    causes = () if color == "green" else list_gate_causes(record, setting.hub.path(log))
    return GateResult(record, causes)


def clear_folder(work: Path) -> None:
    """Make the folder that a gate writes to, without what a try that was killed left in it."""
    shutil.rmtree(work, ignore_errors=True)
    (work / "capture").mkdir(parents=True)


def keep_output(setting: Setting, live: Path, color: Color, tried: int) -> str:
    """Keep a gate's output where its color belongs; return its path."""
    phase = setting.phase
    log = layout.gate_log_path(phase.folder, phase.id, setting.number, color, tried)
    made_by = f"{phase.id} gate run {setting.number}"
    setting.hub.keep_copy(live, log, made_by=made_by, shows=f"gate output, {color}")
    return log


def make_record(
    setting: Setting,
    gate: Gate,
    argv: tuple[str, ...],
    outcome: Outcome,
    cases: tuple[GateCase, ...],
    color: Color,
    reason: str,
    log: str,
) -> GateRecord:
    """Make the record of a gate that has run."""
    counts = {kind: sum(case.outcome == kind for case in cases) for kind in COUNTED}
    return GateRecord(
        phase=setting.phase.id,
        run=setting.number,
        color=color,
        reason=reason,
        selectors=gate.selectors,
        argv=argv,
        passed=counts["passed"],
        failed=counts["failed"],
        errors=counts["error"],
        skipped=counts["skipped"],
        seconds=round(outcome.seconds, 3),
        exit_code=outcome.exit_code,
        log=log,
        cases=cases,
        blocker=None if color == "green" else name_blocker(setting),
        continued_under=gate.continue_under if color == "red" else None,
    )


def count_tries(setting: Setting) -> int:
    """Return which try of this run's gate this is: one that was killed may have left its output."""
    key = (setting.phase.folder, setting.phase.id, setting.number)
    tried = 1
    while any(
        setting.hub.has(path)
        for path in (
            layout.gate_env_path(*key, tried),
            layout.gate_log_path(*key, "green", tried),
            layout.gate_log_path(*key, "red", tried),
        )
    ):
        tried += 1
    return tried


def name_blocker(setting: Setting) -> str:
    """Return the path of a red gate's blocker."""
    slug = f"{setting.phase.id}_gate_{setting.number}"
    return layout.blocker_path(setting.phase.folder, setting.hub.clock(), slug)


def read_cases(report: Path, hider: Hider) -> tuple[GateCase, ...]:
    """Read what became of each test from pytest's JUnit report; none where there is no report."""
    try:
        tree = ET.parse(report)
    except (OSError, ET.ParseError):
        return ()
    cases = []
    for node in tree.iter("testcase"):
        outcome: Literal["passed", "failed", "error", "skipped"] = "passed"
        message = ""
        for tag, named in (("skipped", "skipped"), ("failure", "failed"), ("error", "error")):
            if (found := node.find(tag)) is not None:
                outcome = named  # type: ignore[assignment]
                message = hider.hide_text(found.get("message", ""))[:500]
        name = hider.hide_text(f"{node.get('classname', '')}::{node.get('name', '')}")
        seconds = float(node.get("time", "0"))
        cases.append(GateCase(name=name, outcome=outcome, seconds=seconds, message=message))
    return tuple(cases)


def judge_gate(
    outcome: Outcome, cases: tuple[GateCase, ...], differences: tuple[str, ...]
) -> tuple[Color, str]:
    """Say whether a gate is green, and why."""
    passed = sum(case.outcome == "passed" for case in cases)
    broken = [case.name for case in cases if case.outcome in ("failed", "error")]
    if outcome.start_error:
        return "red", f"pytest could not be started: {outcome.start_error}"
    if outcome.timed_out:
        return "red", "ended after its time limit"
    if broken:
        return "red", f"{len(broken)} of {len(cases)} tests failed, first {broken[0]}"
    if differences:
        return "red", f"environment not as asked: {differences[0]}"
    if not cases:
        return "red", f"no test ran (exit code {outcome.exit_code})"
    if not passed:
        return "red", f"each of {len(cases)} tests was skipped"
    if outcome.exit_code != 0:
        return "red", f"pytest exited with {outcome.exit_code or outcome.signal}"
    return "green", f"{passed} passed of {len(cases)}"


def list_gate_causes(record: GateRecord, log: Path) -> tuple[Cause, ...]:
    """Say why a gate is red, with the lines that show it."""
    telling = find_telling_lines(log)
    place = Place(file=record.log, line=telling.first or None)
    return (Cause(kind="exit-code", text=record.reason, place=place, lines=telling.lines),)


def keep_gate_environment(
    setting: Setting,
    tried: int,
    asked: dict[str, str | None],
    launched: dict[str, Any],
    capture: Path,
    hider: Hider,
) -> EnvironmentRecord:
    """Keep what the gate's processes saw, beside what was asked."""
    phase, git = setting.phase, read_git_state(setting.root)
    processes: list[dict[str, Any]] = []
    differences: tuple[str, ...]
    try:
        processes = environment.read_processes(capture, "gate")
        differences = environment.list_differences(asked, [launched], processes)
    except EvidenceError as error:
        differences = (error.message,)
    record = EnvironmentRecord(
        baseline="gate",
        attempt=setting.number,
        rung="",
        level=environment.judge_level(launched, processes),
        asked=hider.hide_env(asked),
        differences=tuple(hider.hide_tree(differences)),
        launched=(hider.hide_tree(launched),),
        processes=tuple(hider.hide_tree(processes)),
        git_commit=git.commit,
        git_dirty=git.dirty,
    )
    setting.hub.keep_record(
        layout.gate_env_path(phase.folder, phase.id, setting.number, tried),
        record,
        made_by=f"{phase.id} gate run {setting.number}",
        shows="environment that the gate's processes saw",
    )
    return record

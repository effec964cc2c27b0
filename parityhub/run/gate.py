"""Tests that must be green before a phase's baselines run."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from parityhub.errors import EvidenceError
from parityhub.hub import layout
from parityhub.hub.records import Cause, EnvironmentRecord, GateCase, GateRecord, Place
from parityhub.plan.model import Gate, resolve_situations
from parityhub.run import environment
from parityhub.run.expand import Places, choose_python, expand_env
from parityhub.run.git import read_git_state
from parityhub.run.hiding import Hider, make_hider
from parityhub.run.logs import find_telling_lines
from parityhub.run.processes import Command, Outcome, run_command
from parityhub.run.setting import Setting

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
    hub, phase = setting.hub, setting.phase
    work = setting.outputs / phase.id / f"gate_{setting.number}"
    capture = work / "capture"
    capture.mkdir(parents=True, exist_ok=True)
    report, live = work / "junit.xml", work / "gate.log"
    for leftover in (report, live):
        leftover.unlink(missing_ok=True)
    python = choose_python(setting.plan, gate.python, setting.python, setting.root)
    asked = ask_environment(
        setting, gate, Places(python=python, root=setting.root, out=work, data={})
    )
    hider = make_hider({**setting.inherited, **asked}, setting.root)
    env = environment.build_environment(
        {k: v for k, v in setting.inherited.items() if not k.startswith("PYTEST_")},
        setting.plan.controlled_variables(),
        asked,
        capture,
        setting.root,
    )
    argv = (python, "-m", "pytest", *gate.selectors, "-vv", "-p", "no:cacheprovider")
    setting.tell(f"{phase.id} gate: {' '.join(gate.selectors)}")
    outcome = run_command(
        Command(
            argv=(*argv, f"--junitxml={report}"),
            cwd=setting.root,
            env=env,
            log=live,
            timeout=gate.timeout,
            replace=hider.pairs,
        ),
        setting.tick,
    )
    cases = read_cases(report, hider)
    launched = environment.note_launched("gate", env, outcome.start_error is None)
    seen = keep_gate_environment(setting, asked, launched, capture, hider)
    color, reason = judge_gate(outcome, cases, seen.differences)
    log = layout.gate_log_path(phase.folder, phase.id, setting.number, color)
    made_by = f"{phase.id} gate run {setting.number}"
    hub.keep_copy(live, log, made_by=made_by, shows=f"gate output, {color}")
    counts = {outcome: sum(case.outcome == outcome for case in cases) for outcome in COUNTED}
    record = GateRecord(
        phase=phase.id,
        run=setting.number,
        color=color,
        reason=reason,
        selectors=gate.selectors,
        argv=tuple(hider.hide_tree(argv)),
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
    return GateResult(record, () if color == "green" else list_gate_causes(record, hub.path(log)))


def ask_environment(setting: Setting, gate: Gate, places: Places) -> dict[str, str | None]:
    """Return the variables of each side's first rung, and the gate's own over them."""
    asked: dict[str, str | None] = {}
    for run in setting.phase.runs:
        asked |= expand_env(resolve_situations(setting.plan, setting.phase, run)[0], places)
    return asked | dict(gate.env)


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
) -> tuple[Literal["green", "red"], str]:
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
        layout.env_capture_path(phase.folder, phase.id, "gate", setting.number),
        record,
        made_by=f"{phase.id} gate run {setting.number}",
        shows="environment that the gate's processes saw",
    )
    return record

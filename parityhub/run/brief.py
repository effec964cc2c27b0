"""What a phase would do: its commands with their whole environment, before anything runs."""

from pathlib import Path
from typing import Any

from parityhub.hub.history import History
from parityhub.plan.model import Gate, Phase, Plan, Run
from parityhub.plan.situation import Situation, resolve_situations
from parityhub.run.expand import (
    Places,
    choose_python,
    expand_command,
    expand_env,
    expand_gate_env,
    locate_data,
)
from parityhub.run.hiding import make_hider


def make_brief(
    plan: Plan, phase: Phase, history: History, root: Path, python: str
) -> dict[str, Any]:
    """Make the brief of a phase. Paths are relative to the repository; {out} stays as it is.

    No sub-step is ticked yet, and nothing is said of what comes first: the phase is about to run.

    Raises:
        PlanError: a placeholder of a command stands for nothing.
    """
    return {
        "phase": phase.id,
        "title": phase.title,
        "purpose": phase.purpose,
        "now": [],
        "requires": [
            {"id": required, "state": record.state if record else "pending"}
            for required in phase.requires
            for record in [history.last_phase(required)]
        ],
        "gate": brief_gate(plan, phase, phase.gate, root, python) if phase.gate else None,
        "runs": [brief_run(plan, phase, run, root, python) for run in phase.runs],
        "checks": [
            {
                "id": check.id,
                "kind": str(type(check).__struct_config__.tag),
                "title": check.title,
            }
            for check in phase.checks
        ],
        "steps": [
            {
                "id": step.id,
                "text": step.text,
                "evidence": list(step.evidence),
                "ticked": False,
                "found": [],
            }
            for step in phase.steps
        ],
        "exit_criteria": [
            {"id": item.id, "text": item.text, "evidence": list(item.evidence)}
            for item in plan.exit_criteria
        ],
    }


def brief_gate(plan: Plan, phase: Phase, gate: Gate, root: Path, python: str) -> dict[str, Any]:
    """Make the brief of a gate."""
    interpreter = choose_python(plan, gate.python, python, root)
    env = expand_gate_env(plan, phase, gate, python=interpreter, root=root, out=Path("{out}"))
    hider = make_hider({**env, "HOME": str(Path.home())}, root)
    return {
        "selectors": list(gate.selectors),
        "argv": hider.hide_tree([interpreter, "-m", "pytest", *gate.selectors, "-vv"]),
        "env": hider.hide_env(env),
    }


def brief_run(plan: Plan, phase: Phase, run: Run, root: Path, python: str) -> dict[str, Any]:
    """Make the brief of a baseline and its ladder."""
    baseline = plan.baselines[run.baseline]
    return {
        "baseline": run.baseline,
        "framework": baseline.framework,
        "folder": phase.folder_of(run),
        "rungs": [
            brief_rung(plan, run, situation, root, python)
            for situation in resolve_situations(plan, phase, run)
        ],
        "artifacts": [
            {"path": item.path, "kind": item.kind, "shows": item.shows}
            for step in baseline.steps
            for item in step.list_artifacts()
        ],
        "on_exhausted": plan.ladder_of(run).on_exhausted,
    }


def brief_rung(
    plan: Plan, run: Run, situation: Situation, root: Path, python: str
) -> dict[str, Any]:
    """Make the brief of one rung."""
    baseline = plan.baselines[run.baseline]
    places = Places(
        python=choose_python(plan, baseline.python, python, root),
        root=root,
        out=Path("{out}"),
        data=locate_data(plan, situation.dataset, root),
    )
    env = expand_env(situation, places)
    hider = make_hider({**env, "HOME": str(Path.home())}, root)
    return {
        "id": situation.rung,
        "title": situation.title,
        "env": hider.hide_env(env),
        "dataset": situation.dataset,
        "options": dict(situation.options),
        "revision": situation.revision,
        "commands": [
            {
                "step": step.name,
                "argv": hider.hide_tree(expand_command(step, situation.options, places)),
                "timeout": step.timeout,
            }
            for step in baseline.steps
        ],
    }

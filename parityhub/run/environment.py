"""The environment of an attempt: built from the plan, and compared with what the child saw."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from parityhub.capture.redaction import names_secret
from parityhub.errors import EvidenceError
from parityhub.hub.records import Proof
from parityhub.plan.model import OptionValue
from parityhub.run.hiding import REDACTED, hide_value

LEVELS: tuple[Proof, ...] = ("unproven", "launcher", "self-reported")


def build_environment(
    inherited: Mapping[str, str],
    controlled: Iterable[str],
    asked: Mapping[str, str | None],
    capture: Path,
    root: Path,
) -> dict[str, str]:
    """Build what a child is started with.

    A variable that the plan speaks of anywhere is never inherited: what the child sees of it comes
    from its rung alone. The PARITYHUB_ variables tell `parityhub.capture` where to write.
    """
    dropped = set(controlled)
    env = {name: value for name, value in inherited.items() if name not in dropped}
    env.update({name: value for name, value in asked.items() if value is not None})
    for name in [name for name, value in asked.items() if value is None]:
        env.pop(name, None)
    env["PARITYHUB_CAPTURE"] = str(capture)
    env["PARITYHUB_ASKED"] = ",".join(sorted({*dropped, *asked}))
    env["PARITYHUB_ROOT"] = str(root)
    env["PYTHONUNBUFFERED"] = "1"
    return env


def note_launched(step: str, env: Mapping[str, str], pid_known: bool) -> dict[str, Any]:
    """Note what the launching process handed over: the variables that the plan speaks of."""
    names = [name for name in env["PARITYHUB_ASKED"].split(",") if name]
    return {
        "step": step,
        "started": pid_known,
        "variables": {name: hide_value(name, env[name]) if name in env else None for name in names},
    }


class Capture(msgspec.Struct):
    """What is read of a capture; the rest of it is kept as it is."""

    pid: int
    asked: dict[str, str | None]
    options: dict[str, Any] | None = None


def read_processes(capture: Path, step: str) -> list[dict[str, Any]]:
    """Read what the processes of a step wrote of themselves.

    A number that is not finite, which JSON has no word for, is read as a text: `NaN`.

    Raises:
        EvidenceError: a capture file is damaged.
    """
    processes = []
    for file in sorted(capture.glob("env_*.json")):
        try:
            seen = json.loads(file.read_bytes(), parse_constant=str)
            msgspec.convert(seen, Capture)
        except (OSError, ValueError, RecursionError) as error:
            raise EvidenceError(
                f"{file.name}: not an environment capture: {error}",
                hint="let the program write it with parityhub.capture",
            ) from error
        processes.append({"step": step, **seen})
    return processes


def judge_level(launched: Mapping[str, Any], processes: Sequence[Mapping[str, Any]]) -> Proof:
    """Say how well a command's environment is proven: by its own word, or by the launcher's."""
    if not launched["started"]:
        return "unproven"
    return "self-reported" if processes else "launcher"


def find_weakest(levels: Iterable[Proof | None]) -> Proof:
    """Return the weakest of the levels of an attempt's steps; what did not run has none."""
    known = [LEVELS.index(level) for level in levels if level is not None]
    return LEVELS[min(known, default=0)]


def list_differences(
    asked: Mapping[str, str | None],
    launched: Sequence[Mapping[str, Any]],
    processes: Sequence[Mapping[str, Any]],
) -> tuple[str, ...]:
    """Say where a process saw another value than its rung asked for.

    Each process that reported is held to what was asked; a step of which none reported, to what
    was handed over.
    """
    reported = {entry["step"] for entry in processes}
    witnesses = [(f"{entry['step']}, pid {entry['pid']}", entry["asked"]) for entry in processes]
    witnesses += [
        (f"{entry['step']}, as launched", entry["variables"])
        for entry in launched
        if entry["step"] not in reported
    ]
    differences = []
    for witness, variables in witnesses:
        for name, value in sorted(asked.items()):
            seen = variables.get(name)
            wanted = REDACTED if value is not None and names_secret(name) else value
            if seen != wanted:
                differences.append(
                    f"{name}: asked {show_value(wanted)}, {witness} saw {show_value(seen)}"
                )
    return tuple(differences)


def list_option_differences(
    asked: Mapping[str, OptionValue], processes: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    """Say where a process reported another option than it was started with."""
    differences = []
    for process in processes:
        seen = {
            str(name).replace("-", "_"): value
            for name, value in (process.get("options") or {}).items()
        }
        for name, value in asked.items():
            key = name.replace("-", "_")
            if isinstance(value, float) and not math.isfinite(value):
                value = json.dumps(value)
            elif isinstance(value, str):
                # A program may spell a path or a word in its own way.
                continue
            if key in seen and seen[key] != value:
                differences.append(
                    f"option {name}: asked {value!r}, {process['step']} reports {seen[key]!r}"
                )
    return tuple(differences)


def show_value(value: str | None) -> str:
    """Return a variable's value as text, unset said as such."""
    return "unset" if value is None else repr(value)

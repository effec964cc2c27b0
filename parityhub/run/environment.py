"""The environment of an attempt: built from the plan, and compared with what the child saw."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from parityhub.capture.redaction import names_secret
from parityhub.errors import EvidenceError
from parityhub.hub.records import Proof
from parityhub.plan.model import OptionValue

SECRET_LENGTH = 6
"""characters; a shorter value is no secret, and replacing it would garble a log"""
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


def list_replacements(env: Mapping[str, str], root: Path) -> list[tuple[str, str]]:
    """Return what a log shows instead: secrets by their names, this machine's folders relative."""
    secrets = [
        (value, f"[redacted {name}]")
        for name, value in env.items()
        if names_secret(name) and len(value) >= SECRET_LENGTH
    ]
    secrets.sort(key=lambda pair: -len(pair[0]))
    folders = [(f"{root}{os.sep}", "")]
    home = env.get("HOME", "")
    if len(home) > 1:
        folders.append((f"{home}{os.sep}", f"~{os.sep}"))
    return secrets + folders


def show_argv(argv: Sequence[str], root: Path) -> tuple[str, ...]:
    """Return a command as a record shows it: paths below the repository relative to it."""
    prefix = re.compile(re.escape(f"{root}{os.sep}"))
    return tuple(prefix.sub("", word) for word in argv)


def note_launched(step: str, env: Mapping[str, str], pid_known: bool) -> dict[str, Any]:
    """Note what the launching process handed over: the variables that the plan speaks of."""
    names = [name for name in env["PARITYHUB_ASKED"].split(",") if name]
    return {
        "step": step,
        "started": pid_known,
        "variables": {
            name: "[redacted]" if names_secret(name) and name in env else env.get(name)
            for name in names
        },
    }


def read_processes(capture: Path, step: str) -> list[dict[str, Any]]:
    """Read what the processes of a step wrote of themselves.

    Raises:
        EvidenceError: a capture file is damaged.
    """
    processes = []
    for file in sorted(capture.glob("env_*.json")):
        try:
            seen = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
        except (OSError, msgspec.DecodeError) as error:
            raise EvidenceError(
                f"{file.name}: not an environment capture: {error}",
                hint="the process was killed as it wrote it",
            ) from error
        processes.append({"step": step, **seen})
    return processes


def judge_level(
    launched: Sequence[Mapping[str, Any]], processes: Sequence[Mapping[str, Any]]
) -> Proof:
    """Say how well an environment is proven: by each step's own word, or by the launcher's."""
    steps = [entry["step"] for entry in launched if entry["started"]]
    if not steps:
        return "unproven"
    reported = {entry["step"] for entry in processes}
    return "self-reported" if reported.issuperset(steps) else "launcher"


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
            if seen != value and not (names_secret(name) and seen == "[redacted]"):
                differences.append(
                    f"{name}: asked {show_value(value)}, {witness} saw {show_value(seen)}"
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
            if key in seen and isinstance(value, bool | int | float) and seen[key] != value:
                differences.append(
                    f"option {name}: asked {value!r}, {process['step']} reports {seen[key]!r}"
                )
    return tuple(differences)


def show_value(value: str | None) -> str:
    """Return a variable's value as text, unset said as such."""
    return "unset" if value is None else repr(value)

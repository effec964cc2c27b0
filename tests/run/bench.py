"""A small repository to run things in: its plan as a table, its programs as texts."""

import os
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from parityhub.hub.records import AttemptRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import Phase, Plan, Run
from parityhub.plan.situation import Situation, resolve_situations
from parityhub.run.attempt import make_attempt
from parityhub.run.processes import Command, Outcome, run_command
from parityhub.run.setting import Setting
from parityhub.run.step import Attempt

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


def read_noon() -> datetime:
    """A clock that stands: whatever happens, happens in one second."""
    return NOON


def stay_silent(*_: object) -> None:
    """Take what a run tells, and tell nobody."""


def make_plan(**parts: Any) -> Plan:
    """Make a plan of one phase P with one baseline `side`, but for the parts given."""
    table: dict[str, Any] = {
        "format": 1,
        "initiative": {"id": "I", "title": "t", "hub": "parity"},
        "baseline": {"side": {"framework": "other", "steps": [make_step()]}},
        "phase": [{"id": "P", "title": "t", "folder": "p", "runs": [{"baseline": "side"}]}],
    }
    return msgspec.convert(table | parts, Plan)


def make_step(name: str = "train", **parts: Any) -> dict[str, Any]:
    """Make a step that runs `<name>.py` of the repository."""
    command = ["{python}", f"{{root}}/{name}.py", "{out}", "{options}"]
    return {"name": name, "command": command, "timeout": 60} | parts


def make_side(*steps: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Make the plan's table of baselines: one, named `side`."""
    return {"side": {"framework": "other", "steps": list(steps)} | parts}


@dataclass
class Bench:
    """A repository in a folder, and parityhub's engine at work in it."""

    root: Path
    inherited: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True)

    def write(self, name: str, code: str) -> Path:
        """Write a file of the repository."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(code), encoding="utf-8")
        return path

    def make_setting(
        self,
        plan: Plan,
        *,
        number: int = 1,
        hub: Hub | None = None,
        tell: Callable[[str], None] = stay_silent,
    ) -> Setting:
        """Set a run of the plan's first phase."""
        return Setting(
            plan=plan,
            phase=plan.phases[0],
            hub=hub or Hub.create(self.root / "reports", "parity", "I", read_noon),
            number=number,
            root=self.root,
            inherited=self.inherited,
            python=sys.executable,
            tell=tell,
            tick=stay_silent,
        )

    def attempt(
        self, setting: Setting, number: int = 1, situation: Situation | None = None
    ) -> AttemptRecord:
        """Make an attempt of the phase's first run, on the first rung if not told another."""
        run = setting.phase.runs[0]
        return make_attempt(
            Attempt(
                setting=setting,
                run=run,
                situation=situation or resolve_situations(setting.plan, setting.phase, run)[0],
                number=number,
                carried={},
                carried_from=None,
            )
        )

    def run(
        self,
        code: str,
        *arguments: str,
        timeout: float = 60.0,
        replace: tuple[tuple[str, str], ...] = (),
        env: Mapping[str, str] | None = None,
        watch: Callable[[float, str], None] | None = None,
    ) -> tuple[Outcome, bytes]:
        """Run a program; return how it ended and its log."""
        program = self.write("program.py", code)
        log = self.root / "logs" / f"{len(list(self.root.glob('logs/*')))}.log"
        command = Command(
            argv=(sys.executable, str(program), *arguments),
            cwd=self.root,
            env=dict(self.inherited if env is None else env),
            log=log,
            timeout=timeout,
            replace=replace,
        )
        return run_command(command, watch), log.read_bytes()


def read_pids(file: Path) -> list[int]:
    """Return the process ids that programs wrote into a file, apart by blanks."""
    return [int(word) for word in file.read_text(encoding="utf-8").split()]


def first_run(plan: Plan) -> tuple[Phase, Run]:
    """Return the first phase of a plan and its first run."""
    return plan.phases[0], plan.phases[0].runs[0]


def read_all(hub: Hub) -> str:
    """Return the text of each file of a hub, as somebody reads it who was handed the hub."""
    return "\n".join(
        hub.path(path).read_bytes().decode("utf-8", "replace") for path in hub.list_files()
    )

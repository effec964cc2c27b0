"""Commands as child processes: started, watched, and ended when parityhub ends."""

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from parityhub.errors import HubError

SUPERVISOR = Path(__file__).with_name("supervise.py")
TICK = 0.2
END_WITHIN = 5.0

Watcher = Callable[[float, str], None]
"""called a few times a second with the seconds gone by and the last line of the log"""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command as it is to be started. `replace`: patterns, and what its log shows instead."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    log: Path
    timeout: float
    replace: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a command ended."""

    exit_code: int | None
    signal: str | None
    timed_out: bool
    seconds: float
    peak_memory_bytes: int | None
    stragglers: int = 0
    """processes that outlived the command and were ended"""
    start_error: str | None = None


def run_command(command: Command, watch: Watcher | None = None) -> Outcome:
    """Run a command to its end, whatever that end is.

    The command's whole tree of processes has ended when this returns or raises: on an exception
    here (Ctrl-C) it is ended within 5 s, and when this process is killed, the supervisor ends it.

    Raises:
        HubError: the log is there already, or cannot be written.
    """
    command.log.parent.mkdir(parents=True, exist_ok=True)
    supervisor = subprocess.Popen(
        [sys.executable, "-I", "-S", str(SUPERVISOR)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert supervisor.stdin is not None
    assert supervisor.stdout is not None
    try:
        with contextlib.suppress(BrokenPipeError):
            supervisor.stdin.write(encode_command(command))
            supervisor.stdin.flush()
        return follow(supervisor, command.log, watch)
    finally:
        with contextlib.suppress(BrokenPipeError):
            supervisor.stdin.close()
        try:
            supervisor.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            supervisor.kill()
            supervisor.wait()
        supervisor.stdout.close()


def encode_command(command: Command) -> bytes:
    """Return a command as the line that the supervisor reads."""
    spec = {
        "argv": list(command.argv),
        "cwd": str(command.cwd),
        "env": dict(command.env),
        "log": str(command.log),
        "timeout": command.timeout,
        "replace": [list(pair) for pair in command.replace],
    }
    return json.dumps(spec).encode() + b"\n"


def follow(supervisor: "subprocess.Popen[bytes]", log: Path, watch: Watcher | None) -> Outcome:
    """Read what the supervisor tells until the outcome, calling the watcher meanwhile."""
    assert supervisor.stdout is not None
    started = time.monotonic()
    told = b""
    with selectors.DefaultSelector() as selector:
        selector.register(supervisor.stdout, selectors.EVENT_READ)
        while True:
            if selector.select(TICK):
                block = os.read(supervisor.stdout.fileno(), 1 << 16)
                if not block:
                    break
                told += block
            elif watch is not None:
                watch(time.monotonic() - started, read_last_line(log))
    last: dict[str, Any] = json.loads(told.splitlines()[-1]) if told else {}
    if "log_error" in last:
        raise HubError(
            f"{log}: cannot be written: {last['log_error']}",
            hint="evidence is written once; see that there is room, and make a new attempt",
        )
    if "pid" in last:
        end_tree(last["pid"])
    if "seconds" not in last:
        return Outcome(
            exit_code=None,
            signal=None,
            timed_out=False,
            seconds=time.monotonic() - started,
            peak_memory_bytes=None,
            start_error=last.get("start_error", "the supervisor was killed"),
        )
    return Outcome(
        exit_code=last["exit_code"],
        signal=last["signal"],
        timed_out=last["ended_by"] == "timeout",
        seconds=last["seconds"],
        peak_memory_bytes=last["peak_memory_bytes"],
        stragglers=last["stragglers"],
    )


def end_tree(pid: int) -> None:
    """End a command whose supervisor was killed (for want of memory, say), and its descendants."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for member in (*process.children(recursive=True), process):
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()


def read_last_line(log: Path, tail: int = 4096) -> str:
    """Return the last line of a growing log that is not blank, or nothing."""
    try:
        with log.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - tail))
            lines = stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")

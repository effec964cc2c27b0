"""Starts one command and answers for all that comes of it. Standard library only.

Runs as a program of its own between parityhub and the command, so that whatever kills parityhub
still ends the command: its standard input is a line to the parent, and when that line breaks, the
command's whole tree is ended. It also writes the log, so that no secret reaches the disk.

Standard input: one line of JSON `{argv, cwd, env, log, timeout, replace}`, then held open without
another word. Standard output: a line of JSON `{"pid": …}` at the start, and one at the end with the
outcome, or with `start_error` or `log_error`.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

GRACE = 2.0
"""seconds between asking a tree to end and ending it"""
DRAIN = 1.0
"""seconds that output may go on after the command has ended"""
DRAIN_ENDED = 0.1
"""likewise after it was ended"""
LINE_LIMIT = 1 << 16
PR_SET_CHILD_SUBREAPER = 36


class LogWriter:
    """Writes lines, each with secrets and this machine's folders replaced.

    Args:
        stream: where they go.
        replace: patterns, and what is shown for a match.
    """

    def __init__(self, stream: BinaryIO, replace: list[tuple[str, str]]) -> None:
        self.stream = stream
        self.replace = [
            (re.compile(os.fsencode(found)), os.fsencode(shown)) for found, shown in replace
        ]
        # A pattern is at least as long as what it matches.
        self.overlap = max((len(found.pattern) for found, _ in self.replace), default=0)
        self.rest = b""

    def write(self, data: bytes) -> None:
        """Write the lines that are whole, and keep the rest until it is."""
        lines = (self.rest + data).splitlines(keepends=True)
        self.rest = b"" if not lines or lines[-1].endswith((b"\n", b"\r")) else lines.pop()
        self.stream.write(b"".join(self.hide(line) for line in lines))
        if len(self.rest) >= LINE_LIMIT + self.overlap:
            # What is kept back may be the beginning of something to replace.
            line = self.hide(self.rest)
            cut = max(0, len(line) - self.overlap)
            self.stream.write(line[:cut])
            self.rest = line[cut:]
        self.stream.flush()

    def close(self) -> None:
        """Write what is left and close."""
        with self.stream:
            self.stream.write(self.hide(self.rest))
            self.stream.flush()
            os.fsync(self.stream.fileno())

    def hide(self, line: bytes) -> bytes:
        """Return a line as the log shows it."""
        for found, shown in self.replace:
            line = found.sub(lambda _, shown=shown: shown, line)  # type: ignore[misc]
        return line


def adopt_orphans() -> None:
    """Become the parent of each descendant whose own parent ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def list_children() -> list[int]:
    """Return the processes whose parent this one is (Linux; elsewhere none are found)."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    try:
        return [int(pid) for pid in children.read_text().split()]
    except OSError:
        return []


def signal_tree(group: int, number: int) -> None:
    """Signal the command's group and whatever of its tree has left it: each process once.

    A program that ends well when asked may already be taking its handlers down; a second signal
    would kill it.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
    for pid in list_children():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getpgid(pid) != group:
                os.kill(pid, number)


def end_stragglers(group: int) -> int:
    """End what outlived the command; return how many processes that were."""
    ended = 0
    bury_orphans()
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline:
        signal_tree(group, signal.SIGKILL)
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid:
            ended += 1
        else:
            time.sleep(0.01)
    return ended


def bury_orphans() -> None:
    """Reap the adopted processes that have ended, so that none stays behind as a zombie."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def lock_log(log: BinaryIO) -> None:
    """Lock the log while it is written, so that nobody takes it for whole who comes too early."""
    with contextlib.suppress(OSError):
        fcntl.flock(log.fileno(), fcntl.LOCK_EX)


def read_line(descriptor: int) -> bytes:
    """Read the one line that comes; nothing where its writer is gone before it is whole."""
    line = b""
    while not line.endswith(b"\n"):
        block = os.read(descriptor, 1 << 16)
        if not block:
            return b""
        line += block
    return line


def tell(message: dict[str, Any]) -> None:
    """Tell the parent; a parent that is gone no longer listens."""
    with contextlib.suppress(BrokenPipeError):
        os.write(sys.stdout.fileno(), json.dumps(message).encode() + b"\n")


def watch(child: "subprocess.Popen[bytes]", writer: LogWriter, timeout: float) -> dict[str, Any]:
    """Pump the output and wait for the end, whoever brings it about; return the outcome."""
    assert child.stdout is not None
    output, lifeline = child.stdout.fileno(), sys.stdin.fileno()
    started = time.monotonic()
    sources = {output, lifeline}
    ended_by, kill_at, drained_at = "", None, None
    usage: Any = None
    status = 0
    while True:
        now = time.monotonic()
        while usage is None:
            pid, status_now, usage_now = os.wait4(-1, os.WNOHANG)
            if not pid:
                break
            if pid == child.pid:
                status, usage = status_now, usage_now
                drained_at = now + (DRAIN_ENDED if ended_by else DRAIN)
        if drained_at is not None and (output not in sources or now >= drained_at):
            break
        if not ended_by and usage is None and now - started > timeout:
            ended_by = "timeout"
        if ended_by and kill_at is None and usage is None:
            signal_tree(child.pid, signal.SIGTERM)
            kill_at = now + GRACE
        if kill_at is not None and usage is None and now >= kill_at:
            signal_tree(child.pid, signal.SIGKILL)
        ready, _, _ = select.select(list(sources), [], [], 0.02)
        if output in ready:
            data = os.read(output, 1 << 16)
            if data:
                writer.write(data)
            else:
                sources.discard(output)
        if lifeline in ready:
            ended_by = ended_by or "parent"
            sources.discard(lifeline)
    seconds = time.monotonic() - started
    code = os.waitstatus_to_exitcode(status)
    return {
        "exit_code": code if code >= 0 else None,
        "signal": name_signal(-code) if code < 0 else None,
        "ended_by": ended_by,
        "seconds": seconds,
        "peak_memory_bytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }


def name_signal(number: int) -> str:
    """Return the name of a signal; most real-time ones have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def run(spec: dict[str, Any], writer: LogWriter) -> dict[str, Any]:
    """Run the command, end what it leaves behind, and return the outcome."""
    try:
        child = subprocess.Popen(
            spec["argv"],
            cwd=spec["cwd"],
            env=spec["env"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = os.fsdecode(writer.hide(os.fsencode(str(error))))
        writer.write(os.fsencode(f"could not start {spec['argv'][0]}: {error}\n"))
        return {"start_error": reason}
    tell({"pid": child.pid})
    try:
        outcome = watch(child, writer, spec["timeout"])
    finally:
        stragglers = end_stragglers(child.pid)
    return outcome | {"stragglers": stragglers}


def main() -> int:
    """Run the command that standard input names."""
    # Handled, not ignored: the command starts with the system's own way of dealing with them.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    line = read_line(sys.stdin.fileno())
    if not line:
        return 0
    spec = json.loads(line)
    adopt_orphans()
    try:
        log = Path(spec["log"]).open("xb")  # noqa: SIM115
        lock_log(log)
        writer = LogWriter(log, spec["replace"])
        outcome = run(spec, writer)
        writer.close()
    except OSError as error:
        outcome = {"log_error": error.strerror or str(error)}
    tell(outcome)
    return 0


if __name__ == "__main__":
    sys.exit(main())

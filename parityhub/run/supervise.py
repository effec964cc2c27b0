"""Starts one command and answers for all that comes of it. Standard library only.

Runs as a program of its own between parityhub and the command, so that whatever kills parityhub
still ends the command: its standard input is a line to the parent, and when that line breaks, the
command's whole tree is ended. It also writes the log, so that no secret reaches the disk.

Standard input: one line of JSON `{argv, cwd, env, log, timeout, replace}`, then held open; a byte
`x` on it asks for the end. Standard output: a line of JSON `{"pid": …}` at the start, and one with
the outcome at the end.
"""

import contextlib
import ctypes
import json
import os
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
LINE_LIMIT = 1 << 16
PR_SET_CHILD_SUBREAPER = 36


class LogWriter:
    """Writes whole lines, with secrets and the repository's own path replaced in each."""

    def __init__(self, stream: BinaryIO, replace: list[tuple[bytes, bytes]]) -> None:
        self.stream = stream
        self.replace = replace
        self.rest = b""

    def write(self, data: bytes) -> None:
        """Write the lines that are whole, and keep the rest until it is."""
        lines = (self.rest + data).splitlines(keepends=True)
        self.rest = b""
        if lines and not lines[-1].endswith((b"\n", b"\r")) and len(lines[-1]) < LINE_LIMIT:
            self.rest = lines.pop()
        for line in lines:
            self._write_line(line)
        self.stream.flush()

    def close(self) -> None:
        """Write what is left and close."""
        if self.rest:
            self._write_line(self.rest)
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self.stream.close()

    def _write_line(self, line: bytes) -> None:
        for found, instead in self.replace:
            line = line.replace(found, instead)
        self.stream.write(line)


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
    """Signal the command's group and whatever of its tree has left it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
    for pid in list_children():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def end_stragglers(group: int) -> int:
    """End what outlived the command; return how many processes that were."""
    ended = 0
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


def read_line(descriptor: int) -> bytes:
    """Read one line without reading past it, so that `select` still sees what follows."""
    line = b""
    while not line.endswith(b"\n"):
        block = os.read(descriptor, 1)
        if not block:
            break
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
        if usage is None:
            pid, status_now, usage_now = os.wait4(child.pid, os.WNOHANG)
            if pid:
                status, usage, drained_at = status_now, usage_now, now + DRAIN
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
            asked = os.read(lifeline, 16)
            ended_by = ended_by or ("asked" if asked else "parent")
            if not asked:
                sources.discard(lifeline)
    seconds = time.monotonic() - started
    code = os.waitstatus_to_exitcode(status)
    return {
        "exit_code": code if code >= 0 else None,
        "signal": signal.Signals(-code).name if code < 0 else None,
        "ended_by": ended_by,
        "seconds": seconds,
        "peak_memory_bytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }


def main() -> int:
    """Run the command that standard input names."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    spec = json.loads(read_line(sys.stdin.fileno()))
    adopt_orphans()
    replace = [(found.encode(), instead.encode()) for found, instead in spec["replace"]]
    writer = LogWriter(Path(spec["log"]).open("xb"), replace)  # noqa: SIM115
    try:
        child = subprocess.Popen(
            spec["argv"],
            cwd=spec["cwd"],
            env=spec["env"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            restore_signals=True,
            preexec_fn=restore_signals,
        )
    except (OSError, ValueError) as error:
        writer.write(f"could not start {spec['argv'][0]}: {error}\n".encode())
        writer.close()
        tell({"start_error": str(error)})
        return 0
    tell({"pid": child.pid})
    outcome = watch(child, writer, spec["timeout"])
    outcome["stragglers"] = end_stragglers(child.pid)
    writer.close()
    tell(outcome)
    return 0


def restore_signals() -> None:
    """Give the command the signals that this program ignores for itself."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main())

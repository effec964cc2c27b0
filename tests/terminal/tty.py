"""parityhub at a real pseudo-terminal, and the screen that it leaves there."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyte

COLUMNS, LINES = 100, 30
SPAWN = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
"""pty.spawn forks, which a process with threads must not: it has one of its own"""
CTRL_C = b"\x03"


class Terminal:
    """A command at a terminal of its own."""

    def __init__(self, root: Path, *words: str, **env: str) -> None:
        own = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR")}
        size = {"COLUMNS": str(COLUMNS), "LINES": str(LINES), "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SPAWN, sys.executable, "-m", "parityhub", *words],
            cwd=root,
            env={**own, **size, **env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.told = b""

    def type(self, keys: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(keys)
        self.process.stdin.flush()

    def wait_for(self, seen: Callable[[], bool], within: float = 60.0) -> None:
        """Read what is printed until something is seen of it."""
        end = time.monotonic() + within
        while not seen():
            assert time.monotonic() < end, self.told.decode("utf-8", "replace")
            self.read()
            time.sleep(0.05)

    def read(self) -> None:
        assert self.process.stdout is not None
        self.told += self.process.stdout.read() or b""

    def wait(self) -> int:
        """Wait for the end; return the exit code."""
        self.wait_for(lambda: self.process.poll() is not None)
        self.read()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.returncode

    @property
    def screen(self) -> pyte.Screen:
        """The screen as it stands after all that was printed."""
        screen = pyte.Screen(COLUMNS, LINES)
        pyte.ByteStream(screen).feed(self.told)
        return screen

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, blanks at the end cut."""
        return [line.rstrip() for line in self.screen.display if line.strip()]

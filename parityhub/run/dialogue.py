"""A child that is asked and answers: one line of JSON each way, until its input ends."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parityhub.errors import EvidenceError
from parityhub.run.processes import TICK, end_tree, read_last_line

END_WITHIN = 5.0
ANSWER_LIMIT = 256 << 20
"""bytes; arrays travel as files, so a longer answer is none"""


@dataclass(frozen=True, kw_only=True)
class Partner:
    """A child as it is to be started."""

    name: str
    """how it is called in errors and progress"""
    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    log: Path
    """its standard error"""
    timeout: float
    """seconds that one answer may take"""


class Dialogue:
    """A child under way. It satisfies parityhub.compare.probe.Probe."""

    def __init__(
        self,
        partner: Partner,
        process: "subprocess.Popen[bytes]",
        watch: Callable[[float, str], None],
    ) -> None:
        self._partner = partner
        self._process = process
        self._watch = watch
        self._told = b""

    def ask(self, request: Mapping[str, Any]) -> Any:
        """Put a request and wait for its answer.

        Raises:
            EvidenceError: the child refused it, ended, or did not answer in time.
        """
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(dict(request)).encode() + b"\n")
            self._process.stdin.flush()
        line = self._await_line(str(request.get("do")))
        answer = self._read_answer(line)
        if "error" in answer:
            raise EvidenceError(
                f"{self._partner.name}: {_keep_line(answer['error'])}",
                hint=_keep_line(answer.get("hint") or self._see_log()),
            )
        return answer["answer"]

    def _await_line(self, verb: str) -> bytes:
        """Return the next line of the child, or raise why there is none."""
        assert self._process.stdout is not None
        started = time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._told:
                gone = time.monotonic() - started
                if selector.select(TICK):
                    block = os.read(self._process.stdout.fileno(), 1 << 20)
                    if not block:
                        raise self._explain_end(verb)
                    self._told += block
                elif gone > self._partner.timeout:
                    raise EvidenceError(
                        f"{self._partner.name}: `{verb}` took more than "
                        f"{self._partner.timeout:g} s",
                        hint="give the pair a longer timeout in the plan, or a smaller input",
                    )
                else:
                    self._watch(gone, read_last_line(self._partner.log))
                if len(self._told) > ANSWER_LIMIT:
                    raise self._explain_end(verb)
        line, _, self._told = self._told.partition(b"\n")
        return line

    def _read_answer(self, line: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not ({"answer", "error"} & set(answer)):
            raise EvidenceError(
                f"{self._partner.name}: not an answer: {_keep_line(repr(line[:80]))}",
                hint=self._see_log(),
            )
        return answer

    def _explain_end(self, verb: str) -> EvidenceError:
        """Say how the child ended that should have answered."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_WITHIN)
        code = self._process.returncode
        how = "answered without end" if code is None else f"ended with exit code {code}"
        if code is not None and code < 0:
            how = f"was ended by {signal.Signals(-code).name}"
        last = read_last_line(self._partner.log)
        return EvidenceError(
            f"{self._partner.name}: {how} on `{verb}`" + (f": {last[:200]}" if last else ""),
            hint=self._see_log(),
        )

    def _see_log(self) -> str:
        return f"read {self._partner.log}"


@contextmanager
def open_dialogue(partner: Partner, watch: Callable[[float, str], None]) -> Iterator[Dialogue]:
    """Start a child that is asked; it has ended, with all that it started, on the way out.

    A child whose parent is killed reads the end of its input, and ends by itself.

    Args:
        partner: what is started.
        watch: called a few times a second with the seconds gone by and the last line of its log.

    Raises:
        EvidenceError: it cannot be started.
    """
    partner.log.parent.mkdir(parents=True, exist_ok=True)
    with partner.log.open("ab") as log:
        try:
            process = subprocess.Popen(
                partner.argv,
                cwd=partner.cwd,
                env=dict(partner.env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        except OSError as error:
            raise EvidenceError(
                f"{partner.name}: {partner.argv[0]} cannot be started: {error.strerror}",
                hint="name an interpreter that is there, in the pair of the plan",
            ) from error
    try:
        yield Dialogue(partner, process, watch)
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let a child end by itself, and end it where it does not."""
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        end_tree(process.pid)
        process.wait()
    process.stdout.close()


def _keep_line(text: object) -> str:
    return " ".join(str(text).split())

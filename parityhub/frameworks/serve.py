"""The loop of a child that holds models: a request a line in, an answer a line out."""

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TextIO, cast, get_args

from parityhub.capture.environment import record_environment
from parityhub.capture.protocol import (
    Explained,
    Gradients,
    Noisy,
    Opened,
    Ran,
    Replayed,
    Restored,
    Traced,
    Ulp,
    Verb,
)
from parityhub.errors import Error, UsageError
from parityhub.frameworks.target import describe_failure

Request = Mapping[str, Any]


class Framework(Protocol):
    """What holds the models of one framework: a method a verb, each given the whole request."""

    def open(self, request: Request) -> Opened:
        """Build a model and keep it under the key."""

    def close(self, request: Request) -> None:
        """Forget a model."""

    def read(self, request: Request) -> dict[str, int]:
        """Write the weights to a file: `{"weights": n}`."""

    def load(self, request: Request) -> dict[str, int]:
        """Take over the weights of a file: `{"loaded": n}`."""

    def restore(self, request: Request) -> Restored:
        """Take over the weights of a checkpoint of the framework's own; all, or none."""

    def run(self, request: Request) -> Ran:
        """Run inference."""

    def trace(self, request: Request) -> Traced:
        """Run inference and sketch each operation."""

    def values(self, request: Request) -> dict[str, str]:
        """Write values of operations: `{name: file}`."""

    def replay(self, request: Request) -> Replayed:
        """Run the operations again with some values replaced."""

    def noise(self, request: Request) -> Noisy:
        """Measure how the outputs respond to rounding."""

    def ulps(self, request: Request) -> dict[str, Ulp]:
        """Measure elementwise functions: `{function: error}`."""

    def gradient(self, request: Request) -> Gradients:
        """Run one backward pass."""

    def explain(self, request: Request) -> Explained:
        """Find the change of an operation that makes it agree with the other side."""


def serve_framework(make_framework: Callable[[], Framework]) -> None:
    """Answer requests from stdin on stdout until stdin ends.

    The streams are taken away first: whatever else this process prints, on any level, goes to
    stderr, and nobody else reads stdin.

    Args:
        make_framework: imports the framework and returns what holds its models. A failure is the
            answer to each request.
    """
    requests, answers = _claim_streams()
    try:
        framework = make_framework()
    except Exception as error:
        traceback.print_exc()
        refusal = _describe(error)
        for _ in requests:
            _send(answers, refusal)
        return
    serve(framework, requests, answers)


def serve(framework: Framework, requests: TextIO, answers: TextIO) -> None:
    """Answer requests, a JSON object a line, until they end.

    What a framework raises becomes the answer; the loop goes on. After the first model is open
    the process records its environment.
    """
    recorded = False
    for line in requests:
        if not line.strip():
            continue
        try:
            request = _read_request(line)
            answer = getattr(framework, request["do"])(request)
            if request["do"] == "open" and not recorded:
                record_environment(request.get("options"), request.get("seed"))
                recorded = True
        except (Exception, SystemExit) as error:
            if not isinstance(error, Error):
                traceback.print_exc()
            _send(answers, _describe(error))
        else:
            _send(answers, {"answer": answer})


def _claim_streams() -> tuple[TextIO, TextIO]:
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdout.flush()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, answers


def _read_request(line: str) -> Request:
    verbs = get_args(Verb)
    try:
        request = json.loads(line)
    except ValueError as error:
        raise UsageError(f"a request is no JSON: {error}", hint="send an object a line") from error
    if not isinstance(request, dict) or request.get("do") not in verbs:
        verb = request.get("do") if isinstance(request, dict) else request
        raise UsageError(f"a request asks for {verb!r}", hint=f"`do` is one of {', '.join(verbs)}")
    return cast(Request, request)


def _describe(error: BaseException) -> dict[str, str]:
    if isinstance(error, Error):
        return {"error": error.message, "hint": error.hint}
    return {
        "error": describe_failure(error),
        "hint": "the traceback is in what the child wrote to stderr",
    }


def _send(answers: TextIO, answer: Mapping[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()

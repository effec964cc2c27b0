import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from parityhub.errors import UsageError
from parityhub.frameworks.serve import Request, serve

CHILD = """
import os, sys
from parityhub.frameworks.serve import serve_framework

class Loud:
    def open(self, request):
        print("from print")
        os.write(1, b"from the descriptor\\n")
        sys.stdout.write("from sys.stdout\\n")
        return {"read": sys.stdin.read() if request.get("ask") else None}
    def close(self, request):
        sys.exit(7)

def make():
    print("while importing")
    if "--broken" in sys.argv:
        raise ImportError("no framework")
    return Loud()

serve_framework(make)
"""


class Fake:
    """Answers with what the request says."""

    def open(self, request: Request) -> Any:
        return {"opened": request["key"]}

    def run(self, request: Request) -> Any:
        raise UsageError("no such input", hint="give one")

    def trace(self, request: Request) -> Any:
        raise ValueError("first line\nsecond line")

    def close(self, request: Request) -> Any:
        raise SystemExit(1)


def ask(*lines: str) -> list[dict[str, Any]]:
    answers = io.StringIO()
    fake: Any = Fake()
    serve(fake, io.StringIO("\n".join(lines)), answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **environment},
    )  # fmt: skip


def test_answers_come_in_order_and_blank_lines_ask_nothing() -> None:
    requests = [json.dumps({"do": "open", "key": key}) for key in "ab"]
    assert ask(requests[0], "", requests[1]) == [
        {"answer": {"opened": "a"}}, {"answer": {"opened": "b"}},
    ]  # fmt: skip


def test_error_is_answered_and_the_loop_goes_on() -> None:
    got = ask('{"do": "run"}', '{"do": "open", "key": "a"}')
    assert got == [{"error": "no such input", "hint": "give one"}, {"answer": {"opened": "a"}}]


def test_unexpected_error_is_one_line_with_its_traceback_on_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (got,) = ask('{"do": "trace"}')
    assert got["error"].startswith("ValueError: first line (test_serve.py:")
    assert "\n" not in got["error"]
    assert "second line" in capsys.readouterr().err


def test_model_that_ends_the_process_does_not_end_it() -> None:
    got = ask('{"do": "close"}', '{"do": "open", "key": "a"}')
    assert got[0]["error"].startswith("SystemExit: 1")
    assert got[1] == {"answer": {"opened": "a"}}


@pytest.mark.parametrize("line", ["{", "[]", "3", '{"do": "explode"}', '{"do": "__init__"}', "{}"])
def test_request_of_another_form_is_refused(line: str) -> None:
    (got,) = ask(line)
    assert set(got) == {"error", "hint"}
    assert got["error"].startswith("a request ")


def test_prints_stay_out_of_the_answers_and_the_end_of_stdin_ends_the_child() -> None:
    child = start()
    out, err = child.communicate('{"do": "open"}\n{"do": "close"}\n{"do": "open"}\n', timeout=60)
    answers = [json.loads(line) for line in out.splitlines()]
    assert answers[0] == answers[2] == {"answer": {"read": None}}
    assert answers[1]["error"].startswith("SystemExit: 7")
    for words in ("while importing", "from print", "from the descriptor", "from sys.stdout"):
        assert words in err
    assert child.returncode == 0


def test_model_does_not_read_the_requests() -> None:
    child = start()
    out, _ = child.communicate('{"do": "open", "ask": true}\n{"do": "open"}\n', timeout=60)
    answers = [json.loads(line) for line in out.splitlines()]
    assert answers == [{"answer": {"read": ""}}, {"answer": {"read": None}}]


def test_framework_that_cannot_be_had_is_the_answer_to_each_request() -> None:
    child = start("--broken")
    out, _ = child.communicate('{"do": "open"}\n{"do": "open"}\n', timeout=60)
    assert [json.loads(line)["error"][:25] for line in out.splitlines()] == [
        "ImportError: no framework", "ImportError: no framework",
    ]  # fmt: skip


def test_environment_is_recorded_once_a_model_is_open(tmp_path: Path) -> None:
    child = start(PARITYHUB_CAPTURE=str(tmp_path), PARITYHUB_ASKED="ASKED_FOR", ASKED_FOR="7")
    request = json.dumps({"do": "open", "options": {"size": 3}, "seed": 5})
    child.communicate(f"{request}\n{json.dumps({'do': 'open'})}\n", timeout=60)
    (file,) = tmp_path.glob("env_*.json")
    record = json.loads(file.read_text(encoding="utf-8"))
    assert (record["pid"], record["seed"], record["options"]) == (child.pid, 5, {"size": 3})
    assert record["asked"] == {"ASKED_FOR": "7"}

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from parityhub.errors import EvidenceError
from parityhub.run.dialogue import Partner, open_dialogue

ECHO = """\
import json, sys, os, time
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "echo":
        answer = {"answer": request}
    elif request["do"] == "refuse":
        answer = {"error": "no\\nsuch thing", "hint": "do other"}
    elif request["do"] == "end":
        print("last words", file=sys.stderr, flush=True)
        sys.exit(3)
    elif request["do"] == "kill":
        os.kill(os.getpid(), 9)
    elif request["do"] == "sleep":
        time.sleep(60)
    elif request["do"] == "babble":
        print("hello", flush=True)
        continue
    print(json.dumps(answer), flush=True)
"""


def partner(folder: Path, *, timeout: float = 30.0, argv: tuple[str, ...] = ()) -> Partner:
    return Partner(
        name="tensorflow",
        argv=argv or (sys.executable, "-c", ECHO),
        cwd=folder,
        env=dict(os.environ),
        log=folder / "child.log",
        timeout=timeout,
    )


def test_each_request_gets_its_answer(tmp_path: Path):
    with open_dialogue(partner(tmp_path), lambda *_: None) as child:
        for number in range(3):
            request = {"do": "echo", "number": number, "text": "ä\n" * 1000}
            assert child.ask(request) == request


def test_a_refusal_is_one_line_with_its_hint_and_the_child_goes_on(tmp_path: Path):
    with open_dialogue(partner(tmp_path), lambda *_: None) as child:
        with pytest.raises(EvidenceError) as caught:
            child.ask({"do": "refuse"})
        assert (caught.value.message, caught.value.hint) == (
            "tensorflow: no such thing",
            "do other",
        )
        assert child.ask({"do": "echo"}) == {"do": "echo"}


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("end", "tensorflow: ended with exit code 3 on `end`: last words"),
        ("kill", "tensorflow: was ended by SIGKILL on `kill`"),
        ("babble", "tensorflow: not an answer: b'hello'"),
    ],
)
def test_a_child_that_does_not_answer_is_named(tmp_path: Path, verb: str, told: str):
    with open_dialogue(partner(tmp_path), lambda *_: None) as child:
        with pytest.raises(EvidenceError) as caught:
            child.ask({"do": verb})
        assert caught.value.message == told
        assert "child.log" in caught.value.hint


def test_an_answer_that_takes_too_long_is_given_up_and_its_child_ended(tmp_path: Path):
    watched: list[float] = []
    with open_dialogue(partner(tmp_path, timeout=0.5), lambda gone, _: watched.append(gone)) as it:
        pid = it._process.pid
        with pytest.raises(EvidenceError, match=r"`sleep` took more than 0\.5 s"):
            it.ask({"do": "sleep"})
        os.kill(pid, signal.SIGKILL)
    assert watched
    assert not psutil.pid_exists(pid)


def test_a_child_has_ended_on_the_way_out(tmp_path: Path):
    pids: list[int] = []

    def fail_within() -> None:
        with open_dialogue(partner(tmp_path), lambda *_: None) as child:
            pids.append(child._process.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_within()
    assert pids
    assert not psutil.pid_exists(pids[0])


def test_a_child_whose_parent_is_killed_ends(tmp_path: Path):
    program = (
        "import sys, os, json, time\n"
        "from pathlib import Path\n"
        "from tests.run.test_dialogue import partner\n"
        "from parityhub.run.dialogue import open_dialogue\n"
        "with open_dialogue(partner(Path(sys.argv[1])), lambda *_: None) as child:\n"
        "    child.ask({'do': 'echo'})\n"
        "    print(child._process.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, cwd=root
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    for _ in range(100):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.1)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_an_interpreter_that_is_not_there_is_named(tmp_path: Path):
    missing = partner(tmp_path, argv=("no-such-python",))
    told = pytest.raises(EvidenceError, match="no-such-python cannot be started")
    with told, open_dialogue(missing, lambda *_: None):
        pass

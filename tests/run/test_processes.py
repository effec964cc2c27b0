"""Commands as child processes: however one ends is told, and nothing of it outlives it."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from parityhub.errors import HubError
from parityhub.run.processes import Command, read_last_line, run_command
from tests.run.bench import Bench, read_pids
from tests.run.conftest import find_alive, wait_for

TREE = """
    # A tree that does not want to end: each ignores SIGTERM, one is in a session of its own.
    import os, signal, subprocess, sys, time
    from pathlib import Path
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    pids = [os.getpid()]
    for apart in (False, True):
        pids.append(subprocess.Popen([sys.executable, "-c", code], start_new_session=apart).pid)
    Path("pids.part").write_text("\\n".join(map(str, pids)))
    Path("pids.part").rename("pids")
    print("sleeping", flush=True)
    time.sleep(600)
"""
RUNNER = """
import os, sys
from pathlib import Path
from parityhub.run.processes import Command, run_command
root = Path(sys.argv[1])
run_command(
    Command(
        argv=(sys.executable, str(root / "tree.py")),
        cwd=root,
        env=dict(os.environ),
        log=root / "tree.log",
        timeout=600,
    )
)
"""


@pytest.mark.parametrize("code", [0, 1, 3, 255])
def test_an_exit_code_is_told(bench: Bench, code: int) -> None:
    outcome, log = bench.run(f"import sys; print('bye'); sys.exit({code})")
    assert (outcome.exit_code, outcome.signal, outcome.timed_out) == (code, None, False)
    assert (outcome.stragglers, outcome.start_error) == (0, None)
    assert log == b"bye\n"


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (signal.SIGKILL, "SIGKILL"),
        (signal.SIGTERM, "SIGTERM"),
        (signal.SIGSEGV, "SIGSEGV"),
        (40, "signal 40"),
    ],
)
def test_a_signal_is_told_by_its_name(bench: Bench, number: int, name: str) -> None:
    outcome, log = bench.run(
        f"import os; print('before', flush=True); os.kill(os.getpid(), {int(number)})"
    )
    assert (outcome.exit_code, outcome.signal) == (None, name)
    assert log == b"before\n"


@pytest.mark.parametrize(
    ("argv", "folder", "env", "reason"),
    [
        (("/nowhere/program",), ".", {}, "No such file"),
        (("./plain.txt",), ".", {}, "Permission denied"),
        ((sys.executable,), "nowhere", {}, "No such file"),
        ((sys.executable, "a\0b"), ".", {}, "null byte"),
        ((sys.executable,), ".", {"A=B": "c"}, "illegal environment variable"),
    ],
)
def test_what_cannot_be_started_says_why(
    bench: Bench, argv: tuple[str, ...], folder: str, env: dict[str, str], reason: str
) -> None:
    bench.write("plain.txt", "no program")
    log = bench.root / "out.log"
    outcome = run_command(Command(argv=argv, cwd=bench.root / folder, env=env, log=log, timeout=30))
    assert outcome.exit_code is None
    assert outcome.start_error is not None
    assert reason in outcome.start_error
    assert reason in log.read_text(encoding="utf-8")


def test_a_reason_shows_no_folder_of_this_machine(bench: Bench) -> None:
    log = bench.root / "out.log"
    outcome = run_command(
        Command(
            argv=(f"{bench.root}/missing",),
            cwd=bench.root,
            env={},
            log=log,
            timeout=30,
            replace=((str(bench.root) + "/", ""),),
        )
    )
    assert outcome.start_error is not None
    assert "'missing'" in outcome.start_error
    assert str(bench.root) not in outcome.start_error + log.read_text(encoding="utf-8")


def test_a_time_limit_ends_a_whole_tree(bench: Bench) -> None:
    outcome, log = bench.run(TREE, timeout=8)
    assert outcome.timed_out
    assert (outcome.exit_code, outcome.signal) == (None, "SIGKILL")
    assert log == b"sleeping\n"
    pids = read_pids(bench.root / "pids")
    assert len(pids) == 3
    assert find_alive(pids, within=0.5) == []


def test_a_program_that_ends_well_when_asked_still_ran_out_of_time(bench: Bench) -> None:
    outcome, log = bench.run(
        """
        import signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        print("ready", flush=True)
        time.sleep(600)
        """,
        timeout=8,
    )
    assert (outcome.exit_code, outcome.timed_out) == (0, True)
    assert log == b"ready\n"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_when_the_parent_ends_every_child_ends(bench: Bench, number: signal.Signals) -> None:
    bench.write("tree.py", TREE)
    parent = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(bench.root)], stderr=subprocess.DEVNULL
    )
    wait_for((bench.root / "pids").exists)
    parent.send_signal(number)
    assert find_alive(read_pids(bench.root / "pids")) == []
    assert parent.wait(30) != 0


def test_an_exception_here_ends_the_tree(bench: Bench) -> None:
    pids = bench.root / "pids"

    def interrupt(seconds: float, line: str) -> None:
        if pids.exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.run(TREE, watch=interrupt)
    assert find_alive(read_pids(pids), within=0.5) == []


def test_when_the_supervisor_is_killed_the_tree_ends_and_the_failure_is_told(
    bench: Bench,
) -> None:
    bench.write("tree.py", TREE)
    outcome, _ = bench.run(
        """
        import os, signal, subprocess, sys, time
        from pathlib import Path
        subprocess.Popen([sys.executable, "tree.py"])
        while not Path("pids").exists():
            time.sleep(0.01)
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)
        """
    )
    assert outcome.start_error == "the supervisor was killed"
    assert outcome.exit_code is None
    assert find_alive(read_pids(bench.root / "pids"), within=0.5) == []


def test_what_outlives_a_command_is_ended_and_counted(bench: Bench) -> None:
    outcome, log = bench.run(
        """
        import subprocess, sys
        from pathlib import Path
        sleepers = [
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                             start_new_session=apart)
            for apart in (False, True)
        ]
        Path("pids").write_text(" ".join(str(sleeper.pid) for sleeper in sleepers))
        print("done", flush=True)
        import os
        os._exit(0)
        """
    )
    assert (outcome.exit_code, outcome.stragglers) == (0, 2)
    assert log == b"done\n"
    assert find_alive(read_pids(bench.root / "pids"), within=0.5) == []


def test_children_that_ended_by_themselves_outlived_nothing(bench: Bench) -> None:
    outcome, _ = bench.run(
        """
        import os, time
        for _ in range(3):
            if os.fork() == 0:
                if os.fork() == 0:
                    time.sleep(0.05)
                os._exit(0)
            os.wait()
        time.sleep(0.5)
        """
    )
    assert (outcome.exit_code, outcome.stragglers) == (0, 0)


def test_output_is_kept_whole_byte_for_byte(bench: Bench) -> None:
    data = b"line\r\n" + b"\xff\xfe no UTF-8 \x00\n" + b"".join(b"\r%3d %%" % i for i in range(101))
    data = data * 3 + b"x" * 3_000_000 + b"\n" + b"y\n" * 500_000 + b"no newline at the end"
    (bench.root / "data").write_bytes(data)
    _, log = bench.run(
        """
        import os
        from pathlib import Path
        left = Path("data").read_bytes()
        while left:
            left = left[os.write(1 + (len(left) % 2), left[:100_001]):]
        """
    )
    assert log == data


def test_secrets_and_folders_are_replaced_also_where_writes_straddle_them(bench: Bench) -> None:
    replace = (("hunter2hunter2", "[redacted TOKEN]"), ("/srv/repo/", ""))
    _, log = bench.run(
        """
        import os, time
        for part in (b"token hunter2", b"hunter2 in /sr", b"v/repo/model.py\\nnext hunter2hun"):
            os.write(1, part)
            time.sleep(0.1)
        os.write(1, b"ter2")
        """,
        replace=replace,
    )
    assert log == b"token [redacted TOKEN] in model.py\nnext [redacted TOKEN]"


def test_a_log_that_is_there_is_never_overwritten(bench: Bench) -> None:
    log = bench.root / "taken.log"
    log.write_bytes(b"evidence")
    program = bench.write("program.py", "open('ran', 'w')")
    command = Command(
        argv=(sys.executable, str(program)), cwd=bench.root, env={}, log=log, timeout=30
    )
    with pytest.raises(HubError, match=r"taken\.log: cannot be written: File exists"):
        run_command(command)
    assert log.read_bytes() == b"evidence"
    assert not (bench.root / "ran").exists()


def test_when_the_disk_is_full_the_tree_ends_and_that_is_told(bench: Bench) -> None:
    """A limit on the size of files stands for a disk that is full."""
    bench.write(
        "tree.py",
        textwrap.dedent(TREE).replace("time.sleep(600)\n", "print('x' * 5_000_000)\n") + "\n",
    )
    runner = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "from parityhub.errors import HubError\n"
        "try:\n" + textwrap.indent(RUNNER, "    ") + "\n"
        "except HubError as error:\n"
        "    print(error.message)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", runner, str(bench.root)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "tree.log: cannot be written: File too large" in done.stdout
    assert done.stderr == ""
    assert find_alive(read_pids(bench.root / "pids"), within=0.5) == []


def test_peak_memory_is_that_of_the_command(bench: Bench) -> None:
    size = 96 << 20
    outcome, _ = bench.run(f"block = b'x' * {size}; print(len(block))")
    assert outcome.peak_memory_bytes is not None
    assert size < outcome.peak_memory_bytes < size + (64 << 20)
    small, _ = bench.run("print()")
    assert small.peak_memory_bytes is not None
    assert small.peak_memory_bytes < 64 << 20


def test_peak_memory_is_that_of_a_grandchild_too(bench: Bench) -> None:
    code = f"b = b'x' * {96 << 20}"
    outcome, _ = bench.run(
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}], check=True)"
    )
    assert outcome.peak_memory_bytes is not None
    assert outcome.peak_memory_bytes > 96 << 20


def test_a_command_finds_no_input_and_the_systems_own_signals(bench: Bench) -> None:
    _, log = bench.run(
        """
        import os, signal, sys
        numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)
        print(repr(sys.stdin.read()), {signal.getsignal(n) for n in numbers} == {signal.SIG_DFL},
              signal.getsignal(signal.SIGINT) is signal.default_int_handler,
              os.getsid(0) == os.getpid())
        """
    )
    assert log == b"'' True True True\n"


def test_names_with_spaces_and_of_any_alphabet_work(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "mein Repo – 模型")
    outcome, log = bench.run(
        "import os, sys; print(sys.argv[1], os.environ['NAME'], os.getcwd())",
        "a b ü 模",
        env={"NAME": "wert ä", "PYTHONUTF8": "1"},
    )
    assert outcome.exit_code == 0
    assert log.decode() == f"a b ü 模 wert ä {bench.root}\n"


def test_bytes_that_are_no_text_pass_through(bench: Bench) -> None:
    odd = os.fsdecode(b"odd-\xff")
    outcome, log = bench.run(
        "import os, sys; print(os.fsencode(sys.argv[1]), os.environb[b'ODD'])",
        odd,
        env={"ODD": odd},
        replace=((odd + "-secret", "[redacted]"),),
    )
    assert outcome.exit_code == 0
    assert log == b"b'odd-\\xff' b'odd-\\xff'\n"


def test_the_watcher_is_told_the_last_line(bench: Bench) -> None:
    told: list[tuple[float, str]] = []
    bench.run(
        "import time; print('epoch 1/2', flush=True); time.sleep(1)",
        watch=lambda seconds, line: told.append((seconds, line)),
    )
    assert told[-1][1] == "epoch 1/2"
    assert [seconds for seconds, _ in told] == sorted(seconds for seconds, _ in told)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", ""),
        (b"\n\n", ""),
        (b"one\ntwo\n\n  \n", "two"),
        (b" 10 %\r 20 %\r", "20 %"),
        (b"\xff\xfe end", "�� end"),
        (b"x" * 10_000 + "ü".encode() * 3000, "ü"),
    ],
)
def test_the_last_line_of_a_growing_log(tmp_path: Path, data: bytes, line: str) -> None:
    log = tmp_path / "growing.log"
    log.write_bytes(data)
    assert read_last_line(log).endswith(line)
    assert bool(read_last_line(log)) == bool(line)


def test_a_log_that_is_not_there_yet_has_no_last_line(tmp_path: Path) -> None:
    assert read_last_line(tmp_path / "none.log") == ""

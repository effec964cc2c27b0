"""An attempt: what its steps ran with, what they saw and left, and why it did not pass."""

import json
from pathlib import Path
from typing import Any

import pytest

from parityhub.errors import HubError
from parityhub.hub import layout
from parityhub.hub.records import AttemptRecord, AttemptStart, EnvironmentRecord, StepRecord
from parityhub.run.attempt import make_empty
from parityhub.run.setting import Setting
from tests.run.bench import Bench, make_plan, make_side, make_step, read_all

SPEAK = """
    import sys
    from parityhub.capture import record_environment
    record_environment(options={"n_groups": 256}, seed=3)
    print("spoke")
"""


def run(bench: Bench, *steps: dict[str, Any], **parts: Any) -> tuple[Setting, AttemptRecord]:
    """Attempt a baseline of these steps; `parts` go to its table."""
    setting = bench.make_setting(make_plan(baseline=make_side(*steps, **parts)))
    return setting, bench.attempt(setting)


def read_environment(setting: Setting, record: AttemptRecord) -> EnvironmentRecord:
    assert record.env_capture is not None
    return setting.hub.read_record(record.env_capture, EnvironmentRecord)


def list_causes(record: AttemptRecord) -> list[tuple[str, str]]:
    return [(cause.kind, cause.text) for step in record.steps for cause in step.causes]


def test_an_attempt_that_passes_keeps_what_it_ran_with_saw_and_left(bench: Bench) -> None:
    bench.write(
        "train.py",
        """
        import json, sys
        from pathlib import Path
        Path(sys.argv[1], "history.json").write_text('{"scale": 2.5}')
        print("scale: 2.5 of", sys.argv[2:])
        """,
    )
    step = make_step(
        options=["n_groups"],
        artifacts=[{"path": "history.json", "kind": "json", "shows": "scale"}],
        values=[
            {"name": "kept", "json": "history.json", "pointer": "/scale"},
            {"name": "logged", "log": r"scale: (?P<value>\S+)"},
        ],
    )
    setting, record = run(bench, step, options={"n_groups": 256})
    hub = setting.hub
    assert (record.status, record.proof, record.blocker) == ("passed", "launcher", None)
    assert {name: value.value for name, value in record.values.items()} == {
        "kept": 2.5,
        "logged": 2.5,
    }
    [trained] = record.steps
    assert trained.log == "p/cli/train_P_side_1.log"
    assert hub.path(trained.log).read_text(encoding="utf-8") == (
        "scale: 2.5 of ['--n-groups', '256']\n"
    )
    assert trained.argv[1:] == (
        "train.py",
        f"outputs/{hub.manifest.stamp}/parity/P/side_1",
        "--n-groups",
        "256",
    )
    key = ("p", "P", "side", 1)
    assert hub.read_record(layout.attempt_start_path(*key), AttemptStart).options == {
        "n_groups": 256
    }
    assert hub.read_record(layout.step_path(*key, "train"), StepRecord) == trained
    assert {item.path for item in hub.manifest.artifacts} == set(hub.list_files())


def test_values_asked_for_are_compared_exactly_and_recorded_relative(bench: Bench) -> None:
    bench.write("train.py", SPEAK)
    env = {"DATA_DIR": "{root}/data", "FLAG": "1", "ROOT_ITSELF": "{root}"}
    setting, record = run(bench, make_step(), env=env, proof="self-reported")
    assert (record.status, record.proof) == ("passed", "self-reported")
    shown = {"DATA_DIR": "data", "FLAG": "1", "ROOT_ITSELF": "."}
    seen = read_environment(setting, record)
    assert record.asked_env == seen.asked == shown
    assert (seen.level, seen.differences) == ("self-reported", ())
    assert seen.launched[0]["variables"] == shown
    assert seen.processes[0]["asked"] == shown
    assert seen.processes[0]["seed"] == 3
    assert str(bench.root) not in read_all(setting.hub)


def test_a_difference_below_the_repository_is_not_lost_by_showing_it_relative(
    bench: Bench,
) -> None:
    """`data` and `<repository>/data` look alike in a record, and are not the same value."""
    bench.write("train.py", "    import os; os.environ['DATA_DIR'] = 'data'" + SPEAK)
    setting, record = run(bench, make_step(), env={"DATA_DIR": "{root}/data"})
    assert list_causes(record) == [
        (
            "environment",
            f"DATA_DIR: asked 'data', train, pid {find_pid(setting, record)} saw 'data'",
        )
    ]
    assert record.status == "failed"


def find_pid(setting: Setting, record: AttemptRecord) -> int:
    return int(read_environment(setting, record).processes[0]["pid"])


@pytest.mark.parametrize(
    ("wrapper", "causes"),
    [
        ('exec "$1" child.py', []),
        ('FLAG= exec "$1" child.py', ["FLAG: asked '1', train, pid {pid} saw ''"]),
        ('unset FLAG\n"$1" child.py', ["FLAG: asked '1', train, pid {pid} saw unset"]),
        ('export GONE=back\n"$1" child.py', ["GONE: asked unset, train, pid {pid} saw 'back'"]),
    ],
)
def test_what_a_grandchild_behind_a_shell_wrapper_saw_is_what_counts(
    bench: Bench, wrapper: str, causes: list[str]
) -> None:
    bench.inherited |= {"FLAG": "9", "GONE": "9"}
    bench.write("child.py", SPEAK)
    script = bench.write("wrapper.sh", f"#!/bin/sh\n{wrapper}\n")
    script.chmod(0o755)
    step = make_step(command=["{root}/wrapper.sh", "{python}"])
    rungs = {"up": {"rungs": [{"id": "a", "title": "t", "env": {"FLAG": "1"}, "unset": ["GONE"]}]}}
    runs = [{"baseline": "side", "ladder": "up"}]
    phase = [{"id": "P", "title": "t", "folder": "p", "runs": runs}]
    plan = make_plan(baseline=make_side(step, proof="self-reported"), ladder=rungs, phase=phase)
    setting = bench.make_setting(plan)
    record = bench.attempt(setting)
    assert record.proof == "self-reported"
    pid = find_pid(setting, record)
    assert [text for _, text in list_causes(record)] == [cause.format(pid=pid) for cause in causes]
    assert record.status == ("failed" if causes else "passed")
    assert list(read_environment(setting, record).differences) == [
        cause.format(pid=pid) for cause in causes
    ]


def test_secrets_are_nowhere_in_the_hub(bench: Bench) -> None:
    bench.inherited |= {"HF_TOKEN": "inherited-secret-1"}
    bench.write(
        "train.py",
        """
        import os, sys
        from parityhub.capture import record_environment
        record_environment(options={"where": os.environ["HF_TOKEN"]})
        print(dict(os.environ), "inherited-secret", end="-1\\n")
        sys.exit("RuntimeError: no access with asked-secret-2")
        """,
    )
    setting, record = run(bench, make_step(), env={"TF_API_KEY": "asked-secret-2"})
    assert record.asked_env == {"TF_API_KEY": "[redacted]"}
    assert list_causes(record) == [
        ("exit-code", "exit code 1: RuntimeError: no access with [redacted TF_API_KEY]")
    ]
    text = read_all(setting.hub)
    assert "inherited-secret-1" not in text
    assert "asked-secret-2" not in text
    assert "[redacted HF_TOKEN]" in text


WHY: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("import sys; print('ValueError: bad'); sys.exit(3)", {}, "exit-code", "exit code 3: Value"),
    ("import os; os.kill(os.getpid(), 11)", {}, "signal", "ended by SIGSEGV"),
    ("import time; time.sleep(600)", {"timeout": 1}, "timeout", "time limit of 1 s"),
    ("", {"command": ["{root}/nowhere"]}, "start", "'nowhere'"),
    (
        "print('fine')",
        {"artifacts": [{"path": "a.npy", "kind": "array", "shows": "x"}]},
        "artifact",
        "a.npy: missing",
    ),
    (
        "import numpy, sys; numpy.save(sys.argv[1] + '/a.npy', [1.0, float('nan')])",
        {"artifacts": [{"path": "a.npy", "kind": "array", "shows": "x"}]},
        "artifact",
        "element 1 is nan",
    ),
    ("print('Object stitching failed')", {}, "log-pattern", "no object"),
    (
        "import os; open(os.environ['PARITYHUB_CAPTURE'] + '/env_1.json', 'w').write('{')",
        {},
        "environment",
        "not an environment capture",
    ),
    (SPEAK, {"options": ["n_groups"]}, "environment", "option n_groups: asked 255"),
)


@pytest.mark.parametrize(("code", "parts", "kind", "text"), WHY)
def test_exit_code_0_is_not_success_and_each_failure_says_why(
    bench: Bench, code: str, parts: dict[str, Any], kind: str, text: str
) -> None:
    bench.write("train.py", code)
    setting, record = run(
        bench,
        make_step(**parts),
        make_step("infer"),
        options={"n_groups": 255},
        failure_patterns=[{"pattern": "stitching failed", "cause": "no object"}],
    )
    assert record.status == "failed"
    assert [step.status for step in record.steps] == ["failed", "not-run"]
    assert [cause[0] for cause in list_causes(record)] == [kind]
    assert text in list_causes(record)[0][1]
    assert record.blocker is not None
    assert str(bench.root) not in read_all(setting.hub)


def test_less_proof_than_the_plan_asks_for_fails(bench: Bench) -> None:
    bench.write("train.py", "print('silent')")
    _, record = run(bench, make_step(), proof="self-reported")
    assert list_causes(record) == [
        ("proof", "environment launcher, the plan asks for self-reported")
    ]
    assert record.proof == "launcher"


def test_an_attempt_is_proven_as_well_as_its_weakest_step(bench: Bench) -> None:
    bench.write("train.py", SPEAK)
    bench.write("infer.py", "print('silent')")
    setting, record = run(bench, make_step(), make_step("infer"))
    assert [step.proof for step in record.steps] == ["self-reported", "launcher"]
    assert record.proof == "launcher"
    assert read_environment(setting, record).level == "launcher"


def test_a_partial_attempt_keeps_what_it_has(bench: Bench) -> None:
    bench.write("train.py", "import sys; open(sys.argv[1] + '/w.txt', 'w').write('weights')")
    bench.write("infer.py", "import sys; sys.exit(1)")
    artifact = {"path": "w.txt", "kind": "text", "shows": "weights"}
    setting, record = run(
        bench, make_step(artifacts=[artifact]), make_step("infer"), make_step("stitch")
    )
    assert record.status == "partial"
    assert [step.status for step in record.steps] == ["passed", "failed", "not-run"]
    assert setting.hub.path("p/analysis/P_side_1/w.txt").read_text(encoding="utf-8") == "weights"


def test_a_process_left_behind_is_ended_and_recorded(bench: Bench) -> None:
    bench.write(
        "train.py",
        """
        import subprocess, sys
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        import os
        os._exit(0)
        """,
    )
    _, record = run(bench, make_step())
    assert (record.status, record.steps[0].stragglers) == ("passed", 1)


def test_attempts_of_one_second_have_evidence_of_their_own(bench: Bench) -> None:
    bench.write("train.py", "import sys; sys.exit(1)")
    plan = make_plan()
    setting = bench.make_setting(plan)
    records = [bench.attempt(setting, number) for number in (1, 2)]
    assert records[0].started == records[1].started
    assert len({record.blocker for record in records}) == 2
    assert len({record.env_capture for record in records}) == 2
    assert len({record.steps[0].log for record in records}) == 2


def test_numbers_that_json_has_no_word_for_are_told_in_words(bench: Bench) -> None:
    bench.write(
        "train.py",
        """
        import json, sys
        from pathlib import Path
        from parityhub.capture import record_environment
        record_environment(options={"rate": float("inf")})
        Path(sys.argv[1], "s.json").write_text('{"loss": NaN}')
        """,
    )
    step = make_step(
        options=["rate"], values=[{"name": "loss", "json": "s.json", "pointer": "/loss"}]
    )
    setting, record = run(bench, step, options={"rate": float("inf")})
    assert list_causes(record) == []
    assert record.values["loss"].status == "not-finite"
    document = json.loads(
        setting.hub.path(str(record.env_capture)).read_bytes(), parse_constant=pytest.fail
    )
    assert document["processes"][0]["options"] == {"rate": "Infinity"}


def test_a_working_folder_of_the_plan_is_run_in(bench: Bench) -> None:
    (bench.root / "sub folder").mkdir()
    bench.write("train.py", "from pathlib import Path; print(Path.cwd().name)")
    setting, record = run(bench, make_step(), cwd="sub folder")
    log = setting.hub.path(str(record.steps[0].log))
    assert log.read_text(encoding="utf-8") == "sub folder\n"
    assert Path(record.steps[0].argv[1]) == Path("train.py")


def test_nothing_may_lie_in_the_output_folder_of_a_new_attempt(tmp_path: Path) -> None:
    make_empty(tmp_path / "new" / "out")
    assert (tmp_path / "new" / "out").is_dir()
    make_empty(tmp_path / "new" / "out")
    (tmp_path / "new" / "out" / "output.npy").touch()
    with pytest.raises(HubError, match="not empty"):
        make_empty(tmp_path / "new" / "out")

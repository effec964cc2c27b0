"""Blockers: the exact lines, what was asked and saw, and what is still to come."""

from typing import Any

import pytest

from parityhub.run.blockers import describe_attempt, describe_gate
from parityhub.run.gate import run_gate
from parityhub.run.setting import Setting
from tests.run.bench import Bench, make_plan, make_side, make_step

TRAIN = """
    import sys
    print("epoch 1/2")
    print("2026-11-24 tf2xla conversion failed for op")
    print("ValueError: no kernel")
    sys.exit(1)
"""
ISSUE = {
    "id": "XLA-DYN-DOT-001",
    "pattern": "tf2xla conversion failed",
    "summary": "XLA has no kernel",
    "mitigation": "USE_XLA_TRANSLATE=0",
}


def make_setting(bench: Bench, *, policy: bool, gate: dict[str, Any] | None = None) -> Setting:
    rungs = [
        {"id": "as-is", "title": "as is"},
        {"id": "flags", "title": "flags off", "env": {"TF_XLA_FLAGS": "{root}/x"}},
        {"id": "shift", "title": "explicit shift"},
    ]
    ladder = {"rungs": rungs} | ({"on_exhausted": "POLICY-001"} if policy else {})
    phase = {
        "id": "C1",
        "title": "t",
        "folder": "p",
        "runs": [{"baseline": "side", "ladder": "up"}],
    }
    return bench.make_setting(
        make_plan(
            known_issue=[ISSUE],
            policy=[
                {
                    "id": "POLICY-001",
                    "text": "PyTorch goes on alone",
                    "allows": ["one-sided", "red-gate"],
                }
            ],
            baseline=make_side(make_step()),
            ladder={"up": ladder},
            phase=[phase | ({"gate": gate} if gate else {})],
        )
    )


@pytest.mark.parametrize("policy", [True, False])
def test_a_failed_attempt_is_described_with_its_lines(bench: Bench, policy: bool) -> None:
    bench.write("train.py", TRAIN)
    setting = make_setting(bench, policy=policy)
    attempt = bench.attempt(setting)
    blocker = describe_attempt(setting, setting.phase.runs[0], attempt)
    assert blocker.path == "p/red/blocked_2026-11-24T120000Z_c1_side_1_xla_dyn_dot_001.md"
    assert (blocker.known_issue, blocker.issue_summary) == ("XLA-DYN-DOT-001", "XLA has no kernel")
    assert blocker.signature == "exit code 1: ValueError: no kernel"
    assert blocker.mitigations == ("flags: flags off", "shift: explicit shift")
    log = setting.hub.path("p/cli/train_C1_side_1.log").read_text(encoding="utf-8").split("\n")
    for cause in blocker.causes:
        assert cause.place is not None
        assert cause.place.file == "p/cli/train_C1_side_1.log"
        first = (cause.place.line or 0) - 1
        assert tuple(log[first : first + len(cause.lines)]) == cause.lines
    assert [cause.kind for cause in blocker.causes] == ["exit-code", "log-pattern"]
    assert (blocker.exit_code, blocker.signal) == (1, None)
    assert blocker.command[1:] == attempt.steps[0].argv[1:]
    policies = [text for text in blocker.references if text.startswith("POLICY-001")]
    assert policies == (["POLICY-001: PyTorch goes on alone"] if policy else [])
    assert blocker.on_exhausted.startswith("POLICY-001" if policy else "the phase is blocked")


def test_a_failure_that_nobody_knows_is_unknown(bench: Bench) -> None:
    bench.write("train.py", "import os; os.kill(os.getpid(), 9)")
    setting = make_setting(bench, policy=False)
    attempt = bench.attempt(setting)
    blocker = describe_attempt(setting, setting.phase.runs[0], attempt)
    assert (blocker.known_issue, blocker.signal, blocker.exit_code) == ("unknown", "SIGKILL", None)
    assert blocker.path.endswith("_c1_side_1_signal.md")
    assert blocker.causes[0].lines == ()


def test_a_red_gate_is_described_with_its_lines_and_its_policy(bench: Bench) -> None:
    bench.write("gate/test_it.py", "def test_it(): raise OSError('tf2xla conversion failed')\n")
    gate = {"selectors": ["gate"], "continue_under": "POLICY-001", "timeout": 60}
    setting = make_setting(bench, policy=False, gate=gate)
    assert setting.phase.gate is not None
    result = run_gate(setting, setting.phase.gate)
    blocker = describe_gate(setting, result)
    assert blocker.title == "C1: the gate is red"
    assert blocker.known_issue == "XLA-DYN-DOT-001"
    assert blocker.on_exhausted == "POLICY-001: the phase goes on"
    assert blocker.references == (result.record.log, "POLICY-001: PyTorch goes on alone")
    assert blocker.baseline is None
    assert blocker.causes[0].lines != ()

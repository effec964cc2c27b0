"""Gates: a real pytest in a child, green only where tests ran, none failed, all as asked."""

from typing import Any

import pytest

from parityhub.hub.records import EnvironmentRecord, GateRecord
from parityhub.run.gate import GateResult, run_gate
from parityhub.run.setting import Setting
from tests.run.bench import Bench, make_plan, read_all

GREEN = "def test_one(): assert True\n"
RED = "def test_two(): assert 1 + 1 == 3, 'sums'\n"


def make_setting(bench: Bench, **gate: Any) -> Setting:
    plan = make_plan(
        baseline={
            "side": {
                "framework": "other",
                "env": {"FLAG": "1", "TRAIN": "{data.train}"},
                "steps": [{"name": "train", "command": ["x"]}],
            }
        },
        dataset={"d": {"files": {"train": "data/train.npz"}}},
        default_dataset="d",
        phase=[
            {
                "id": "P",
                "title": "t",
                "folder": "p",
                "gate": {"selectors": ["gate_tests"], "timeout": 60} | gate,
                "runs": [{"baseline": "side"}],
            }
        ],
    )
    return bench.make_setting(plan)


def run(bench: Bench, code: str, **gate: Any) -> tuple[Setting, GateResult]:
    bench.write("gate_tests/test_gate.py", code)
    setting = make_setting(bench, **gate)
    assert setting.phase.gate is not None
    return setting, run_gate(setting, setting.phase.gate)


def count(record: GateRecord) -> tuple[int, int, int, int]:
    return record.passed, record.failed, record.errors, record.skipped


def test_tests_that_pass_make_it_green(bench: Bench) -> None:
    setting, result = run(bench, GREEN + "def test_three(): assert True\n")
    record = result.record
    assert (record.color, record.reason, record.exit_code) == ("green", "2 passed of 2", 0)
    assert count(record) == (2, 0, 0, 0)
    assert [case.name for case in record.cases] == [
        "gate_tests.test_gate::test_one",
        "gate_tests.test_gate::test_three",
    ]
    assert record.log == "p/green/pytest_gate_P_1.log"
    assert "2 passed" in setting.hub.path(record.log).read_text(encoding="utf-8")
    assert (result.causes, record.blocker) == ((), None)
    assert str(bench.root) not in read_all(setting.hub) + " ".join(record.argv)


RED_GATES: tuple[tuple[str, dict[str, Any], str, tuple[int, int, int, int]], ...] = (
    (GREEN + RED, {}, "1 of 2 tests failed, first gate_tests.test_gate::test_two", (1, 1, 0, 0)),
    ("X = 1\n", {}, "no test ran (exit code 5)", (0, 0, 0, 0)),
    (GREEN, {"selectors": ["gate_tests", "nowhere"]}, "no test ran (exit code 4)", (0, 0, 0, 0)),
    (
        "import pytest\n@pytest.mark.skip(reason='later')\n" + GREEN,
        {},
        "each of 1 tests was skipped",
        (0, 0, 0, 1),
    ),
    ("import nothing_of_that_name\n" + GREEN, {}, "1 of 1 tests failed", (0, 0, 1, 0)),
    (
        "import pytest\n@pytest.fixture\ndef broken(): raise OSError('no disk')\n"
        "def test_it(broken): pass\n",
        {},
        "1 of 1 tests failed",
        (0, 0, 1, 0),
    ),
    (
        "import time\n" + GREEN + "def test_slow(): time.sleep(600)\n",
        {"timeout": 0.5},
        "ended after its time limit",
        (0, 0, 0, 0),
    ),
    ("import os\n" + GREEN + "def test_dies(): os._exit(0)\n", {}, "no test ran", (0, 0, 0, 0)),
    (GREEN, {"python": "nowhere/python"}, "pytest could not be started", (0, 0, 0, 0)),
    (
        "import os\nfrom parityhub.capture import record_environment\n"
        "def test_env():\n    os.environ['FLAG'] = '2'\n    record_environment()\n",
        {},
        "environment not as asked: FLAG: asked '1', gate, pid",
        (1, 0, 0, 0),
    ),
    (
        "import os\nfrom pathlib import Path\n" + GREEN + "def test_env():\n"
        "    Path(os.environ['PARITYHUB_CAPTURE'], 'env_1.json').write_text('{')\n",
        {},
        "environment not as asked: env_1.json: not an environment capture",
        (2, 0, 0, 0),
    ),
)


@pytest.mark.parametrize(("code", "gate", "reason", "counts"), RED_GATES)
def test_anything_else_makes_it_red_with_its_reason(
    bench: Bench,
    code: str,
    gate: dict[str, Any],
    reason: str,
    counts: tuple[int, int, int, int],
) -> None:
    setting, result = run(bench, code, **gate)
    record = result.record
    assert record.color == "red"
    assert record.reason.startswith(reason)
    assert count(record) == counts
    assert record.log == "p/red/pytest_gate_P_1.log"
    assert setting.hub.has(record.log)
    assert record.blocker is not None
    assert record.blocker.startswith("p/red/blocked_2026-11-24T120000Z_p_gate_1")
    assert result.causes[0].text == record.reason


def test_a_gate_runs_in_the_environment_of_the_first_rungs(bench: Bench) -> None:
    bench.inherited |= {"FLAG": "9", "OTHER": "9", "PYTEST_ADDOPTS": "--collect-only"}
    code = (
        "import os\nfrom parityhub.capture import record_environment\ndef test_env():\n"
        "    record_environment()\n"
        "    assert (os.environ['FLAG'], os.environ['OTHER']) == ('1', '2')\n"
    )
    setting, result = run(bench, code, env={"OTHER": "2"})
    assert result.record.color == "green", result.record.cases
    path = "p/cli/env_capture_P_gate_1.json"
    seen = setting.hub.read_record(path, EnvironmentRecord)
    assert (seen.level, seen.asked) == (
        "self-reported",
        {"FLAG": "1", "OTHER": "2", "TRAIN": "data/train.npz"},
    )


def test_no_secret_is_in_a_gates_records(bench: Bench) -> None:
    code = "import os\ndef test_it(): assert os.environ['A_TOKEN'] == os.environ['B_TOKEN']\n"
    bench.inherited |= {"B_TOKEN": "inherited-secret-1"}
    setting, result = run(bench, code, env={"A_TOKEN": "asked-secret-2"})
    assert "[redacted" in result.record.cases[0].message
    kept = read_all(setting.hub) + repr(result)
    assert "inherited-secret-1" not in kept
    assert "asked-secret-2" not in kept


def test_a_gate_that_was_killed_is_tried_again_beside_what_it_left(bench: Bench) -> None:
    """Its output was kept, its record was not."""
    setting, first = run(bench, RED)
    assert setting.phase.gate is not None
    bench.write("gate_tests/test_gate.py", GREEN)
    second = run_gate(setting, setting.phase.gate)
    assert [result.record.log for result in (first, second)] == [
        "p/red/pytest_gate_P_1.log",
        "p/green/pytest_gate_P_1_try2.log",
    ]
    assert setting.hub.has("p/cli/env_capture_P_gate_1_try2.json")

import pytest

from parityhub.audit.facts.gates import read_gate, read_other_gate
from parityhub.audit.facts.logs import index_text

UNITTEST = (
    "test_a (qa.A) ... ok\ntest_b (qa.A) ... FAIL\n\n------\nRan 2 tests in 0.412s\n\n"
    "FAILED (failures=1)\n"
)


@pytest.mark.parametrize(
    ("text", "passed", "failed", "color", "line"),
    [
        (UNITTEST, 1, 1, "red", 2),
        ("Ran 3 tests in 1s\n\nOK\n", 3, 0, "green", 1),
        ("check a ... ok\ncheck b ... FAILED: 3 differ\n4 checks, 1 failed\n", 3, 1, "red", 2),
        ("4 tests, no failures\n", 4, 0, "green", 1),
        ("test result: FAILED. 2 passed; 1 failed; 0 ignored\n", 2, 1, "red", 1),
        ("75% tests passed, 1 tests failed out of 4\n", 3, 1, "red", 1),
        ("passed: 3, failed: 0\n", 3, 0, "green", 1),
    ],
)
def test_other_test_programs_are_understood(text, passed, failed, color, line):
    gate = read_other_gate(index_text("a.log", text.encode()))
    assert (gate.passed, gate.failed, gate.color, gate.place.line) == (passed, failed, color, line)


def test_a_text_without_a_summary_is_no_gate():
    assert read_other_gate(index_text("a.log", b"epoch 1 of 3\n")) is None


def test_unittest_is_not_taken_for_pytest():
    assert read_gate(index_text("a.log", UNITTEST.encode())) is None

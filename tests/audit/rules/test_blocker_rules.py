import pytest

from parityhub.audit.rules.blocker_rules import list_changed
from parityhub.hub.records import BlockerRecord

RECORD = BlockerRecord(
    path="red/blocked_1.md",
    title="C1: torch failed",
    time="2026-01-01T00:00:00Z",
    phase="C1",
    baseline="torch",
    attempt=1,
    rung="as-is",
    signature="x",
    known_issue="XLA-1",
    issue_summary="a word",
    causes=(),
    exit_code=1,
    signal=None,
    asked_env={"A_B": "--c=0"},
    proof=None,
    dataset=None,
    command=("python", "-m", "net", "--epochs", "10"),
    mitigations=("one", "two"),
    on_exhausted="blocked",
    references=(),
)
TEXT = """# Blocker: C1: torch failed

- time: 2026-01-01T00:00:00Z
- phase: `C1`
- rung: `as-is`
- known issue: `XLA-1` – a word
- exit code: 1
- dataset: none

## Command

```sh
env A_B=--c=0 \\
  python -m net \\
  --epochs 10
```

## Mitigations to come

1. one
2. two
"""


def test_a_blocker_as_it_was_rendered_is_borne_out():
    assert list(list_changed(tuple(TEXT.split("\n")), RECORD)) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("00:00:00Z", "00:00:01Z", 3),
        ("`C1`", "`C5`", 4),
        ("`as-is`", "`as-if`", 5),
        ("`XLA-1`", "`XLA-2`", 6),
        ("code: 1", "code: 2", 7),
        ("dataset: none", "dataset: `a`", 8),
        ("epochs 10", "epochs 80", 15),
        ("2. two", "3. two", 21),
    ],
)
def test_a_changed_field_or_word_is_found(old, new, line):
    changed = TEXT.replace(old, new, 1)
    assert [number for number, _ in list_changed(tuple(changed.split("\n")), RECORD)] == [line]


def test_a_gate_with_a_blocker_is_red():
    line = "- baseline: none, the gate is "
    assert list(list_changed((f"{line}red",), RECORD)) == []
    assert list(list_changed((f"{line}green",), RECORD)) == [(1, "a gate with a blocker is red")]

"""What people added, as a rendered summary shows it: true lines, and the same lines made false."""

import shutil
from pathlib import Path

import pytest

from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots
from tests.conftest import copy_plan

FAILS = "NotFoundError: no kernel for Translate on device 0"


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = copy_plan("journal", tmp_path_factory.mktemp("entries") / "repo")
    (repository.root / "broken_a").write_text(FAILS)
    assert repository.call("run-phase", "P1", "-q").code == 1
    (blocker,) = (path.stem for path in repository.hub().rglob("blocked_*.md"))
    new = ("--pattern", "no kernel", "--summary", "none for it", "--mitigation", "wait")
    under = ("--policy", "POLICY-001", "--phase", "P1", "--until", "2099-12-31")
    rests = ("--evidence", "P1/run:a", "--evidence", blocker)
    for words in (
        ("triage", blocker, "--issue", "K-1", *new),
        ("decide", "ALONE", *under, *rests, "--text", "Side b goes on."),
        ("note", "P1 is INCONCLUSIVE.", "--phase", "P1"),
    ):
        told = repository.call(*words)
        assert told.code == 0, told.out + told.err
    return repository.hub()


def audit_changed(journal: Path, tmp_path: Path, start: str, old: str, new: str) -> set[str]:
    """Audit a copy in which the first line that holds `start` was changed."""
    hub = Path(shutil.copytree(journal, tmp_path / "hub"))
    lines = (hub / "summary.md").read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if start in line)
    assert old in lines[at]
    lines[at] = lines[at].replace(old, new, 1)
    (hub / "summary.md").write_text("\n".join(lines) + "\n")
    result = audit_hub(hub / "summary.md", Roots(hub))
    return {f.found for f in result.findings if f.code == "PH801" and f.spot.line == at + 1}


def test_what_was_rendered_is_true(journal: Path) -> None:
    result = audit_hub(journal, Roots(journal))
    assert [f for f in result.findings if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("start", "old", "new", "told"),
    [
        ("`ALONE`, 2", "`one-sided`", "`red-gate`", "decisions/ALONE_1.json has no red-gate"),
        ("`ALONE`, 2", "POLICY-001", "POLICY-002", "has no POLICY-002"),
        ("`ALONE`, 2", "2099-12-31", "2098-12-31", "has no 2098-12-31"),
        ("P1/run:a said", "failed", "passed", "has no P1/run:a said passed in run 1"),
        ("P1/run:a said", "run 1", "run 8", "has no P1/run:a said failed in run 8"),
        (") said open", "open", "passed", "said passed"),
        ("(turns/turn_0001.md)", "turns/turn_0001.json", "decisions/ALONE_1.json", "has no deci"),
        ("(turns/turn_0001.md)", "Z, phase", "Z and 2020-01-01T00:00:00Z, phase", "has no 2020"),
        ("  - named `K-1`", "`K-1`", "`K-2`", "has no K-2"),
    ],
)
def test_a_false_word_is_found(
    journal: Path, tmp_path: Path, start: str, old: str, new: str, told: str
) -> None:
    found = audit_changed(journal, tmp_path, start, old, new)
    assert any(told in words for words in found), found

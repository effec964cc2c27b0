"""Hubs kept by strangers: other words, other folders, no manifest, true statements and lies.

Each `NAME.lies.json` lists what was planted: file, line, kind and the codes that fit it. Every
other line is true.
"""

import json
from functools import cache
from pathlib import Path

import pytest

from parityhub.audit.engine import audit_hub
from parityhub.audit.findings import AuditResult
from parityhub.audit.roots import Roots

FOREIGN = Path(__file__).parent / "foreign"
HUBS = sorted(path.name.removesuffix(".lies.json") for path in FOREIGN.glob("*.lies.json"))
FOUND, BY_ERROR = 0.9, 0.8


@cache
def audit(name: str) -> AuditResult:
    return audit_hub(FOREIGN / name, Roots(FOREIGN / name))


def read_lies(name: str) -> list[dict]:
    return json.loads((FOREIGN / f"{name}.lies.json").read_text())


def is_told(lie: dict, name: str, severities: tuple[str, ...]) -> bool:
    return any(
        finding.code in lie["codes"]
        and finding.severity in severities
        and (lie["file"], lie["line"]) in {(s.file, s.line) for s in (finding.spot, *finding.also)}
        for finding in audit(name).findings
    )


def test_there_are_hubs_with_lies_of_each_kind():
    kinds = {lie["kind"] for name in HUBS for lie in read_lies(name)}
    assert len(HUBS) >= 3
    assert kinds >= {
        "digest", "half", "emptyenv", "env", "absent", "fold", "sum", "stale", "zeros", "status",
        "line", "number", "path", "learned", "empty",
    }  # fmt: skip


def test_nine_lies_in_ten_are_found_by_a_fitting_code():
    told = [is_told(lie, name, ("error", "warning")) for name in HUBS for lie in read_lies(name)]
    assert len(told) > 60
    assert sum(told) >= FOUND * len(told)


def test_most_lies_are_errors():
    told = [is_told(lie, name, ("error",)) for name in HUBS for lie in read_lies(name)]
    assert sum(told) >= BY_ERROR * len(told)


@pytest.mark.parametrize("name", HUBS)
def test_no_true_line_is_an_error(name):
    planted = {(lie["file"], lie["line"]) for lie in read_lies(name)}
    errors = [f for f in audit(name).findings if f.severity == "error"]
    assert errors
    assert not [f for f in errors if (f.spot.file, f.spot.line) not in planted]


@pytest.mark.parametrize("name", HUBS)
def test_much_of_what_is_true_is_confirmed(name):
    checked = audit(name).checked
    assert checked.confirmed > checked.unverifiable

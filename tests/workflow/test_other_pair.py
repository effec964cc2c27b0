"""A pair that is not ours: two small scripts, no ptychography, nothing changed in parityhub."""

import json
from collections.abc import Callable

from tests.conftest import Repository


def test_another_pair_runs(make_repository: Callable[[str], Repository]):
    repository = make_repository("tiny")
    told = repository.call("run-phase", "FIT", "--json")
    document = told.document()
    assert told.code == 0, document["reason"]
    assert document["verdict"] == "PASS"
    assert [side["status"] for side in document["baselines"]] == ["passed", "passed"]
    assert len(document["checks"]) == 4
    hub = repository.hub()
    captures = [json.loads(path.read_text()) for path in hub.rglob("env_capture_*.json")]
    assert {capture["level"] for capture in captures} == {"self-reported", "launcher"}
    summary = (hub / "summary.md").read_text(encoding="utf-8")
    for check in document["checks"]:
        assert check["title"] in summary
    # Each side drew its patches, though both count their first attempt.
    assert {path.name for path in hub.rglob("*.png")}


def test_a_mistake_in_the_port_fails(make_repository: Callable[[str], Repository]):
    repository = make_repository("tiny")
    script = repository.root / "side_b.py"
    text = script.read_text(encoding="utf-8")
    assert "[0.25, 0.5, 0.25]" in text
    script.write_text(text.replace("[0.25, 0.5, 0.25]", "[0.25, 0.9, 0.25]"), encoding="utf-8")
    told = repository.call("run-phase", "FIT", "--json")
    document = told.document()
    assert told.code == 1
    assert document["verdict"] == "FAIL"
    assert document["state"] == "done"


def test_a_side_that_breaks_blocks_the_phase(make_repository: Callable[[str], Repository]):
    repository = make_repository("tiny")
    script = repository.root / "side_b.py"
    text = script.read_text(encoding="utf-8")
    script.write_text(text + "\nraise SystemExit(3)\n", encoding="utf-8")
    told = repository.call("run-phase", "FIT", "--json")
    document = told.document()
    assert told.code == 3
    assert document["state"] == "blocked"
    blocker = (repository.hub() / document["blockers"][0]).read_text(encoding="utf-8")
    assert "exit code: 3" in blocker

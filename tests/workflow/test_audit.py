"""audit as its users call it: what it is asked of, what it prints and writes, how it exits."""

import json
import os
import shutil
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import Repository, copy_plan

NOTES = "# Turn\n\nThe fit has mean=0.25 in `fit/b/cli/fit_FIT_b_1.log:4`.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = copy_plan("tiny", tmp_path_factory.mktemp("audited") / "repo")
    assert repository.call("run-phase", "FIT").code == 0
    return repository


@pytest.fixture
def repository(made: Repository, tmp_path: Path) -> Repository:
    return Repository(shutil.copytree(made.root, tmp_path / "repo"))


def audit(repository: Repository, *words: str):
    cache = {"XDG_CACHE_HOME": str(repository.root.parent / "cache"), "NO_COLOR": "1"}
    return repository.call("audit", *words, env=cache)


def spoil(repository: Repository) -> Path:
    summary = repository.hub() / "summary.md"
    summary.write_text(summary.read_text().replace("4 of 4 checks", "5 of 4 checks", 1))
    return summary


def test_the_newest_hub_of_the_plan_is_audited(repository):
    told = audit(repository, "--json")
    document = told.document()
    assert told.code == 0, told.err
    assert document["verdict"] == "PASS"
    assert document["findings"] == []
    assert set(document["checked"]) == {
        "claims",
        "artifacts",
        "confirmed",
        "refuted",
        "unverifiable",
    }
    assert document["checked"]["confirmed"] > 50
    assert document["checked"]["refuted"] == 0


def test_a_false_sentence_is_a_finding_with_all_that_scripts_read(repository):
    spoil(repository)
    told = audit(repository, str(repository.hub()), "--json")
    (finding,) = [f for f in told.document()["findings"] if f["code"] == "PH401"]
    assert told.code == 1
    wanted = {"code", "slug", "severity", "file", "line", "claim", "found", "artifact", "hint"}
    assert wanted <= set(finding)
    assert finding["file"] == "summary.md"


def test_it_is_told_like_a_linter(repository):
    spoil(repository)
    told = audit(repository, str(repository.hub()))
    lines = told.out.splitlines()
    assert told.code == 1
    assert any(line.startswith("summary.md") for line in lines)
    assert any("error" in line and "PH401 number-mismatch" in line for line in lines)
    assert any(line.strip().startswith("hint: ") for line in lines)
    assert any(line.startswith("FAIL") for line in lines)
    assert "\x1b" not in told.out


def test_a_report_outside_is_held_against_the_hub_that_is_named(repository):
    report = repository.root / "turn.md"
    report.write_text(NOTES)
    without = audit(repository, "turn.md")
    assert without.code == 2
    assert without.err.splitlines()[0].endswith("turn.md: lies in no hub")
    told = audit(repository, "turn.md", "--hub", str(repository.hub()), "--json")
    assert told.code == 1
    assert {f["line"] for f in told.document()["findings"]} == {3}


def test_a_folder_of_hubs_is_audited_hub_by_hub(repository):
    assert repository.call("run-phase", "FIT", "--new-hub").code == 0
    told = audit(repository, "reports", "--json")
    document = told.document()
    assert told.code == 0
    assert len(document["hubs"]) == 2
    assert document["checked"]["claims"] == sum(h["checked"]["claims"] for h in document["hubs"])


def test_a_folder_without_a_claim_is_no_pass(repository):
    (repository.root / "empty").mkdir()
    told = audit(repository, "empty", "--json")
    assert told.code == 1
    assert told.document()["verdict"] == "INCONCLUSIVE"


def test_what_is_not_there_is_a_line_and_a_hint(repository):
    told = audit(repository, "nowhere")
    assert told.code == 2
    assert told.err.splitlines() == [
        "parityhub: nowhere: not there",
        "hint: name a hub, a report, or a folder",
    ]


def test_every_output_is_written(repository):
    spoil(repository)
    told = audit(
        repository,
        *(str(repository.hub()), "--sarif", "out.sarif", "--junit", "out.xml", "--html", "pages"),
    )
    assert told.code == 1
    sarif = json.loads((repository.root / "out.sarif").read_text())
    results = sarif["runs"][0]["results"]
    assert "PH401" in {result["ruleId"] for result in results}
    suites = ElementTree.parse(repository.root / "out.xml").getroot()
    assert int(suites.get("failures", "0")) >= 1
    pages = [path.read_text() for path in (repository.root / "pages").rglob("*.html")]
    assert any("refuted" in page for page in pages)
    assert told.err.count("written  ") >= 3


def test_what_could_not_be_verified_is_listed_on_request(repository):
    report = repository.hub() / "notes.md"
    report.write_text("The weather had a pressure=1013.25 that day.\n")
    silent = audit(repository, str(report), "--json").document()
    asked = audit(repository, str(report), "--json", "--unverifiable").document()
    assert silent["checked"]["unverifiable"] >= 1
    assert "unverifiable" not in silent
    assert "1013.25" in json.dumps(asked["unverifiable"])


def test_a_moved_line_is_mended_and_nothing_else(repository):
    report = repository.root / "turn.md"
    report.write_text('The log says "output" (`fit/b/cli/fit_FIT_b_1.log:2`).\n')
    log = repository.hub() / "fit/b/cli/fit_FIT_b_1.log"
    true = next(n for n, line in enumerate(log.read_text().splitlines(), 1) if "output" in line)
    told = audit(repository, "turn.md", "--hub", str(repository.hub()), "--fix-citations")
    assert f"fit_FIT_b_1.log:{true}" in report.read_text()
    assert report.read_text().startswith('The log says "output" (')
    assert "mended  " in told.err


def test_an_ignored_finding_needs_a_reason_and_is_listed(repository):
    report = repository.root / "turn.md"
    words = ("turn.md", "--hub", str(repository.hub()), "--json")
    report.write_text(NOTES)
    codes = {f["code"] for f in audit(repository, *words).document()["findings"]}
    for reason in ("", " a number of the first draft"):
        ignore = f"<!-- parityhub: ignore[{', '.join(sorted(codes))}]{reason} -->\n"
        report.write_text(NOTES.replace("The fit", ignore + "The fit"))
        document = audit(repository, *words).document()
        if reason:
            assert document["findings"] == []
            assert {f["code"] for f in document["silenced"]} == codes
        else:
            assert codes <= {f["code"] for f in document["findings"]}


def test_a_change_after_a_kept_result_is_seen(repository):
    hub = repository.hub()
    old = time.time() - 3600
    for path in hub.rglob("*"):
        os.utime(path, (old, old))
    assert audit(repository, str(hub)).code == 0
    assert list((repository.root.parent / "cache").rglob("result.json"))
    spoil(repository)
    assert audit(repository, str(hub)).code == 1


def test_data_that_changed_are_seen_whatever_was_kept(repository):
    words = (str(repository.hub()), "--root", ".", "--json")
    assert audit(repository, *words).document()["findings"] == []
    assert not list((repository.root.parent / "cache").rglob("result.json"))


def test_paranoid_digests_again(repository):
    assert audit(repository, str(repository.hub())).code == 0
    assert audit(repository, str(repository.hub()), "--paranoid").code == 0

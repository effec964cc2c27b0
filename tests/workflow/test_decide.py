"""decide as its users call it: a decision stands on its evidence, lapses with it, turns nothing."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Repository, Told, copy_plan

FAILS = "NotFoundError: no kernel for Translate on device 0"
REASON = "P1 is one-sided: no kernel for Translate. Side b goes on alone."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = copy_plan("journal", tmp_path_factory.mktemp("decided") / "repo")
    (repository.root / "broken_a").write_text(FAILS)
    assert repository.call("run-phase", "P1", "-q").code == 1
    return repository


@pytest.fixture
def repository(made: Repository, tmp_path: Path) -> Repository:
    return Repository(shutil.copytree(made.root, tmp_path / "repo"))


def decide(repository: Repository, *words: str, name: str = "ALONE", text: str = REASON) -> Told:
    return repository.call(
        "decide", name, "--policy", "POLICY-001", "--phase", "P1", "--text", text, *words
    )


def name_blocker(repository: Repository) -> str:
    (blocker,) = repository.hub().rglob("blocked_*.md")
    return blocker.stem


def read_summary(repository: Repository) -> str:
    return (repository.hub() / "summary.md").read_text(encoding="utf-8")


def list_next(repository: Repository) -> dict[str, str | None]:
    told = repository.call("status", "--json")
    return {row["id"]: row["next"] for row in told.document()["phases"]}


def audit(repository: Repository) -> Told:
    return repository.call("audit", "--json", env={"XDG_CACHE_HOME": str(repository.root / "c")})


def test_a_decision_is_kept_with_what_its_evidence_says(repository: Repository) -> None:
    blocker = name_blocker(repository)
    log = "p1/a/cli/run_P1_a_1.log"
    given = ("P1/run:a", "P1/check:close", "P1/artifact:b/output.npy", blocker, log)
    told = decide(repository, *(word for name in given for word in ("--evidence", name)), "--json")
    assert told.code == 0, told.out + told.err
    record = json.loads((repository.hub() / "decisions/ALONE_1.json").read_text())
    assert told.document()["decision"] == record
    said = [(state["kind"], state["says"], state["attempt"]) for state in record["evidence"]]
    assert said == [
        ("run", "failed", None),
        ("check", "INCONCLUSIVE", None),
        ("artifact", "passed", 1),
        ("blocker", "open", None),
        ("file", "", None),
    ]
    digests = [state["digest"] is not None for state in record["evidence"]]
    assert digests == [False, False, True, True, True]
    assert (record["policy"], record["lets"], record["until"]) == ("POLICY-001", "one-sided", None)
    summary = read_summary(repository)
    assert f"> {REASON}\n\nIt stands while its evidence is what it was:" in summary
    audited = audit(repository)
    assert audited.code == 0, audited.out


def test_an_accepted_phase_stays_one_sided_and_inconclusive(repository: Repository) -> None:
    assert list_next(repository)["P1"] == "parityhub run-phase P1"
    assert decide(repository, "--evidence", "P1/run:a").code == 0
    told = repository.call("status", "--json")
    row = told.document()["phases"][0]
    assert told.code == 1
    assert (row["state"], row["verdict"]) == ("one-sided", "INCONCLUSIVE")
    assert row["accepted"] == "ALONE"
    assert row["next"] is None
    assert repository.call("run-phase", "P1", "-q").code == 1


def test_a_decision_about_a_red_gate_accepts_no_one_sided_phase(repository: Repository) -> None:
    plan = repository.root / "plans/journal/plan.toml"
    plan.write_text(plan.read_text().replace('["one-sided"]', '["one-sided", "red-gate"]'))
    assert decide(repository, "--evidence", "P1/run:a", "--lets", "red-gate").code == 0
    assert list_next(repository)["P1"] == "parityhub run-phase P1"


def test_it_lapses_when_another_attempt_counts(repository: Repository) -> None:
    given = ("P1/run:a", "P1/check:close", name_blocker(repository))
    assert decide(repository, *(w for name in given for w in ("--evidence", name))).code == 0
    (repository.root / "broken_a").unlink()
    assert repository.call("run-phase", "P1", "-q").code == 0
    summary = read_summary(repository)
    (line,) = [line for line in summary.splitlines() if line.startswith("**Lapsed**")]
    assert "P1/run:a is passed now, it was failed" in line
    assert "P1/check:close is PASS now, it was INCONCLUSIVE" in line
    assert "is passed now, it was open" in line
    # Side a fails again: what was decided on other evidence is not decided anew.
    (repository.root / "broken_a").write_text(FAILS)
    assert repository.call("run-phase", "P1", "-q").code == 1
    row = repository.call("status", "--json").document()["phases"][0]
    assert (row["state"], row["accepted"]) == ("one-sided", None)
    assert audit(repository).code == 0


def test_it_lapses_when_a_file_has_other_bytes(repository: Repository) -> None:
    log = "p1/a/cli/run_P1_a_1.log"
    assert decide(repository, "--evidence", log).code == 0
    file = repository.hub() / log
    file.write_bytes(file.read_bytes() + b"!")
    assert repository.call("report").code == 0
    assert f"**Lapsed**: {log} has other bytes now." in read_summary(repository)
    file.unlink()
    assert repository.call("report").code == 0
    assert f"**Lapsed**: {log}: is gone." in read_summary(repository)


def test_it_lapses_when_its_policy_no_longer_allows_it(repository: Repository) -> None:
    assert decide(repository, "--evidence", "P1/run:a").code == 0
    plan = repository.root / "plans/journal/plan.toml"
    text = plan.read_text().replace('on_exhausted = "POLICY-001"\n', "")
    plan.write_text(text.replace('allows = ["one-sided"]', "allows = []"))
    assert repository.call("report").code == 0
    assert "**Lapsed**: POLICY-001 no longer allows one-sided." in read_summary(repository)


def test_a_decision_made_again_stands_in_place_of_the_one_before(repository: Repository) -> None:
    assert decide(repository, "--evidence", "P1/run:a").code == 0
    assert decide(repository, "--evidence", "P1/run:b", text="Once more.").code == 0
    summary = read_summary(repository)
    assert "> Once more." in summary
    assert REASON not in summary
    assert (repository.hub() / "decisions/ALONE_1.md").is_file()


def test_a_false_reason_is_refused_with_what_is_true(repository: Repository) -> None:
    told = decide(repository, "--evidence", "P1/run:a", text="P1: PASS, so b goes on alone.")
    assert told.code == 1
    assert "the verdict of P1: INCONCLUSIVE in run 1" in told.out
    assert not (repository.hub() / "decisions").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--evidence", "P1/run:a", "--policy", "NONE-1"), "no policy NONE-1 in the plan"),
        (("--evidence", "P1/run:a", "--policy", "CONFIG-001"), "does not allow one-sided"),
        (("--evidence", "P1/run:a", "--lets", "red-gate"), "does not allow red-gate"),
        (("--evidence", "P1/run:a", "--phase", "P9"), "no phase P9"),
        (("--evidence", "P1/run:c"), "has no such evidence"),
        (("--evidence", "P1/check:none"), "has no such evidence"),
        (("--evidence", "P1/gate"), "has no such evidence"),
        (("--evidence", "P1/artifact:a/output.npy"), "has no such evidence"),
        (("--evidence", "P2/run:b"), "P2 has not run in this hub"),
        (("--evidence", "summary.md"), "a view, which is rendered anew"),
        (("--evidence", "manifest.json"), "no file of the hub"),
        (("--evidence", "../../x"), "no file of the hub"),
        ((), "no evidence"),
        (("--evidence", "P1/run:a", "--until", "2026-13-01"), "'2026-13-01' is no day"),
        (("--evidence", "P1/run:a", "--until", "20301231"), "'20301231' is no day"),
        (("--evidence", "P1/run:a", "--until", "2020-01-01"), "2020-01-01 is over"),
    ],
)
def test_what_does_not_fit_is_a_line_and_a_hint(
    repository: Repository, words: tuple[str, ...], says: str
) -> None:
    told = decide(repository, *words)
    assert told.code == 2, told.out
    first, second = told.err.splitlines()
    assert says in first
    assert second.startswith("hint: ")
    assert not (repository.hub() / "decisions").exists()


@pytest.mark.parametrize("name", ["../x", "a/b", "", "-", "a b"])
def test_an_id_that_is_no_plain_id_is_refused(repository: Repository, name: str) -> None:
    told = repository.call(
        *("decide", "--policy", "POLICY-001", "--phase", "P1", "--text", "t"),
        *("--evidence", "P1/run:a", "--", name),
    )
    assert told.code == 2
    assert "is no plain id" in told.err

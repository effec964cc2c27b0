"""note as its users call it: a turn is kept if the evidence does not say otherwise."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Repository, Told, copy_plan

LOG = "fit/b/cli/fit_FIT_b_1.log"
TRUE = f"FIT passes, 4 of 4 checks pass; var_zero_mean of b is 0.0326496 (`{LOG}:4`)."
OTHER_SHA1 = "1f8ac10f23c5b5bc1167bda84b833e5c057a77d2"


def git(root: Path, *words: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *identity, *words], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = copy_plan("tiny", tmp_path_factory.mktemp("noted") / "repo")
    (repository.root / ".gitignore").write_text("outputs/\nreports/\n")
    git(repository.root, "init", "-q")
    git(repository.root, "add", ".")
    git(repository.root, "commit", "-q", "-m", "first")
    assert repository.call("run-phase", "FIT", "-q").code == 0
    return repository


@pytest.fixture
def repository(made: Repository, tmp_path: Path) -> Repository:
    return Repository(shutil.copytree(made.root, tmp_path / "repo"))


def list_bytes(hub: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(hub)): path.read_bytes() for path in hub.rglob("*") if path.is_file()
    }


def audit(repository: Repository) -> Told:
    return repository.call("audit", "--json", env={"XDG_CACHE_HOME": str(repository.root / "c")})


def loosen(repository: Repository, rel: str) -> None:
    plan = repository.root / "plans/tiny/plan.toml"
    plan.write_text(plan.read_text().replace("rel = 2e-5", f"rel = {rel}"))


def test_a_true_turn_is_kept_and_shown(repository: Repository) -> None:
    told = repository.call("note", TRUE, "--phase", "FIT", "--title", "Both fitted", "--json")
    assert told.code == 0, told.out + told.err
    document = told.document()
    hub = repository.hub()
    text = (hub / "turns/turn_0001.md").read_text()
    assert text == f"### Phase FIT: Both fitted\n\n{TRUE}\n"
    record = json.loads((hub / "turns/turn_0001.json").read_text())
    assert document["accepted"]
    assert document["turn"] == record
    assert record["phase"] == "FIT"
    assert record["git_commit"] == git(repository.root, "rev-parse", "HEAD")
    assert record["confirmed"] >= 4
    assert not {"author", "user", "email"} & record.keys()
    summary = (hub / "summary.md").read_text()
    assert f"> ### Phase FIT: Both fitted\n>\n> {TRUE}\n" in summary
    roles = {
        a["path"]: a["role"] for a in json.loads((hub / "manifest.json").read_text())["artifacts"]
    }
    assert roles["turns/turn_0001.md"] == roles["turns/turn_0001.json"] == "evidence"
    audited = audit(repository)
    assert audited.code == 0, audited.out
    assert "turns/turn_0001.md" in audited.document()["reports"]


@pytest.mark.parametrize(
    ("text", "code", "true"),
    [
        ("The mean of the output is 0.51.", "PH401", "0.493125"),
        (f"The mean is 0.25 in `{LOG}:4`.", "PH401", "0.493125"),
        ("Phase FIT: FAIL", "PH602", "PASS"),
        ("In FIT 3 of 4 checks pass.", "PH401", "4 of 4"),
        ("The log is `fit/b/cli/fit_FIT_c_1.log`.", "PH201", "holds no"),
        (f"sha1 of `{LOG}`: {OTHER_SHA1}", "PH101", "sha1 of"),
    ],
)  # fmt: skip
def test_a_false_turn_is_refused_with_what_is_true(
    repository: Repository, text: str, code: str, true: str
) -> None:
    before = list_bytes(repository.hub())
    told = repository.call("note", text, "--phase", "FIT")
    assert told.code == 1, told.err
    assert code in told.out
    assert any(true in line for line in told.out.splitlines() if "true: " in line)
    assert "refused; nothing was written" in told.out
    assert list_bytes(repository.hub()) == before
    document = repository.call("note", text, "--phase", "FIT", "--json").document()
    assert document["accepted"] is False
    assert document["turn"] is None
    assert code in {finding["code"] for finding in document["findings"]}


def test_a_title_is_held_against_the_evidence_too(repository: Repository) -> None:
    told = repository.call(
        "note", "More to come.", "--phase", "FIT", "--title", "the verdict is FAIL"
    )
    assert told.code == 1
    assert "PH602" in told.out


def test_a_turn_stays_true_of_its_time_when_the_phase_fails_later(repository: Repository) -> None:
    assert repository.call("note", "FIT passes: 4 of 4 checks pass.").code == 0
    loosen(repository, "2e-12")
    assert repository.call("run-phase", "FIT", "-q", "--accept-plan-change").code == 1
    again = repository.call("note", "FIT passes: 4 of 4 checks pass.")
    assert again.code == 1
    assert "that was so in run 1" in again.out
    assert repository.call("note", "FIT is FAIL: 3 of 4 checks pass.").code == 0
    audited = audit(repository)
    assert audited.code == 0, audited.out
    summary = (repository.hub() / "summary.md").read_text()
    assert summary.index("FIT is FAIL: 3 of 4") < summary.index("FIT passes: 4 of 4")


def test_prose_that_was_changed_in_the_summary_is_found(repository: Repository) -> None:
    assert repository.call("note", "FIT passes: 4 of 4 checks pass.").code == 0
    summary = repository.hub() / "summary.md"
    text = summary.read_text()
    summary.write_text(text.replace("> FIT passes: 4 of 4", "> FIT passes: 5 of 5"))
    told = audit(repository)
    assert told.code == 1
    (found,) = [f for f in told.document()["findings"] if f["code"] == "PH801"]
    assert found["artifact"] == "turns/turn_0001.md:3"


def test_prose_that_was_changed_itself_is_found(repository: Repository) -> None:
    assert repository.call("note", "FIT passes: 4 of 4 checks pass.").code == 0
    prose = repository.hub() / "turns/turn_0001.md"
    prose.write_text(prose.read_text().replace("4 of 4", "3 of 4"))
    codes = {(f["code"], f["file"]) for f in audit(repository).document()["findings"]}
    assert {("PH203", "turns/turn_0001.md"), ("PH401", "turns/turn_0001.md")} <= codes


def test_touched_files_are_named_since_the_turn_before(repository: Repository) -> None:
    (repository.root / "side_a.py").write_text((repository.root / "side_a.py").read_text() + "#\n")
    (repository.root / "private.txt").write_text("x")
    assert repository.call("note", "One.").code == 0
    git(repository.root, "commit", "-q", "-a", "-m", "second")
    assert repository.call("note", "Two.").code == 0
    assert repository.call("note", "Three.").code == 0
    assert repository.call("run-phase", "FIT", "-q").code == 0
    hub = repository.hub()
    turns = [json.loads((hub / f"turns/turn_000{n}.json").read_text()) for n in (1, 2, 3)]
    assert [turn["touched"]["files"] for turn in turns] == [["side_a.py"], ["side_a.py"], []]
    summary = (hub / "summary.md").read_text()
    assert "Files touched since" in summary.split("### Checklist")[1]
    assert "private.txt" not in summary
    assert audit(repository).code == 0


def test_text_comes_from_a_file_or_standard_input(repository: Repository) -> None:
    (repository.root / "turn.md").write_text("- from a file\n")
    assert repository.call("note", "--file", "turn.md").code == 0
    done = subprocess.run(
        [sys.executable, "-m", "parityhub", "note", "-"],
        cwd=repository.root,
        input="- from \u00fc\n".encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    texts = [(repository.hub() / f"turns/turn_000{n}.md").read_text("utf-8") for n in (1, 2)]
    assert texts == ["### Turn\n\n- from a file\n", "### Turn\n\n- from ü\n"]
    (repository.root / "turn.md").write_bytes(b"\xff")
    assert "0xff is not UTF-8" in repository.call("note", "--file", "turn.md").err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "give the text as an argument"),
        (("a", "--file", "b"), "give the text as an argument"),
        (("--file", "none.md"), "none.md: No such file"),
        (("",), "no text"),
        (("a", "--phase", "NONE"), "no phase NONE"),
        (("a <b>",), "line 1: holds HTML"),
        (("a", "--hub", "nowhere"), "no hub here"),
    ],
)
def test_what_does_not_fit_is_a_line_and_a_hint(
    repository: Repository, words: tuple[str, ...], says: str
) -> None:
    told = repository.call("note", *words)
    assert told.code == 2
    first, second = told.err.splitlines()
    assert says in first
    assert second.startswith("hint: ")
    assert not (repository.hub() / "turns").exists()

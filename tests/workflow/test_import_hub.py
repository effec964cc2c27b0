"""A hub that was kept by hand is adopted: copied, listed, audited; never run, never a PASS."""

import hashlib
import os
import shutil
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots
from parityhub.errors import EvidenceError
from parityhub.hub.history import read_history
from parityhub.hub.import_records import ImportRecord
from parityhub.hub.records import Manifest
from parityhub.hub.store import Hub
from parityhub.workflow import import_hub
from parityhub.workflow.import_hub import Ground, import_folder, survey_folder
from tests.conftest import Repository

ROOT = Path(__file__).resolve().parents[2]
SEED_HUB = ROOT.parent / "shared/seed_hub"
FOREIGN = ROOT / "tests/audit/foreign"
NAMES = sorted(path.name.removesuffix(".lies.json") for path in FOREIGN.glob("*.lies.json"))
KEPT = {
    "summary.md": "# Where it stands\n\nPhase B3 passed: see `phase_b3/cli/train.log`.\n",
    "phase_b3/cli/train.log": "loss: 0.5\n",
    "phase_b3/analysis/stats.json": '{"mean": 1.5}\n',
    # Names that parityhub gives to its own records.
    "phase_b3/analysis/phase_B3_1.json": "not a record",
    "phase_b3/analysis/B3_torch_1/attempt.json": "{}",
    "phase_b3/red/blocked_x.json": "{}",
    "green/phase_c1_pytest.log": "2 passed in 0.10s\n",
    "manifest.json": "{}",
    "import.json": "{}",
}


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "repo").mkdir()
    return Repository(tmp_path / "repo")


@pytest.fixture
def kept(tmp_path):
    for name, text in KEPT.items():
        path = tmp_path / "kept" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "kept"


@pytest.fixture
def clock():
    return lambda: datetime(2026, 11, 24, 12, tzinfo=UTC)


def read_terminal(handle):
    """What is shown at a terminal until its program ends."""
    shown = b""
    while True:
        try:
            block = os.read(handle, 4096)
        except OSError:
            return shown
        if not block:
            return shown
        shown += block


def state(folder):
    """Each entry of a folder: bytes, mode and times of change."""
    return {
        path.relative_to(folder): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.lstat().st_ctime_ns,
            path.read_bytes() if path.is_file() and not path.is_symlink() else None,
        )
        for path in [folder, *folder.rglob("*")]
    }


def read_hub(root):
    manifest = msgspec.json.decode((root / "manifest.json").read_bytes(), type=Manifest)
    record = msgspec.json.decode((root / "import.json").read_bytes(), type=ImportRecord)
    return manifest, record


def tell(result):
    """The findings of an audit, by the paths that the folder itself has."""
    return sorted(
        (
            x.code,
            x.severity,
            *(t.replace("imported/", "") for t in (x.spot.file, x.found)),
            x.spot.line,
        )
        for x in result.findings
    )


def test_a_hub_is_made_and_nothing_is_changed(repository, kept):
    before = state(kept)
    told = repository.call("import", str(kept), "--yes", "--json")
    assert told.code == 0, told.err
    assert state(kept) == before
    document = told.document()
    assert document["imported"]
    manifest, record = read_hub(repository.hub())
    items = {item.path: item for item in manifest.artifacts}
    assert set(items) == {"import.json", *(f"imported/{name}" for name in KEPT)}
    for name, text in KEPT.items():
        item = items[f"imported/{name}"]
        assert (item.size, item.sha1) == (len(text), hashlib.sha1(text.encode()).hexdigest())
        assert item.sha256 == hashlib.sha256(text.encode()).hexdigest()
        assert item.role == "evidence"
    assert {file.source: file.kind for file in record.files}["phase_b3/cli/train.log"] == "log"
    assert str(kept.parent) not in (repository.hub() / "import.json").read_text()


def test_its_phases_are_pending_and_never_a_pass(repository, kept):
    assert repository.call("import", str(kept), "--yes").code == 0
    told = repository.call("status", "--json")
    assert told.code == 1
    imported = told.document()["imported"]
    assert imported.startswith(f"{kept.name}, a hub kept by hand, at 20")
    assert f"imported  {imported}" in repository.call("status").out.splitlines()
    rows = told.document()["phases"]
    assert [(row["id"], row["state"], row["verdict"]) for row in rows] == [
        ("B3", "pending", None),
        ("C1", "pending", None),
    ]
    assert rows[0]["reason"] == "not run here; imported: 5 files"
    assert repository.call("brief", "B3", "--json").document()["now"] == []
    run = repository.call("run-phase", "B3")
    assert run.code == 2
    assert run.err.startswith("parityhub: B3 has nothing to run: what is known of it was imported")
    assert repository.call("report").code == 0
    assert "PASS" not in (repository.hub() / "summary.md").read_text()
    assert repository.call("brief", "B3").code == 0
    assert repository.call("doctor").code == 0


def test_a_phase_that_is_given_something_to_run_runs_in_the_hub(repository, kept):
    assert repository.call("import", str(kept), "--yes").code == 0
    plan = repository.root / "plans/kept/plan.toml"
    gate = '[phase.gate]\nselectors = ["test_one.py"]\n'
    plan.write_text(plan.read_text() + gate)
    (repository.root / "test_one.py").write_text("def test_one():\n    assert True\n")
    told = repository.call("run-phase", "C1", "--json")
    assert told.code == 0, told.err
    rows = repository.call("status", "--json").document()["phases"]
    assert [row["state"] for row in rows] == ["pending", "done"]
    assert len(list(repository.root.glob("reports/*/kept/manifest.json"))) == 1


def test_without_a_terminal_it_only_shows(repository, kept):
    for words in ([], ["--json"]):
        told = repository.call("import", str(kept), *words)
        assert told.code == 2
        assert "nothing was imported" in told.err
        assert "--yes" in told.err
        assert "phase_b3" in told.out
    assert list(repository.root.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals of POSIX")
@pytest.mark.parametrize(("answer", "code", "made"), [("n", 1, 0), ("y", 0, 1)])
def test_at_a_terminal_it_asks(repository, kept, answer, code, made):
    import pty

    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "parityhub", "import", str(kept)]
    with subprocess.Popen(
        words, cwd=repository.root, stdin=theirs, stdout=theirs, stderr=theirs
    ) as asked:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        shown = read_terminal(ours)
    os.close(ours)
    assert asked.returncode == code, shown.decode()
    assert b"Import it so?" in shown
    assert len(list(repository.root.glob("reports/*/kept/manifest.json"))) == made


def test_a_plan_that_is_there_is_used_and_not_written_over(repository, kept):
    plan = repository.root / "plans/kept/plan.toml"
    plan.parent.mkdir(parents=True)
    text = (
        'format = 1\n[initiative]\nid = "OTHER"\ntitle = "t"\nhub = "other"\n'
        '[[phase]]\nid = "B3"\ntitle = "t"\nfolder = "b3"\n'
        '[phase.gate]\nselectors = ["test_x.py"]\n'
    )
    plan.write_text(text)
    told = repository.call("import", str(kept), "--yes", "--json")
    assert told.code == 0, told.err
    assert not told.document()["plan_written"]
    assert plan.read_text() == text
    assert repository.hub().name == "other"
    row = repository.call("status", "--json").document()["phases"][0]
    assert row["reason"].startswith("not run here; imported: ")
    assert row["next"] == "parityhub run-phase B3"


def test_links_are_named_and_none_is_in_the_hub(repository, kept):
    (kept / "away").symlink_to("/etc")
    (kept / "passwd").symlink_to("/etc/passwd")
    told = repository.call("import", str(kept), "--yes")
    assert told.code == 0
    assert "left out  passwd: a link, which is not followed" in told.out
    root = repository.hub()
    assert not any(path.is_symlink() for path in root.rglob("*"))
    assert {left.path for left in read_hub(root)[1].left_out} == {"away", "passwd"}


def test_an_imported_report_is_evidence_that_no_audit_mends(repository, tmp_path):
    folder = shutil.copytree(FOREIGN / "quarry", tmp_path / "quarry")
    assert repository.call("import", str(folder), "--yes").code == 0
    before = state(repository.hub())
    assert "mended" not in repository.call("audit", "--fix-citations").err
    assert state(repository.hub()) == before
    # Where it lies by itself, the same report has a line that is mended.
    assert "mended" in repository.call("audit", str(folder), "--fix-citations").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "no folder"),
        (["."], "lies in it"),
        (["empty"], "holds no plain file"),
        (["kept", "--name", "../x"], "no plain name"),
        (["kept", "--hub", "reports"], "makes a new hub"),
    ],
)
def test_what_cannot_be_imported_is_a_line_and_a_hint(repository, kept, words, said):
    (repository.root / "empty").mkdir()
    shutil.copytree(kept, repository.root / "kept")
    told = repository.call("import", *words, "--yes")
    assert told.code == 2
    assert said in told.err
    assert told.err.count("\n") == 2
    assert not (repository.root / "reports").exists()


def make_ground(tmp_path, clock):
    return Ground(
        root=tmp_path,
        reports=tmp_path / "reports",
        name=None,
        plan=None,
        clock=clock,
        tell=lambda _: None,
    )


def test_an_import_that_fails_leaves_no_hub(tmp_path, kept, clock):
    ground = make_ground(tmp_path / "repo", clock)
    survey = survey_folder(kept, ground)
    (kept / "summary.md").unlink()
    (kept / "summary.md").symlink_to("/etc/passwd")
    with pytest.raises(EvidenceError, match="no longer the plain file"):
        import_folder(survey, ground)
    assert list((tmp_path / "repo").rglob("manifest.json")) == []
    assert not (tmp_path / "repo/plans").exists()


def test_a_large_file_is_copied_in_blocks(tmp_path, kept, clock):
    data = bytes(range(256)) * (1 << 17)
    (kept / "weights.npy").write_bytes(data)
    ground = make_ground(tmp_path / "repo", clock)
    tracemalloc.start()
    adopted = import_folder(survey_folder(kept, ground), ground)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(data) // 4
    assert (adopted.hub.root / "imported/weights.npy").read_bytes() == data


def test_a_full_disk_is_said_before_anything_is_made(tmp_path, kept, clock, monkeypatch):
    monkeypatch.setattr(import_hub, "SPARE", 1 << 62)
    ground = make_ground(tmp_path / "repo", clock)
    with pytest.raises(import_hub.HubError, match="MiB free"):
        import_folder(survey_folder(kept, ground), ground)
    assert not (tmp_path / "repo").exists()


@pytest.mark.parametrize("name", NAMES)
def test_an_audit_finds_in_the_hub_what_it_finds_in_the_folder(tmp_path, clock, name):
    assert_same_findings(FOREIGN / name, tmp_path, clock)


@pytest.mark.skipif(not SEED_HUB.is_dir(), reason="no seed hub beside the repository")
def test_the_seed_hub_is_adopted(tmp_path, clock):
    adopted = assert_same_findings(SEED_HUB, tmp_path, clock)
    assert [(phase.id, phase.folders, phase.files) for phase in adopted.record.phases] == [
        ("B2", (), 1),
        ("B3", ("scaling_alignment/phase_b3",), 6),
        ("C1", ("tf_baseline/phase_c1",), 9),
        ("C1_GS1", ("scaling_alignment/phase_c1_gs1",), 1),
        ("C2", (), 1),
    ]
    repository = Repository(tmp_path)
    rows = repository.call("status", "--json").document()["phases"]
    assert {(row["state"], row["verdict"]) for row in rows} == {("pending", None)}
    audited = repository.call("audit", "--json")
    assert audited.code == 1
    assert audited.document()["verdict"] == "FAIL"


def assert_same_findings(folder, tmp_path, clock):
    copy = shutil.copytree(folder, tmp_path / folder.name)
    before = state(copy)
    ground = make_ground(tmp_path, clock)
    adopted = import_folder(survey_folder(copy, ground), ground)
    assert state(copy) == before
    root = adopted.hub.root
    assert tell(audit_hub(root, Roots(root))) == tell(audit_hub(copy, Roots(copy)))
    history = read_history(Hub.open(root, clock))
    assert history.imported == adopted.record
    assert history.phases == []
    return adopted

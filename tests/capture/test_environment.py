import json
import os
import subprocess
import sys

import pytest

from parityhub.capture import record_environment

FIELDS = {
    "pid",
    "ppid",
    "rank",
    "time_utc",
    "argv",
    "executable",
    "python",
    "cwd",
    "asked",
    "variables",
    "versions",
    "threads",
    "blas",
    "host",
    "options",
    "seed",
}


@pytest.fixture
def _plain(monkeypatch):
    for name in ("PARITYHUB_CAPTURE", "PARITYHUB_ASKED", "PARITYHUB_ROOT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_plain")
def test_writes_what_it_returns(tmp_path):
    record = record_environment({"epochs": 2, "out": tmp_path, "stitch": None}, 3, tmp_path)
    assert json.loads((tmp_path / f"env_{os.getpid()}.json").read_text()) == record
    assert set(record) == FIELDS
    assert (record["pid"], record["seed"]) == (os.getpid(), 3)
    assert record["options"] == {"epochs": 2, "out": f"<outside>/{tmp_path.name}", "stitch": None}


@pytest.mark.usefixtures("_plain")
def test_writes_where_the_variable_says(tmp_path, monkeypatch):
    monkeypatch.setenv("PARITYHUB_CAPTURE", str(tmp_path / "capture"))
    record_environment()
    assert [path.name for path in (tmp_path / "capture").iterdir()] == [f"env_{os.getpid()}.json"]


@pytest.mark.usefixtures("_plain")
def test_writes_nothing_where_nobody_says_where(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert record_environment()["options"] == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("_plain")
def test_asked_variables_come_back_as_they_are(monkeypatch):
    monkeypatch.setenv("PARITYHUB_ASKED", "XLA_FLAGS, MY_PATH,GONE,MY_TOKEN")
    monkeypatch.setenv("XLA_FLAGS", "--a=1 --b=/tmp/x")
    monkeypatch.setenv("MY_PATH", "/tmp/x")
    monkeypatch.setenv("MY_TOKEN", "hunter2")
    monkeypatch.delenv("GONE", raising=False)
    record = record_environment()
    assert record["asked"] == {
        "XLA_FLAGS": "--a=1 --b=/tmp/x",
        "MY_PATH": "/tmp/x",
        "GONE": None,
        "MY_TOKEN": "[redacted]",
    }
    assert record["variables"]["MY_PATH"] == "/tmp/x"


@pytest.mark.usefixtures("_plain")
def test_only_variables_that_matter_are_kept(monkeypatch):
    monkeypatch.setenv("TF_DETERMINISTIC_OPS", "1")
    monkeypatch.setenv("KERAS_API_KEY", "hunter2")
    monkeypatch.setenv("CUDA_HOME", "/opt/somewhere/cuda")
    monkeypatch.setenv("XLA_FLAGS", "--xla_a=1 --xla_dump_to=/home/someone/dump")
    monkeypatch.setenv("UNRELATED", "1")
    variables = record_environment()["variables"]
    assert variables["CUDA_HOME"] == "<outside>/cuda"
    assert variables["XLA_FLAGS"] == "--xla_a=1 --xla_dump_to=<outside>/dump"
    assert variables["TF_DETERMINISTIC_OPS"] == "1"
    assert variables["KERAS_API_KEY"] == "[redacted]"
    assert "UNRELATED" not in variables


@pytest.mark.usefixtures("_plain")
def test_paths_are_relative_to_the_root(tmp_path, monkeypatch):
    monkeypatch.setenv("PARITYHUB_ROOT", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "train.py"), "--data", "/elsewhere/d.npz"])
    monkeypatch.chdir(tmp_path)
    record = record_environment()
    assert record["argv"] == ["train.py", "--data", "<outside>/d.npz"]
    assert record["cwd"] == "."
    assert record["variables"]["PARITYHUB_ROOT"] == "."


def test_imports_no_framework():
    program = (
        "import sys, parityhub.capture as c; c.record_environment();"
        "print([m for m in ('tensorflow', 'keras', 'torch', 'h5py', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_importing_the_package_loads_nothing():
    program = "import sys, parityhub.capture; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")

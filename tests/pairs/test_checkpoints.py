"""Checkpoints that users have, through the commands that users type."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from parityhub.workflow.pair_checkpoint import digest_checkpoint
from tests.conftest import Repository
from tests.pairs.test_commands import lay_out, run_phase

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = lay_out("checkpoint", tmp_path_factory.mktemp("checkpoint") / "repo")
    (repository.root / "models").mkdir()
    for words in (
        ("keras_model.py", "models/net"),
        ("torch_model.py", "models/net.pt"),
        ("torch_model.py", "models/net.onnx"),
        ("torch_model.py", "models/stale.onnx", "0.001"),
    ):
        subprocess.run(
            [sys.executable, *words],
            cwd=repository.root,
            env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE", "TF_CPP_MIN_LOG_LEVEL": "3"},
            check=True,
            capture_output=True,
        )
    return repository


def read_origin(hub: Path, check: str) -> dict[str, str]:
    [file] = hub.rglob(f"compare_PORT_{check}_*.json")
    return json.loads(file.read_text(encoding="utf-8"))["origin"]


def test_each_checkpoint_gives_both_sides_their_weights(repository: Repository):
    code, document = run_phase(repository, "PORT")
    assert (code, document["verdict"]) == (0, "PASS"), document["reason"]
    for check in document["checks"]:
        assert "PASS by rounding alone" in check["reason"]
    hub, models = repository.hub(), repository.root / "models"
    digest = hashlib.sha256((models / "net.pt").read_bytes()).hexdigest()
    assert read_origin(hub, "torch") == {
        "kind": "checkpoint",
        "side": "pytorch",
        "source": "models/net.pt",
        "format": "state dict",
        "prefix": "",
        "sha256": digest,
    }
    saved = read_origin(hub, "saved")
    assert (saved["source"], saved["format"]) == ("models/net", "SavedModel")
    assert saved["sha256"] == digest_checkpoint(models / "net")
    assert read_origin(hub, "whole")["kind"] == "initial"
    summary = (hub / "summary.md").read_text(encoding="utf-8")
    assert "`models/net.pt`, state dict, of PyTorch; its digest" in summary
    audited = repository.call("audit", "--json")
    assert audited.code == 0, audited.out


def test_a_network_in_onnx_is_held_against_both_sides(repository: Repository):
    code, document = run_phase(repository, "THIRD")
    assert (code, document["verdict"]) == (0, "PASS"), document["reason"]
    hub = repository.hub()
    [file] = hub.rglob("compare_THIRD_third_*.json")
    onnx = json.loads(file.read_text(encoding="utf-8"))["onnx"]
    names = [output["name"] for output in onnx["outputs"]]
    assert names == ["output: TensorFlow and ONNX", "output: PyTorch and ONNX"]
    for output in onnx["outputs"]:
        assert output["verdict"] == "PASS"
        assert output["tolerance_kind"] == "derived"
        assert 0 < output["max_abs"] < output["tolerance"]
    model = repository.root / "models" / "net.onnx"
    assert onnx["sha256"] == hashlib.sha256(model.read_bytes()).hexdigest()
    assert set(onnx["versions"]) == {"onnx", "onnxruntime", "numpy"}
    assert onnx["weights_found"] >= 2
    assert "head.bias" not in onnx["weights_lost"]
    summary = (hub / "summary.md").read_text(encoding="utf-8")
    assert "ONNX as a third side: `models/net.onnx`" in summary
    assert "| PASS `output: PyTorch and ONNX` |" in summary
    assert len(list(hub.rglob("onnx/*.npy"))) == 1
    [log] = hub.rglob("env_capture_pair_THIRD_third_1_onnx.json")
    assert json.loads(log.read_text(encoding="utf-8"))["level"] == "self-reported"


def test_a_network_in_onnx_with_other_weights_fails_with_numbers(repository: Repository):
    code, document = run_phase(repository, "STALE")
    assert (code, document["verdict"]) == (1, "FAIL")
    assert (
        "output: PyTorch and ONNX: max |difference| 0.001 is beyond the derived"
        in (document["reason"])
    )
    assert "weights of the pair stand in models/stale.onnx (not " in document["reason"]
    [file] = repository.hub().rglob("compare_STALE_third_*.json")
    onnx = json.loads(file.read_text(encoding="utf-8"))["onnx"]
    # The exporter folds the norm into the convolution; the head it leaves as it is.
    assert "head.bias" in onnx["weights_lost"]
    assert "head.weight" not in onnx["weights_lost"]
    audited = repository.call("audit", "--json")
    assert audited.code == 0, audited.out


WITHOUT_HEAD = """
import torch
states = torch.load("models/net.pt", weights_only=True)
torch.save({k: v for k, v in states.items() if k != "head.bias"}, "models/net.pt")
"""


def test_a_checkpoint_that_does_not_fit_is_no_pass_and_says_why(repository: Repository):
    subprocess.run([sys.executable, "-c", WITHOUT_HEAD], cwd=repository.root, check=True)
    told = repository.call("compare", "PORT", "--check", "torch", "--json", "-q")
    assert told.code == 1
    assert "Traceback" not in told.err
    document = told.document()
    assert document["verdict"] == "INCONCLUSIVE"
    assert "net.pt does not hold the weights of the PyTorch model; missing: head.bias" in told.out

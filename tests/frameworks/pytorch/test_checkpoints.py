"""Checkpoints as PyTorch, safetensors and Lightning themselves write them."""

import argparse
import os
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file, save_model
from torch import nn

from parityhub.errors import EvidenceError
from parityhub.frameworks.pytorch.checkpoints import restore_checkpoint

LIGHTNING = """
import sys, warnings
warnings.simplefilter("ignore")
import torch
from torch import nn
import lightning as L

class Task(L.LightningModule):
    def __init__(self, width=3, note=None):
        super().__init__()
        self.save_hyperparameters()
        self.model = nn.Sequential(nn.Linear(2, width), nn.BatchNorm1d(width))
    def training_step(self, batch, index):
        return self.model(batch).square().mean()
    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)

class Note:
    pass

torch.manual_seed(4)
task = Task(note=Note() if sys.argv[2] == "note" else None)
trainer = L.Trainer(
    max_epochs=1, accelerator="cpu", logger=False, enable_checkpointing=False,
    enable_progress_bar=False, enable_model_summary=False,
)
trainer.fit(task, torch.utils.data.DataLoader(torch.randn(8, 2), 4))
trainer.save_checkpoint(sys.argv[1])
torch.save(task.model.state_dict(), sys.argv[1] + ".pt")
"""


class Tied(nn.Module):
    """One matrix as embedding and as head."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(5, 3)
        self.head = nn.Linear(3, 5, bias=False)
        self.head.weight = self.embedding.weight


def make_net(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    net = nn.Sequential(OrderedDict(body=nn.Linear(2, 3), norm=nn.BatchNorm1d(3)))
    for tensor in (*net.parameters(), net.norm.running_mean, net.norm.running_var):
        nn.init.uniform_(tensor, 0.5, 1.5)
    return net


def assert_same(one: nn.Module, other: nn.Module) -> None:
    theirs = other.state_dict()
    for name, tensor in one.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            assert torch.equal(tensor, theirs[name]), name


def write_lightning(path: Path, note: str = "") -> Path:
    script = path.with_name("train.py")
    script.write_text(LIGHTNING)
    subprocess.run(
        [sys.executable, script, path, note],
        env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE"},
        check=True,
        capture_output=True,
    )
    return path


@pytest.mark.parametrize(
    ("name", "wrap", "prefix"),
    [
        ("net.pt", lambda states: states, ""),
        ("net.pth", lambda states: {"epoch": 3, "model_state_dict": states}, ""),
        ("net.pt", lambda states: {"state_dict": states, "optimizer": {"state": {}}}, ""),
        ("ddp.pt", lambda states: {f"module.{k}": v for k, v in states.items()}, "module."),
        ("jit.pt", lambda states: {f"_orig_mod.{k}": v for k, v in states.items()}, "_orig_mod."),
        ("part.pt", lambda states: {f"net.inner.{k}": v for k, v in states.items()}, "net.inner."),
    ],
)  # fmt: skip
def test_a_state_dict_is_taken_over(tmp_path: Path, name: str, wrap: Any, prefix: str) -> None:
    saved, model = make_net(1), make_net(2)
    torch.save(wrap(saved.state_dict()), tmp_path / name)
    told = restore_checkpoint(model, tmp_path / name)
    assert told == {"weights": 6, "format": "state dict", "prefix": prefix}
    assert_same(model, saved)


def test_safetensors_are_taken_over_whichever_way_tied_weights_are_kept(tmp_path: Path) -> None:
    saved, model = make_net(1), make_net(2)
    save_file(saved.state_dict(), tmp_path / "net.safetensors")
    assert restore_checkpoint(model, tmp_path / "net.safetensors")["format"] == "safetensors"
    assert_same(model, saved)
    tied, again = Tied(), Tied()
    save_model(tied, str(tmp_path / "tied.safetensors"))
    assert restore_checkpoint(again, tmp_path / "tied.safetensors")["weights"] == 2
    assert_same(again, tied)


def test_wider_and_narrower_numbers_are_taken_in_the_models_dtype(tmp_path: Path) -> None:
    saved = make_net(1)
    torch.save({k: v.bfloat16() for k, v in saved.state_dict().items()}, tmp_path / "half.pt")
    model = make_net(2)
    restore_checkpoint(model, tmp_path / "half.pt")
    assert model.body.weight.dtype == torch.float32
    assert torch.equal(model.body.weight, saved.body.weight.bfloat16().float())


@pytest.mark.slow
def test_a_lightning_checkpoint_gives_the_network_within(tmp_path: Path) -> None:
    path = write_lightning(tmp_path / "last.ckpt")
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    told = restore_checkpoint(model, path)
    assert told == {"weights": 6, "format": "Lightning checkpoint", "prefix": "model."}
    expected = torch.load(f"{path}.pt", weights_only=True)
    assert torch.equal(model[0].weight, expected["0.weight"])
    assert torch.equal(model[1].running_var, expected["1.running_var"])


@pytest.mark.slow
def test_hyper_parameters_that_are_objects_are_refused_with_the_way_out(tmp_path: Path) -> None:
    path = write_lightning(tmp_path / "last.ckpt", "note")
    with pytest.raises(EvidenceError) as caught:
        restore_checkpoint(make_net(), path)
    assert "needs unrestricted unpickling" in caught.value.message
    assert "__main__.Note" in caught.value.message
    assert caught.value.hint.startswith("if you trust it, type in the program that defines Note: ")


def test_what_needs_unpickling_is_refused_and_what_the_hint_says_helps(tmp_path: Path) -> None:
    saved, model = make_net(1), make_net(2)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    torch.save(
        {"state_dict": saved.state_dict(), "hp": argparse.Namespace(a=1)}, tmp_path / "a.ckpt"
    )
    with pytest.raises(EvidenceError) as caught:
        restore_checkpoint(model, tmp_path / "a.ckpt")
    assert caught.value.message == (
        "a.ckpt needs unrestricted unpickling, which may run any code: refused; "
        "it holds argparse.Namespace"
    )
    assert "\n" not in caught.value.hint
    assert all(torch.equal(model.state_dict()[name], tensor) for name, tensor in before.items())
    code = caught.value.hint.partition('python -c "')[2].partition('"')[0]
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=tmp_path, check=True)
    restore_checkpoint(model, tmp_path / "a_state_dict.pt")
    assert_same(model, saved)


def test_a_whole_module_is_refused_and_what_the_hint_says_helps(tmp_path: Path) -> None:
    saved = make_net(1)
    torch.save(saved, tmp_path / "net.pt")
    with pytest.raises(EvidenceError, match="needs unrestricted unpickling") as caught:
        restore_checkpoint(make_net(2), tmp_path / "net.pt")
    code = caught.value.hint.partition('python -c "')[2].partition('"')[0]
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=tmp_path, check=True)
    model = make_net(2)
    restore_checkpoint(model, tmp_path / "net_state_dict.pt")
    assert_same(model, saved)


class Payload:
    def __reduce__(self) -> Any:
        return Path.touch, (Path(os.environ["PAYLOAD"]),)


def test_nothing_in_a_file_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYLOAD", str(tmp_path / "ran"))
    torch.save({"state_dict": make_net().state_dict(), "x": Payload()}, tmp_path / "evil.pt")
    with pytest.raises(EvidenceError, match="refused"):
        restore_checkpoint(make_net(), tmp_path / "evil.pt")
    assert not (tmp_path / "ran").exists()


def change(states: dict[str, Any], **changes: Any) -> dict[str, Any]:
    changed = {name.replace("__", "."): tensor for name, tensor in changes.items()}
    return {k: v for k, v in {**states, **changed}.items() if v is not None}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"body__bias": None}, "missing: body.bias"),
        ({"extra__bias": torch.ones(3)}, "unexpected: extra.bias"),
        ({"body__weight": torch.ones(3, 4)}, r"another shape: body.weight \(3, 4\) for \(3, 2\)"),
        ({"body__bias": torch.ones(3) * 1j}, "complex on one side alone: body.bias"),
        (
            {"norm__bias": None, "norm__shift": torch.ones(3)},
            "missing: norm.bias; unexpected: norm.shift",
        ),
    ],
)  # fmt: skip
def test_other_weights_are_refused_by_name_and_nothing_is_taken(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    torch.save(change(make_net(1).state_dict(), **changes), tmp_path / "net.pt")
    model = make_net(2)
    with pytest.raises(EvidenceError, match=told):
        restore_checkpoint(model, tmp_path / "net.pt")
    assert_same(model, make_net(2))


def test_many_names_are_counted(tmp_path: Path) -> None:
    torch.save({"a": torch.ones(1)}, tmp_path / "net.pt")
    model = nn.Sequential(*(nn.Linear(1, 1) for _ in range(5)))
    with pytest.raises(EvidenceError, match=r"0\.weight, .* and 4 more; unexpected: a"):
        restore_checkpoint(model, tmp_path / "net.pt")


def write_junk(path: Path) -> None:
    path.write_bytes(b"junk")


@pytest.mark.parametrize(
    ("name", "write", "told"),
    [
        ("a.pt", None, "there is no such file"),
        ("a.pt", write_junk, "a.pt cannot be read"),
        ("a.safetensors", write_junk, "a.safetensors is no safetensors file"),
        ("a.pt", lambda path: torch.save([torch.ones(1)], path), "holds no state dict, but a list"),
        ("a.pt", lambda path: torch.save({"epoch": 1}, path), "no state dict, but the keys epoch"),
        (
            "a.pt",
            lambda path: torch.save({k: {"w": torch.ones(1)} for k in ("model", "module")}, path),
            "several state dicts: model, module",
        ),
        (
            "a.pt",
            lambda path: torch.jit.trace(nn.Linear(2, 2), torch.ones(1, 2)).save(path),
            "is a TorchScript program",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning", "ignore:.*:FutureWarning")
def test_what_is_no_state_dict_is_refused(tmp_path: Path, name: str, write: Any, told: str) -> None:
    if write is not None:
        write(tmp_path / name)
    with pytest.raises(EvidenceError, match=told) as caught:
        restore_checkpoint(make_net(), tmp_path / name)
    assert caught.value.hint
    assert "\n" not in caught.value.message + caught.value.hint

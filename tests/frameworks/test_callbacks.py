"""The callbacks in real trainings of Keras and Lightning."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.slow

KERAS = """
import sys
import keras
import numpy as np
from parityhub.frameworks.keras_callback import CaptureCallback

x = np.random.default_rng(0).normal(size=(16, 6, 5, 3)).astype("float32")
inputs = keras.Input((6, 5, 3))
outputs = {"image": keras.layers.Conv2D(2, 3, padding="same")(inputs)}
model = keras.Model(inputs, outputs)
model.compile("sgd", {"image": "mse"})
limit = int(sys.argv[2])
capture = CaptureCallback(
    sys.argv[1], limit=limit, patches=lambda model: model(x[:4])["image"], output="image",
    options={"width": 2}, seed=7,
)
model.fit(x, {"image": x[..., :2]}, batch_size=4, epochs=2, verbose=0, callbacks=[capture])
given = model.predict(x, batch_size=8, verbose=0, callbacks=[capture])
np.save(sys.argv[1] + "/given.npy", given["image"])
"""

LIGHTNING = """
import sys, warnings
warnings.simplefilter("ignore")
import torch
if sys.argv[3] == "older":
    import pytorch_lightning as L
else:
    import lightning.pytorch as L
from parityhub.frameworks.lightning_callback import CaptureCallback

torch.manual_seed(0)
x = torch.randn(16, 3, 6, 5)

class Task(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = torch.nn.Sequential(torch.nn.Conv2d(3, 2, 3, padding=1), torch.nn.Dropout(0.5))
    def training_step(self, batch, index):
        assert self.training and torch.is_grad_enabled()
        loss = (self.net(batch) - batch[:, :2]).square().mean()
        self.log("train_loss", loss, on_epoch=True, on_step=False)
        return loss
    def predict_step(self, batch, index):
        return {"image": self.net(batch)}
    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)

limit = int(sys.argv[2])
capture = CaptureCallback(
    sys.argv[1], limit=limit, patches=lambda task: task.net(x[:4]), output="image",
    options={"width": 2}, seed=7,
)
trainer = L.Trainer(
    max_epochs=2, accelerator="cpu", logger=False, enable_checkpointing=False,
    enable_progress_bar=False, enable_model_summary=False, callbacks=[capture],
)
task = Task()
trainer.fit(task, torch.utils.data.DataLoader(x, 4))
given = trainer.predict(task, torch.utils.data.DataLoader(x, 8))
import numpy as np
np.save(sys.argv[1] + "/given.npy", torch.cat([each["image"] for each in given]).numpy())
"""


def run(folder: Path, script: str, *words: str) -> None:
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", script, folder, *words],
        env=os.environ
        | {
            "OMP_WAIT_POLICY": "PASSIVE",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PARITYHUB_CAPTURE": str(folder / "capture"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def check_left(folder: Path, *, channels: bool, framework: str) -> None:
    epochs = read(folder / "history.json")["epochs"]
    assert [epoch["epoch"] for epoch in epochs] == [0, 1]
    assert epochs[0]["loss"] > epochs[1]["loss"] > 0
    train, given = (read(folder / f"patch_stats_{n}.json") for n in ("train", "inference"))
    assert [entry["batch_index"] for entry in train] == [0, 1]
    assert {entry["count"] for entry in train} == {4 * 2 * 6 * 5}
    assert train[0]["mean"] != train[1]["mean"]
    assert [(entry["batch_index"], entry["batch_size"]) for entry in given] == [(0, 8), (1, 8)]
    outputs = np.load(folder / "given.npy")
    patches = np.moveaxis(outputs, -1, 1) if channels else outputs
    assert given[0]["mean"] == pytest.approx(float(patches[:8].mean()), rel=1e-5)
    # Each channel is a patch of its own, by height and width.
    first = patches.reshape(-1, 6, 5)[1].astype(float)
    assert given[0]["per_patch"][1]["max"] == pytest.approx(float(first.max()), rel=1e-6)
    [environment] = (folder / "capture").glob("env_*.json")
    record = read(environment)
    assert (record["options"], record["seed"]) == ({"width": 2}, 7)
    assert framework in record["versions"]


def test_a_training_of_keras_leaves_evidence(tmp_path: Path):
    run(tmp_path / "out", KERAS, "2")
    check_left(tmp_path / "out", channels=True, framework="keras")


@pytest.mark.parametrize("name", ["newer", "older"])
def test_a_training_of_lightning_leaves_evidence(tmp_path: Path, name: str):
    run(tmp_path / "out", LIGHTNING, "2", name)
    check_left(tmp_path / "out", channels=False, framework="torch")


@pytest.mark.parametrize(("script", "words"), [(KERAS, ()), (LIGHTNING, ("newer",))])
def test_with_a_limit_of_none_no_statistics_are_taken(
    tmp_path: Path, script: str, words: tuple[str, ...]
):
    run(tmp_path / "out", script, "0", *words)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"history.json", "given.npy", "capture"}


def test_nobody_pays_for_callbacks_who_does_not_want_them():
    code = "import sys, parityhub.capture as c; c.PatchStats, c.DebugDump, c.record_environment; "
    code += "print(sorted({'keras', 'tensorflow', 'torch', 'lightning'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

"""A callback of Lightning that leaves evidence of a training; imported only by who wants it."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from parityhub.capture import PatchStats, record_environment
from parityhub.capture.files import write_json

if TYPE_CHECKING or "pytorch_lightning" not in sys.modules or "lightning" in sys.modules:
    from lightning.pytorch.callbacks import Callback
else:  # the program imported Lightning by its older name: the two have callbacks of their own
    from pytorch_lightning.callbacks import Callback


class CaptureCallback(Callback):
    """Records the environment, the history, and statistics of what the module gives.

    Leaves `env_<pid>.json` where `PARITYHUB_CAPTURE` says, and in the directory `history.json`
    (`epochs`: a list of each epoch's numbers as they were logged, `train_loss` as `loss` where no
    `loss` was), `patch_stats_train.json` and `patch_stats_inference.json` (of `predict`), as
    parityhub.capture has them. Each rank writes statistics of its own; the history is the first's.

    Args:
        directory: where the files go.
        limit: batches of which statistics are recorded, in training and in inference; 0: of none.
        patches: called with the module after each of the first `limit` batches of training, without
            gradients; returns what statistics are taken of. None: of training none are.
        output: key or place of what `predict_step` returns, where it returns several.
        options: the program's options, kept with the environment.
        seed: the seed it used.
    """

    def __init__(
        self,
        directory: str | Path,
        *,
        limit: int = 2,
        patches: Callable[[Any], object] | None = None,
        output: str | int | None = None,
        options: Mapping[str, Any] | None = None,
        seed: int | None = None,
    ) -> None:
        super().__init__()
        self._directory = Path(directory)
        self._patches, self._output = patches, output
        self._options, self._seed = options, seed
        self._train = PatchStats(directory, limit=limit if patches else 0, phase="train")
        self._inference = PatchStats(directory, limit=limit, phase="inference")
        self._left = {"train": limit if patches else 0, "inference": limit}
        self._epochs: list[dict[str, Any]] = []

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Record the environment, now that devices and processes are set up."""
        record_environment(self._options, self._seed)

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Record statistics of what the module gives now."""
        if self._left["train"] and self._patches is not None:
            self._left["train"] -= 1
            training = pl_module.training
            pl_module.eval()
            try:
                with torch.no_grad():
                    self._train.record(batch_idx, self._patches(pl_module))
            finally:
                pl_module.train(training)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Add an epoch to the history."""
        if not trainer.is_global_zero:
            return
        numbers = {name: float(value) for name, value in trainer.callback_metrics.items()}
        if "train_loss" in numbers:
            numbers.setdefault("loss", numbers["train_loss"])
        self._epochs.append({"epoch": trainer.current_epoch, **numbers})
        write_json(self._directory / "history.json", {"epochs": self._epochs})

    def on_predict_batch_end(
        self,
        trainer: Any,
        pl_module: Any,
        outputs: Any,
        batch: Any,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Record statistics of what `predict_step` returned."""
        if self._left["inference"]:
            self._left["inference"] -= 1
            shown = outputs if self._output is None else outputs[self._output]
            self._inference.record(batch_idx, shown)

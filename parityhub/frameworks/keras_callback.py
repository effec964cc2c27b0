"""A callback of Keras that leaves evidence of a training; imported only by who wants it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from parityhub.capture import PatchStats, record_environment
from parityhub.capture.arrays import read_array
from parityhub.capture.files import write_json


class CaptureCallback(keras.callbacks.Callback):
    """Records the environment, the history, and statistics of what the model gives.

    Leaves `env_<pid>.json` where `PARITYHUB_CAPTURE` says, and in the directory `history.json`
    (`epochs`: a list of each epoch's numbers), `patch_stats_train.json` and
    `patch_stats_inference.json` (of `predict`), as parityhub.capture has them.

    Args:
        directory: where the files go.
        limit: batches of which statistics are recorded, in training and in inference; 0: of none.
        patches: called with the model after each of the first `limit` batches of training; returns
            what statistics are taken of. None: of training none are.
        output: key or place of what `predict` gives, where the model has several outputs.
        channels_last: an array of four axes is (n, height, width, channels).
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
        channels_last: bool = True,
        options: Mapping[str, Any] | None = None,
        seed: int | None = None,
    ) -> None:
        super().__init__()
        self._directory = Path(directory)
        self._patches, self._output, self._channels_last = patches, output, channels_last
        self._options, self._seed = options, seed
        self._train = PatchStats(directory, limit=limit if patches else 0, phase="train")
        self._inference = PatchStats(directory, limit=limit, phase="inference")
        self._left = {"train": limit if patches else 0, "inference": limit}
        self._epochs: list[dict[str, Any]] = []

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Record the environment, now that the model is built and compiled."""
        record_environment(self._options, self._seed)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record statistics of what the model gives now."""
        if self._left["train"] and self._patches is not None:
            self._left["train"] -= 1
            self._train.record(batch, self._turn(self._patches(self.model)))

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Add an epoch to the history."""
        numbers = {name: float(value) for name, value in (logs or {}).items()}
        self._epochs.append({"epoch": epoch, **numbers})
        write_json(self._directory / "history.json", {"epochs": self._epochs})

    def on_predict_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record statistics of what `predict` gives."""
        if self._left["inference"] and logs:
            self._left["inference"] -= 1
            # Keras passes a dictionary of outputs on as if it were the logs themselves.
            outputs = logs.get("outputs", logs)
            shown = outputs if self._output is None else outputs[self._output]
            self._inference.record(batch, self._turn(shown))

    def _turn(self, x: object) -> object:
        array = read_array(x)
        return np.moveaxis(array, -1, 1) if self._channels_last and array.ndim == 4 else array

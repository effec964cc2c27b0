"""A `.keras` file as the target of a pair: it holds the model and its weights."""

import json
import zipfile
from pathlib import Path
from typing import Any

import keras

from parityhub.errors import EvidenceError
from parityhub.frameworks.target import describe_failure

CONFIG = "config.json"
PLAIN = "float32"
"""the dtype policy that is replaced by the one asked for; any other is meant as it is"""


def load_whole_model(path: Path, dtype: str) -> Any:
    """Build the model that a `.keras` file holds, in a dtype, with the weights in the file.

    Keras's safe mode is on: nothing that the file brings is executed, a Lambda layer is refused.

    Raises:
        EvidenceError: it is missing or damaged, needs code that it brings or a class that is not
            registered, or its weights do not fit it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read(CONFIG))
        config.pop("compile_config", None)
        model = keras.saving.deserialize_keras_object(set_dtype(config, dtype), safe_mode=True)
        model.load_weights(path)
    except (OSError, KeyError, zipfile.BadZipFile, RecursionError) as error:
        raise EvidenceError(
            f"{path.name} is no .keras file: {describe_failure(error)}",
            hint="write it with model.save(FILE.keras)",
        ) from error
    except Exception as error:
        raise EvidenceError(
            f"{path.name} cannot be loaded in safe mode: {describe_failure(error)[:300]}",
            hint="name a function that builds the model as `target` and the file as `checkpoint`",
        ) from error
    return model


def set_dtype(config: Any, dtype: str) -> Any:
    """Return a model's configuration with every float32 in it, policy or input, of a dtype."""
    if isinstance(config, list):
        return [set_dtype(item, dtype) for item in config]
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "DTypePolicy" and config.get("config") == {"name": PLAIN}:
        return {**config, "config": {"name": dtype}}
    return {
        key: dtype if key == "dtype" and item == PLAIN else set_dtype(item, dtype)
        for key, item in config.items()
    }

"""A SavedModel's variables, read without loading the program that it holds."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import trackable_object_graph_pb2

from parityhub.errors import EvidenceError
from parityhub.frameworks.tensorflow.arrays import Array

GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"
SUFFIX = "/.ATTRIBUTES/VARIABLE_VALUE"
OPTIMIZER = "optimizer/"
SEED = "seed_generator_state"
"""what stands in the name of a seed generator's state"""


class Variable(NamedTuple):
    """A variable of a SavedModel."""

    names: tuple[str, ...]
    """that it had, `stem/kernel`, and the attributes that lead to it, `blocks/0`"""
    value: Array


def read_variables(folder: Path) -> list[Variable]:
    """Return the variables of a SavedModel; optimizers and seeds are left out.

    Nothing of its program is run.

    Raises:
        EvidenceError: it is no SavedModel, or damaged.
    """
    if not (folder / "saved_model.pb").is_file():
        raise EvidenceError(
            f"{folder.name} is no SavedModel: it has no saved_model.pb",
            hint="write it with model.export(FOLDER) or tf.saved_model.save(model, FOLDER)",
        )
    try:
        reader = tf.train.load_checkpoint(str(folder / "variables" / "variables"))
        graph = trackable_object_graph_pb2.TrackableObjectGraph()
        graph.ParseFromString(reader.get_tensor(GRAPH))
        return [
            Variable(
                (entry.full_name, entry.checkpoint_key.removesuffix(SUFFIX)),
                np.asarray(reader.get_tensor(entry.checkpoint_key)),
            )
            for node in graph.nodes
            for entry in node.attributes
            if not entry.checkpoint_key.startswith(OPTIMIZER) and SEED not in entry.full_name
        ]
    except Exception as error:
        raise EvidenceError(
            f"{folder.name}: its variables cannot be read: {str(error).splitlines()[0]}",
            hint="write it anew with model.export(FOLDER)",
        ) from error


def pick_variables(variables: list[Variable], names: list[str], folder: Path) -> dict[str, Array]:
    """Return the values of weights by name; what no weight is called is there by its own name.

    The attributes that lead to a variable tell more than its name, which others may have too.

    Raises:
        EvidenceError: a name means two variables that differ.
    """
    found: dict[str, Array] = {}
    used: set[int] = set()
    for name in names:
        for which in (1, 0):
            places = [at for at, each in enumerate(variables) if each.names[which] == name]
            if places:
                found[name] = _agree([variables[at].value for at in places], name, folder)
                used.update(places)
                break
    rest = {each.names[0]: each.value for at, each in enumerate(variables) if at not in used}
    return rest | found


def _agree(values: list[Array], name: str, folder: Path) -> Array:
    """Return the one value; `export` writes a variable twice, the same both times."""
    first = values[0]
    if any(v.shape != first.shape or v.tobytes() != first.tobytes() for v in values):
        raise EvidenceError(
            f"{folder.name}: two variables are called {name}, and differ",
            hint="give layers names of their own, or save the weights as .weights.h5",
        )
    return first

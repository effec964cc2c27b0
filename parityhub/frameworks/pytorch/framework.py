"""The verbs of the child, each handed to the module that has the work."""

from pathlib import Path

import torch

from parityhub.capture.files import write_arrays
from parityhub.capture.protocol import (
    Explained,
    Gradients,
    Noisy,
    Opened,
    Ran,
    Replayed,
    Restored,
    Traced,
    Ulp,
)
from parityhub.errors import UsageError
from parityhub.frameworks.pytorch.backward import find_gradients
from parityhub.frameworks.pytorch.checkpoints import restore_checkpoint
from parityhub.frameworks.pytorch.explain import explain_node
from parityhub.frameworks.pytorch.models import (
    Model,
    build_model,
    describe_weights,
    find_output_dtype,
    list_weights,
    load_weights,
    run_model,
)
from parityhub.frameworks.pytorch.noise import measure_noise
from parityhub.frameworks.pytorch.tensors import (
    read_arrays,
    read_inputs,
    to_array,
)
from parityhub.frameworks.pytorch.ulps import measure_functions
from parityhub.frameworks.pytorch.watch import (
    Watched,
    replay_model,
    trace_model,
    watch_model,
    write_values,
)
from parityhub.frameworks.serve import Request

Mark = tuple[str, int, int]
"""which inputs: path, time of change, size"""


class TorchFramework:
    """Holds PyTorch models by key, and the tape of each on the inputs last asked about."""

    def __init__(self) -> None:
        # The fused paths of inference hide a whole block in one operation, and only in float32.
        torch.backends.mha.set_fastpath_enabled(False)
        torch.use_deterministic_algorithms(True)
        torch.utils.deterministic.fill_uninitialized_memory = False
        self._models: dict[str, Model] = {}
        self._watched: dict[tuple[str, bool], tuple[Mark, Watched]] = {}

    def open(self, request: Request) -> Opened:
        """Build a model in a dtype and keep it."""
        if request.get("threads"):
            torch.set_num_threads(int(request["threads"]))
        model = build_model(
            request["target"],
            request.get("options") or {},
            request["dtype"],
            int(request.get("seed") or 0),
        )
        dtype = find_output_dtype(model, read_inputs(request["inputs"], model.dtype))
        self._models[request["key"]] = model
        self._forget(request["key"])
        return Opened(
            weights=describe_weights(model.module),
            dtype=dtype,
            versions={"torch": str(torch.__version__)},
            threads=torch.get_num_threads(),
        )

    def close(self, request: Request) -> None:
        """Forget a model."""
        self._find(request)
        del self._models[request["key"]]
        self._forget(request["key"])

    def read(self, request: Request) -> dict[str, int]:
        """Write the weights to an .npz."""
        weights = list_weights(self._find(request).module)
        write_arrays(Path(request["file"]), {name: to_array(t) for name, t in weights.items()})
        return {"weights": len(weights)}

    def load(self, request: Request) -> dict[str, int]:
        """Take over the weights of an .npz."""
        loaded = load_weights(self._find(request).module, read_arrays(request["file"]))
        # What a model does may depend on its weights.
        self._forget(request["key"])
        return {"loaded": loaded}

    def restore(self, request: Request) -> Restored:
        """Take over the weights of a checkpoint."""
        restored = restore_checkpoint(self._find(request).module, Path(request["file"]))
        self._forget(request["key"])
        return restored

    def run(self, request: Request) -> Ran:
        """Run inference and write the outputs."""
        model = self._find(request)
        inputs = read_inputs(request["inputs"], model.dtype)
        return run_model(model, inputs, request["out"], int(request.get("repeats") or 1))

    def trace(self, request: Request) -> Traced:
        """Sketch each operation of a forward pass."""
        return trace_model(self._watch(request), int(request.get("seed") or 0))

    def values(self, request: Request) -> dict[str, str]:
        """Write values of operations."""
        return write_values(self._watch(request), request["nodes"], request["out"])

    def replay(self, request: Request) -> Replayed:
        """Run the tape again with the other side's values.

        The request's `sketches` (true unless given) says whether each value is sketched.
        """
        watched = self._watch(request)
        force, sketches = bool(request.get("force")), bool(request.get("sketches", True))
        return replay_model(watched, request["feeds"], force, sketches)

    def noise(self, request: Request) -> Noisy:
        """Measure the response to rounding."""
        return measure_noise(self._watch(request), request)

    def ulps(self, request: Request) -> dict[str, Ulp]:
        """Measure elementwise functions."""
        return measure_functions(request["functions"], request.get("dtype") or "float32")

    def gradient(self, request: Request) -> Gradients:
        """Run one backward pass."""
        nodes = list(request.get("nodes") or ())
        watched = self._watch(request, differentiable=True)
        return find_gradients(watched, request["loss"], nodes, request["out"])

    def explain(self, request: Request) -> Explained:
        """Find the change that makes an operation agree with the other side."""
        return explain_node(self._watch(request), request)

    def _find(self, request: Request) -> Model:
        key = request["key"]
        if key not in self._models:
            raise UsageError(
                f"no model is open under the key {key!r}",
                hint=f"open it first; open are {', '.join(self._models) or 'none'}",
            )
        return self._models[key]

    def _watch(self, request: Request, differentiable: bool = False) -> Watched:
        model = self._find(request)
        path = Path(request["inputs"])
        inputs = read_inputs(str(path), model.dtype)
        stat = path.stat()
        mark = (str(path), stat.st_mtime_ns, stat.st_size)
        key = (request["key"], differentiable)
        known = self._watched.get(key)
        if known is None or known[0] != mark:
            known = (mark, watch_model(model, inputs, differentiable))
            self._watched[key] = known
        return known[1]

    def _forget(self, key: str) -> None:
        for differentiable in (False, True):
            self._watched.pop((key, differentiable), None)

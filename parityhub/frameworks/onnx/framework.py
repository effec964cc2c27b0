"""The verbs of a child that holds networks in ONNX: open, close, read and run."""

from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import onnx
import onnxruntime

from parityhub.capture.protocol import Opened, Output, Ran, WeightInfo
from parityhub.errors import UsageError
from parityhub.frameworks.onnx.network import Network, open_network
from parityhub.frameworks.serve import Request
from parityhub.frameworks.tensorflow.arrays import read_arrays, write_arrays, write_values


class OnnxFramework:
    """Holds networks by key; answers requests as parityhub.capture.protocol has them."""

    def __init__(self) -> None:
        onnxruntime.set_default_logger_severity(3)
        self._networks: dict[str, Network] = {}

    def open(self, request: Request) -> Opened:
        """Open a file and keep the network under the key; its weights are its initialisers."""
        threads = int(request.get("threads") or 0)
        network = open_network(Path(request["target"]), threads)
        outputs, _ = network.run(self._read(request), 1)
        self._networks[request["key"]] = network
        floating = [o.dtype.name for o in outputs.values() if o.dtype.kind == "f"]
        others = [name for name in floating if name != request["dtype"]]
        return Opened(
            weights=[
                WeightInfo(
                    name=name,
                    shape=list(array.shape),
                    dtype=array.dtype.name,
                    owner="",
                    kind="initializer",
                    role=name,
                    trainable=False,
                )
                for name, array in network.weights.items()
            ],
            dtype=(others or floating or [request["dtype"]])[0],
            versions={
                "onnx": onnx.__version__,
                "onnxruntime": onnxruntime.__version__,
                "numpy": np.__version__,
            },
            threads=threads,
        )

    def close(self, request: Request) -> None:
        """Forget a network."""
        self._find(request)
        del self._networks[request["key"]]

    def read(self, request: Request) -> dict[str, int]:
        """Write the initialisers to a file."""
        weights = self._find(request).weights
        write_arrays(request["file"], weights)
        return {"weights": len(weights)}

    def run(self, request: Request) -> Ran:
        """Run inference some times; keep the outputs of the first."""
        network = self._find(request)
        repeats = max(1, int(request.get("repeats") or 1))
        first, seconds = network.run(self._read(request), repeats)
        files = write_values(request["out"], first)
        return Ran(
            outputs=[
                Output(
                    name=name,
                    named=True,
                    file=files[name],
                    shape=list(array.shape),
                    dtype=array.dtype.name,
                    spread=network.spreads[name],
                )
                for name, array in first.items()
            ],
            seconds=seconds,
        )

    def _refuse(self, request: Request) -> NoReturn:
        raise UsageError(
            f"a network in ONNX does not do {request['do']!r}", hint="ask one of the two sides"
        )

    load = restore = trace = values = replay = noise = ulps = gradient = explain = _refuse

    def _read(self, request: Request) -> dict[str, Any]:
        """Read the inputs, under the names that the request gives them."""
        renamed = {array: name for name, array in (request.get("rename") or {}).items()}
        arrays = read_arrays(request["inputs"])
        return {renamed.get(name, name): array for name, array in arrays.items()}

    def _find(self, request: Request) -> Network:
        key = request["key"]
        if key not in self._networks:
            raise UsageError(
                f"no network is open under {key!r}",
                hint=f"open it first; open are {sorted(self._networks) or 'none'}",
            )
        return self._networks[key]

"""A child that answers recorded numbers, and the request that is put to two of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from parityhub.compare.referee.judge import Referee, Taken
from parityhub.compare.referee.request import PairRequest
from parityhub.errors import EvidenceError
from parityhub.plan.pair import Implementation, Pair, PairOutput, WeightSource


@dataclass
class FakeProbe:
    """Answers each dtype's outputs as they were recorded, and notes what it was asked."""

    outputs: Mapping[str, Mapping[str, Any]]
    """dtype to name to array"""
    named: bool = True
    spread: float = 0.0
    sigma: float | None = 1e-8
    dtypes: Mapping[str, str] = field(default_factory=dict)
    """dtype asked for to the one that the model comes out with, where it is another"""
    refuses: frozenset[str] = frozenset()
    """`verb` or `verb:dtype`"""
    versions: Mapping[str, str] = field(default_factory=lambda: {"engine": "1"})
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def ask(self, request: Mapping[str, Any]) -> Any:
        self.asked.append(request)
        verb = request["do"]
        dtype = request.get("key", "/").rpartition("/")[2]
        if {verb, f"{verb}:{dtype}"} & self.refuses:
            raise EvidenceError(f"{verb} is refused", hint="none")
        return getattr(self, verb)(request, dtype)

    def open(self, request, dtype):
        return {
            "weights": [],
            "dtype": self.dtypes.get(dtype, dtype),
            "versions": dict(self.versions),
            "threads": 1,
        }

    def load(self, request, dtype):
        with np.load(request["file"]) as arrays:
            return {"loaded": len(arrays.files)}

    def run(self, request, dtype):
        outputs = []
        for name, array in self.outputs[dtype].items():
            file = Path(request["out"]) / f"{name}.npy"
            np.save(file, array)
            outputs.append(
                {
                    "name": name,
                    "named": self.named,
                    "file": str(file),
                    "shape": list(array.shape),
                    "dtype": array.dtype.name,
                    "spread": self.spread,
                }
            )
        return {"outputs": outputs, "seconds": [0.25] * request["repeats"]}

    def ulps(self, request, dtype):
        return {name: {"max": 2.0, "rms": 0.5} for name in request["functions"]}

    def noise(self, request, dtype):
        outputs = self.outputs["float64"]
        return {
            "draws": request["draws"],
            "responses": [
                {
                    "name": name,
                    "size": array.size,
                    "sigma_max": self.sigma,
                    "sigma_rms": self.sigma,
                    "scale": float(np.abs(array).max()),
                }
                for name, array in outputs.items()
            ],
            "shares": [
                {
                    "name": f"layer{place}",
                    "op": "aten.mm.default",
                    "output": name,
                    "length": 9,
                    "growth": 1.5,
                    "share": share,
                }
                for name in outputs
                for place, share in enumerate((0.25, 0.75))
            ],
            "floors": {},
            "gradients": {},
        }

    def verbs(self):
        return [request["do"] for request in self.asked]


def make_values(seed: int = 0, shape: tuple[int, ...] = (4, 5)) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


def make_pair(**changes: Any) -> Pair:
    fields: dict[str, Any] = {
        "title": "a pair",
        "tensorflow": Implementation(target="net:tf"),
        "pytorch": Implementation(target="net:torch"),
        "weights": WeightSource(source="tensorflow"),
        "dataset": "data",
        **changes,
    }
    return Pair(**fields)


def make_request(folder: Path, **changes: Any) -> PairRequest:
    pair = changes.pop("pair", make_pair())
    inputs, weights = folder / "in.npz", folder / "w.npz"
    if not inputs.exists():
        np.savez(inputs, x=make_values(5, (2, 3)))
        np.savez(weights, w=make_values(6, (3, 3)))
    fields: dict[str, Any] = {
        "name": "net",
        "pair": pair,
        "inputs": inputs,
        "weights": {"tensorflow": weights, "pytorch": weights},
        "folder": folder / "work",
        "options": {"tensorflow": {}, "pytorch": {"width": 3}},
        **changes,
    }
    return PairRequest(**fields)


def make_sides(error: float = 1e-8, code: float = 0.0, **changes: Any) -> tuple[Any, Any]:
    """Two children whose float32 outputs are `error` apart, and whose float64 ones are `code`."""
    exact = make_values()
    near = exact.astype(np.float32)
    far = near.copy()
    far[1, 2] += np.float32(error)
    other = exact.copy()
    other[2, 3] += code
    tensorflow = FakeProbe({"float32": {"output": near}, "float64": {"output": exact}}, **changes)
    pytorch = FakeProbe({"float32": {"output": far}, "float64": {"output": other}}, **changes)
    return tensorflow, pytorch


def take(values: Any, side: str = "TensorFlow", spread: float | None = 0.0) -> Taken:
    array = np.asarray(values)
    return Taken(side=side, source="output", values=array, dtype=array.dtype.name, spread=spread)


def make_referee(values: Any, sigma: float | None = 1e-8, other: Any = None) -> Referee:
    array = np.asarray(values, dtype=np.float64)
    response = None
    if sigma is not None:
        response = {
            "name": "output",
            "size": array.size,
            "sigma_max": sigma,
            "sigma_rms": sigma / 2,
            "scale": 1.0,
        }
    return Referee(
        tensorflow=array, pytorch=array if other is None else np.asarray(other), response=response
    )


def declare(name: str, tensorflow: str, pytorch: str, **more: Any) -> PairOutput:
    return PairOutput(name=name, tensorflow=tensorflow, pytorch=pytorch, **more)

"""PyTorch's network with TensorFlow's values in place of some of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from parityhub.capture.protocol import Explained, Replayed
from parityhub.compare.localize.graph import Graph
from parityhub.compare.localize.inputs import write_inputs
from parityhub.compare.localize.pairing import Match, Pairing, pair_values, replace_sketches
from parityhub.compare.localize.request import LocalizeRequest, make_folder
from parityhub.compare.localize.search import Candidate, Front
from parityhub.compare.localize.values import invert_order
from parityhub.compare.probe import Probe
from parityhub.errors import EvidenceError


@dataclass(frozen=True)
class Divergence:
    """A place where the sides part."""

    front: Front
    tensorflow: int | None
    """None: no node of TensorFlow's could be told"""
    pytorch: int
    order: str
    proven: bool
    absent: bool = False
    """TensorFlow does something there that PyTorch does not"""
    explained: Explained | None = None
    """what change of the operation makes it agree, where that was asked already"""


@dataclass
class Healer:
    """Both children, and what has been replaced in PyTorch's so far."""

    tensorflow: Probe
    pytorch: Probe
    request: LocalizeRequest
    left: Graph
    right: Graph
    healed: list[Candidate] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    """outputs that are wrong by themselves, all before them being right"""
    trials: int = 0
    _files: dict[str, str] = field(default_factory=dict)

    def fetch(self, node: int) -> str:
        """Return the file of a float64 value of TensorFlow's."""
        name = self.left.nodes[node]["name"]
        if node < 0 and name not in self._files:
            self._files |= write_inputs(self.request, [name])
        if name not in self._files:
            request = {
                "do": "values",
                "key": self.request.referee,
                "inputs": str(self.request.inputs["tensorflow"]),
                "nodes": [name],
                "out": make_folder(self.request, "tensorflow_float64"),
            }
            self._files |= self.tensorflow.ask(request)
        return self._files[name]

    def make_feeds(self, candidates: Iterable[Candidate]) -> dict[str, dict[str, Any]]:
        """Return the feeds that put TensorFlow's values in the place of PyTorch's."""
        return {
            self.right.nodes[candidate.pytorch]["name"]: {
                "file": self.fetch(candidate.tensorflow),
                "axes": invert_order(candidate.order),
            }
            for candidate in candidates
        }

    def try_candidates(self, candidates: Sequence[Candidate]) -> Pairing | None:
        """Run PyTorch's again with values replaced; None where it cannot go on with them."""
        healed = [*self.healed, *candidates]
        self.trials += 1
        try:
            replayed: Replayed = self.pytorch.ask(
                {
                    "do": "replay",
                    "key": self.request.referee,
                    "inputs": str(self.request.inputs["pytorch"]),
                    "feeds": self.make_feeds(healed),
                    "force": True,
                    "sketches": True,
                }
            )
        except EvidenceError:
            return None
        right = replace_sketches(self.right, replayed["sketches"])
        return self._pair(right, healed)

    def _pair(self, right: Graph, healed: Sequence[Candidate]) -> Pairing:
        """Pair values; one that was replaced counts as what it was replaced by."""
        right_by = {(one.tensorflow, one.pytorch) for one in healed}
        outputs = [
            pair
            for pair in self.request.outputs
            if pair.name not in self.settled
            and (self.left.outputs.get(pair.tensorflow), right.outputs.get(pair.pytorch))
            not in right_by
        ]
        pairing = pair_values(self.left, right, outputs)
        matches = {
            one.pytorch: Match((one.tensorflow,), one.order, frozenset([one.tensorflow]))
            for one in healed
        }
        ours = frozenset(one.tensorflow for one in healed)
        return replace(
            pairing,
            matches=pairing.matches | matches,
            tensorflow=pairing.tensorflow | ours,
            healed=frozenset(matches),
        )

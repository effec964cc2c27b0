"""Which output of one side is which of the other: by declaration, or by the name that both use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parityhub.capture.protocol import Output
from parityhub.hub.parity_records import OutputRecord
from parityhub.plan.pair import PairOutput

DECLARE = "declare which are the same: [[pair.NAME.outputs]] with name, tensorflow and pytorch"


@dataclass(frozen=True)
class Matching:
    """Outputs that are the same, and a record for each that has no other."""

    pairs: tuple[tuple[PairOutput, Output, Output], ...]
    """what is declared of it, TensorFlow's, PyTorch's"""
    unmatched: tuple[OutputRecord, ...]


def match_outputs(
    declared: Sequence[PairOutput], tensorflow: Sequence[Output], pytorch: Sequence[Output]
) -> Matching:
    """Match outputs. Never by position: one that the model does not name has to be declared.

    Args:
        declared: pairs of names; they come first.
        tensorflow: one side's outputs.
        pytorch: the other's.

    Returns:
        the pairs, and an INCONCLUSIVE record of each output without another; the first has
        both lists.
    """
    here = {output["name"]: output for output in tensorflow}
    there = {output["name"]: output for output in pytorch}
    known = [pair for pair in declared if pair.tensorflow in here and pair.pytorch in there]
    lost = [pair for pair in declared if pair not in known]
    known += [
        PairOutput(name=name, tensorflow=name, pytorch=name)
        for name, output in here.items()
        if name in there
        and output["named"]
        and there[name]["named"]
        and all(name not in (pair.tensorflow, pair.pytorch) for pair in declared)
    ]
    alone = [
        (pair.name, f"TensorFlow's {pair.tensorflow!r} and PyTorch's {pair.pytorch!r} are declared "
                    "the same, and not both there")
        for pair in lost
    ]  # fmt: skip
    for side, outputs, used in (
        ("TensorFlow", here, {pair.tensorflow for pair in declared} | _names(known, "tensorflow")),
        ("PyTorch", there, {pair.pytorch for pair in declared} | _names(known, "pytorch")),
    ):
        alone += [(name, f"{side}'s {name!r} is unmatched") for name in outputs if name not in used]
    # Both lists, and the way out, are told once.
    told = f": TensorFlow has {_list(tensorflow)}; PyTorch has {_list(pytorch)}; {DECLARE}"
    unmatched = [
        OutputRecord(name=name, verdict="INCONCLUSIVE", reason=reason + (told if not place else ""))
        for place, (name, reason) in enumerate(alone)
    ]
    pairs = tuple((pair, here[pair.tensorflow], there[pair.pytorch]) for pair in known)
    return Matching(pairs, tuple(unmatched))


def _names(pairs: Iterable[PairOutput], side: str) -> set[str]:
    return {getattr(pair, side) for pair in pairs}


def _list(outputs: Sequence[Output]) -> str:
    names = [o["name"] if o["named"] else f"{o['name']} (unnamed)" for o in outputs]
    return ", ".join(names) or "none"

"""A stored comparison judged again, from its record alone."""

from collections.abc import Mapping

from msgspec import structs

from parityhub.compare.referee.ask import summarize_outputs
from parityhub.compare.referee.decide import Setting, decide_output
from parityhub.compare.referee.third import rejudge_third
from parityhub.compare.referee.tolerance import Override
from parityhub.errors import UsageError
from parityhub.hub.parity_records import ComparisonRecord


def rejudge_comparison(
    comparison: ComparisonRecord, overrides: Mapping[str, Override]
) -> ComparisonRecord:
    """Judge a comparison again under other tolerances; nothing is run, and no array is read.

    An output that has no override is judged by what is derived or assumed, also where an override
    had been used before. What was never measured (unmatched, of other shapes, not finite) keeps its
    verdict, whatever tolerance it is given.

    Args:
        comparison: as it was stored.
        overrides: by the output's name.

    Raises:
        UsageError: an override is for an output that the comparison does not have.
    """
    names = [output.name for output in comparison.outputs]
    if unknown := sorted(set(overrides) - set(names)):
        raise UsageError(
            f"{comparison.pair} has no output {unknown[0]!r} to judge again",
            hint=f"its outputs: {', '.join(names) or 'none'}",
        )
    outputs = tuple(
        decide_output(
            output, Setting(comparison.dtype, comparison.referee, overrides.get(output.name))
        )
        for output in comparison.outputs
    )
    onnx = None if comparison.onnx is None else rejudge_third(comparison, overrides)
    verdict, reason = summarize_outputs(outputs, onnx)
    return structs.replace(comparison, verdict=verdict, reason=reason, outputs=outputs, onnx=onnx)

"""The checks `same-weights` and `outputs`: from a comparison to the answer of a check."""

from collections.abc import Iterator

import msgspec

from parityhub.compare.findings import Finding, conclude
from parityhub.hub.parity_records import ComparisonRecord, LocalizationRecord, OutputRecord
from parityhub.hub.records import CheckNumber, CheckRecord, Place
from parityhub.plan.model import OutputsCheck, SameWeightsCheck

SHOWN = (
    "max_abs",
    "tolerance",
    "margin",
    "rms",
    "rms_tolerance",
    "error_tensorflow",
    "error_pytorch",
    "error_ratio",
    "referee_difference",
    "ssim",
)
"""the numbers of an output that a check shows; the record has the rest"""
SHOWN_OF_THIRD = ("max_abs", "tolerance", "margin", "rms", "rms_tolerance", "ssim")
"""those of a third side against one of the two"""


def answer_check(
    check: SameWeightsCheck | OutputsCheck,
    comparison: ComparisonRecord,
    path: str,
    localization: tuple[str, LocalizationRecord] | None,
) -> CheckRecord:
    """Return the answer to a check from the comparison that was made for it.

    Args:
        check: the check.
        comparison: what was found.
        path: where the hub keeps it.
        localization: where the sides part, and where the hub keeps it; None: not asked.
    """
    finding = Finding(comparison.verdict, comparison.reason, tuple(list_numbers(comparison, path)))
    tolerances = dict.fromkeys(
        f"{output.name}: {output.tolerance_reason}"
        for output in comparison.outputs
        if output.tolerance_reason
    )
    findings = [finding]
    if localization is not None:
        findings.append(Finding(comparison.verdict, localization[1].reason))
    judgement = conclude(check, findings, tolerance="; ".join(tolerances))
    return msgspec.structs.replace(
        judgement.record,
        comparison=path,
        localization=localization[0] if localization else None,
    )


def list_numbers(comparison: ComparisonRecord, path: str) -> Iterator[CheckNumber]:
    """Yield the numbers of each output, each with its place in the comparison's record."""
    outputs = [(f"/outputs/{place}", each) for place, each in enumerate(comparison.outputs)]
    third = comparison.onnx.outputs if comparison.onnx else ()
    outputs += [(f"/onnx/outputs/{place}", each) for place, each in enumerate(third)]
    for where, output in outputs:
        for name in SHOWN if where.startswith("/outputs") else SHOWN_OF_THIRD:
            value = read_number(output, name)
            if value is not None:
                pointer = f"{where}/{name}"
                yield CheckNumber(
                    name=f"{output.name}: {name}",
                    value=value,
                    source=Place(file=path, pointer=pointer),
                )


def read_number(output: OutputRecord, name: str) -> float | None:
    """Return a number of an output by its field's name."""
    value = getattr(output, name)
    assert value is None or isinstance(value, float)
    return value

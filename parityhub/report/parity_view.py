"""What the summary shows of a comparison: outputs, tolerances, layers, weights."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from parityhub.hub.parity_records import (
    ComparisonRecord,
    DivergenceRecord,
    LocalizationRecord,
    OnnxRecord,
    OriginRecord,
    OutputRecord,
)
from parityhub.hub.records import CheckRecord
from parityhub.report.links import Link, Value, link_file, place_in, show_recorded

COLUMNS = (
    ("largest deviation", "max_abs"),
    ("tolerance", "tolerance"),
    ("margin", "margin"),
    ("error of TensorFlow", "error_tensorflow"),
    ("error of PyTorch", "error_pytorch"),
    ("their ratio", "error_ratio"),
    ("float64 runs apart", "referee_difference"),
)
THIRD_COLUMNS = (
    ("largest deviation", "max_abs"),
    ("tolerance", "tolerance"),
    ("margin", "margin"),
)
TITLES = {"tensorflow": "TensorFlow", "pytorch": "PyTorch"}
SHARES = 6
"""operations of an output that are shown; the record has all"""
LAYERS = 12
"""layers that are shown around the first that differs; the record has all"""


class OutputView(TypedDict):
    """An output: its verdict, its numbers, and where its tolerance comes from."""

    name: str
    verdict: str
    reason: str
    cells: list[Value]
    kind: str
    tolerance_reason: str
    shares: list[tuple[str, str, Value, Value]]
    """operation, its kind, the length of its reduction, its share of the output's variance"""


class DivergenceView(TypedDict):
    """Where the two sides part."""

    tensorflow: str
    pytorch: str
    cause: str
    detail: str
    found_in: str
    evidence: list[str]


class LayerView(TypedDict):
    """A layer in both frameworks."""

    tensorflow: str
    pytorch: str
    verdict: str
    local: Value
    inherited: Value
    floor: Value


class OnnxView(TypedDict):
    """A third side: its file, and each output against each of the two."""

    file: str
    columns: list[str]
    outputs: list[OutputView]
    weights_found: Value
    weights_lost: list[str]
    weights_left: int
    """of the weights that do not stand in the file, those that are not listed"""


class ParityView(TypedDict):
    """A comparison and, where it was asked for, a localisation."""

    record: Link
    referee: str
    columns: list[str]
    outputs: list[OutputView]
    weights: int
    weights_found: list[tuple[str, int]]
    origin: str
    """where the weights came from, in words; empty: an older comparison"""
    checkpoint: str
    """path in the repository; empty: they came from no checkpoint"""
    draws: Value
    onnx: OnnxView | None
    localization: Link | None
    where: str
    divergences: list[DivergenceView]
    layers: list[LayerView]
    layers_left: int
    profile: list[LayerView]
    """every layer, in the order in which they run"""


def build_parity_view(
    check: CheckRecord,
    comparisons: Mapping[str, ComparisonRecord],
    localizations: Mapping[str, LocalizationRecord],
) -> ParityView | None:
    """Build the view of a check's comparison; None: it made none.

    Args:
        check: the answer to a check.
        comparisons: every comparison of the hub by the path of its record.
        localizations: every localisation likewise.
    """
    comparison = comparisons.get(check.comparison or "")
    if comparison is None or check.comparison is None:
        return None
    path = check.comparison
    localization = localizations.get(check.localization or "")
    found: dict[str, int] = {}
    for pair in comparison.mapping:
        found[pair.found] = found.get(pair.found, 0) + 1
    profile = _list_layers(check.localization or "", localization) if localization else []
    layers = [layer for layer in profile if layer["verdict"] not in ("same", "rounding")]
    return ParityView(
        record=link_file(path),
        referee=comparison.referee,
        columns=[title for title, _ in COLUMNS],
        outputs=[
            _build_output(output, path, ("outputs", place))
            for place, output in enumerate(comparison.outputs)
        ],
        weights=len(comparison.mapping),
        weights_found=sorted(found.items()),
        origin=_describe_origin(comparison.origin) if comparison.origin else "",
        checkpoint=_name_checkpoint(comparison.origin),
        draws=show_recorded(comparison.draws, place_in(path, "draws")),
        onnx=_build_onnx(comparison.onnx, path) if comparison.onnx else None,
        localization=link_file(check.localization) if check.localization else None,
        where=localization.reason if localization else "",
        divergences=[
            _build_divergence(item)
            for item in (
                (*localization.divergences, *localization.gradient) if localization else ()
            )
        ],
        layers=layers[:LAYERS],
        layers_left=max(0, len(layers) - LAYERS),
        profile=profile,
    )


def _describe_origin(origin: OriginRecord) -> str:
    side = TITLES.get(origin.side, origin.side)
    if origin.kind == "bundle":
        return f"the bundle {origin.source}"
    if origin.kind == "initial":
        return f"those that {side} begins with"
    below = f" below {origin.prefix}" if origin.prefix else ""
    return f"{origin.format}{below}, of {side}"


def _name_checkpoint(origin: OriginRecord | None) -> str:
    return origin.source if origin and origin.kind == "checkpoint" else ""


def _build_onnx(onnx: OnnxRecord, path: str) -> OnnxView:
    return OnnxView(
        file=onnx.file,
        columns=[title for title, _ in THIRD_COLUMNS],
        outputs=[
            _build_output(output, path, ("onnx", "outputs", place), THIRD_COLUMNS)
            for place, output in enumerate(onnx.outputs)
        ],
        weights_found=show_recorded(onnx.weights_found, place_in(path, "onnx", "weights_found")),
        weights_lost=list(onnx.weights_lost[:SHARES]),
        weights_left=max(0, len(onnx.weights_lost) - SHARES),
    )


def _build_output(
    output: OutputRecord,
    path: str,
    where: tuple[str | int, ...],
    columns: Sequence[tuple[str, str]] = COLUMNS,
) -> OutputView:
    return OutputView(
        name=output.name,
        verdict=output.verdict,
        reason=output.reason,
        cells=[
            show_recorded(getattr(output, key), place_in(path, *where, key)) for _, key in columns
        ],
        kind=output.tolerance_kind,
        tolerance_reason=output.tolerance_reason,
        shares=[
            (
                share.name,
                share.op,
                show_recorded(share.length, place_in(path, *where, "shares", at, "length")),
                show_recorded(share.share, place_in(path, *where, "shares", at, "share")),
            )
            for at, share in enumerate(output.shares[:SHARES])
        ],
    )


def _build_divergence(item: DivergenceRecord) -> DivergenceView:
    return DivergenceView(
        tensorflow=item.tensorflow or "none",
        pytorch=item.pytorch or "none",
        cause=item.cause,
        detail=item.detail,
        found_in=item.found_in,
        evidence=list(item.evidence),
    )


def _list_layers(path: str, localization: LocalizationRecord) -> list[LayerView]:
    return [
        LayerView(
            tensorflow=layer.tensorflow or "none",
            pytorch=layer.pytorch or "none",
            verdict=layer.verdict,
            local=show_recorded(layer.local, place_in(path, "layers", place, "local")),
            inherited=show_recorded(layer.inherited, place_in(path, "layers", place, "inherited")),
            floor=show_recorded(layer.floor, place_in(path, "layers", place, "floor")),
        )
        for place, layer in enumerate(localization.layers)
    ]

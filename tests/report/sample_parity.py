"""A comparison and a localisation in records: two outputs, one beyond what rounding explains."""

from parityhub.hub.parity_records import (
    ComparisonRecord,
    DivergenceRecord,
    LayerRecord,
    LocalizationRecord,
    OutputRecord,
    ShareRecord,
    WeightRecord,
)
from parityhub.hub.records import CheckRecord

COMPARISON = "comparison/phase_c2/analysis/compare_C2_same-weights_2.json"
LOCALIZATION = "comparison/phase_c2/analysis/localize_C2_same-weights_2.json"


def make_check() -> CheckRecord:
    return CheckRecord(
        id="same-weights",
        kind="same-weights",
        title="the same function",
        verdict="FAIL",
        reason="mask: max |difference| 1.25e-05 is beyond the derived 4.375e-07",
        tolerance="mask: derived",
        comparison=COMPARISON,
        localization=LOCALIZATION,
    )


def make_share(name: str, op: str, length: int, share: float) -> ShareRecord:
    return ShareRecord(name=name, op=op, length=length, growth=1.5, share=share)


def make_comparison() -> ComparisonRecord:
    mask = OutputRecord(
        name="mask",
        verdict="FAIL",
        reason="max |difference| 1.25e-05 is beyond the derived 4.375e-07",
        shape=(4, 16, 12, 3),
        dtype="float32",
        scale=0.96875,
        max_abs=1.25e-05,
        rms=3.5e-06,
        tolerance=4.375e-07,
        rms_tolerance=6.5e-08,
        tolerance_kind="derived",
        tolerance_reason="8 draws of rounding noise: sigma 5.5e-08, times lambda 5.625, root of 2",
        margin=0.035,
        error_tensorflow=1.8125e-07,
        error_pytorch=1.2625e-05,
        error_ratio=0.014356435643564357,
        referee_difference=0.0,
        shares=(
            make_share("network.encoder_2", "aten.convolution.default", 288, 0.53125),
            make_share("network.gate", "aten.gelu.default", 1, 0.21875),
            make_share("network.encoder_1", "aten.convolution.default", 144, 0.109375),
            make_share("network.norm", "aten.native_batch_norm.default", 1, 0.0625),
            make_share("network.encoder_0", "aten.convolution.default", 27, 0.03125),
            make_share("network.head", "aten.addmm.default", 64, 0.0234375),
            make_share("network.seventh", "aten.add.Tensor", 1, 0.0234375),
        ),
        left="mask",
        right="0",
    )
    score = OutputRecord(
        name="score",
        verdict="INCONCLUSIVE",
        reason="within 1.5e-5, which is underived",
        shape=(4,),
        dtype="float32",
        max_abs=0.0,
        tolerance=1.5e-05,
        tolerance_kind="underived",
        tolerance_reason="assumed: 1e-05 of the scale",
        left="score",
        right="1",
    )
    found = [("by name", "certain"), ("by name", "certain"), ("declared", "certain")]
    found += [("by shape and order", "likely")]
    return ComparisonRecord(
        pair="net",
        dtype="float32",
        verdict="FAIL",
        reason="mask: beyond",
        outputs=(mask, score),
        mapping=tuple(
            WeightRecord(
                tensorflow=f"layer_{place}/kernel",
                pytorch=f"layers.{place}.weight",
                rule="HWIO -> OIHW",
                found=how,  # type: ignore[arg-type]
                confidence=confidence,  # type: ignore[arg-type]
            )
            for place, (how, confidence) in enumerate(found)
        ),
        referee="the same network in float64, in both frameworks",
        draws=8,
        repeats=3,
    )


def make_layer(number: int, verdict: str, **fields: float | None) -> LayerRecord:
    return LayerRecord(
        tensorflow=f"block_{number}/act",
        pytorch=f"blocks.{number}.gate",
        verdict=verdict,  # type: ignore[arg-type]
        **fields,  # type: ignore[arg-type]
    )


def make_localization() -> LocalizationRecord:
    layers = [
        make_layer(0, "same", local=0.0, inherited=0.0, floor=1.5e-08),
        make_layer(1, "rounding", local=1.25e-08, inherited=0.0, floor=1.625e-08),
        make_layer(2, "local", local=1.25e-05, inherited=1.375e-08, floor=1.75e-08),
        LayerRecord(tensorflow=None, pytorch="blocks.2.drop", verdict="unpaired"),
        LayerRecord(tensorflow="block_2/bias", pytorch=None, verdict="unpaired"),
        *(
            make_layer(
                number, "inherited", local=float(f"{number}e-09"), inherited=1e-05, floor=1e-08
            )
            for number in range(3, 15)
        ),
    ]
    return LocalizationRecord(
        pair="net",
        dtype="float32",
        verdict="FAIL",
        reason="TensorFlow's block_2/act and PyTorch's blocks.2.gate first differ, by activation",
        divergences=(
            DivergenceRecord(
                tensorflow="block_2/act",
                pytorch="blocks.2.gate",
                cause="activation variant",
                detail="GELU by tanh, not by erf",
                evidence=("as it is: 1.25e-05 of the scale", "with erf: 2.5e-16 of the scale"),
                found_in="float64",
                proven=True,
            ),
        ),
        layers=tuple(layers),
        gradient=(
            DivergenceRecord(
                tensorflow="",
                pytorch="blocks.1.stop",
                cause="unknown",
                detail="no gradient flows through it",
                evidence=(),
                found_in="gradient",
            ),
        ),
    )

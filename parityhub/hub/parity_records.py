"""What is kept of a comparison, a localisation and a self-test: records, as JSON in the hub."""

from typing import Literal

from msgspec import field

from parityhub.hub.records import Record, Verdict

ToleranceKind = Literal["derived", "underived", "override", "none"]


class WeightRecord(Record, frozen=True, kw_only=True):
    """One pair of weights, and how it was found."""

    tensorflow: str
    pytorch: str
    rule: str
    """`HWIO -> OIHW`, `gates i,f,c,o -> i,f,g,o`"""
    found: Literal["declared", "by name", "by shape and order"]
    confidence: Literal["certain", "likely"]


class OriginRecord(Record, frozen=True, kw_only=True):
    """Where the weights of a comparison came from."""

    kind: Literal["bundle", "checkpoint", "initial", "accepted"]
    """accepted: a guard's reference"""
    side: str = ""
    """the side whose they are: `pytorch`; of a bundle none"""
    source: str = ""
    """the bundle as the plan names it, or the checkpoint's path in the repository"""
    format: str = ""
    """what a checkpoint was read as: `state dict`, `SavedModel`"""
    prefix: str = ""
    """what each name in the checkpoint has before the model's own"""
    sha256: str = ""
    """of the checkpoint; of a folder: of the lines `SHA-256  path` of its files, sorted by path"""


class ShareRecord(Record, frozen=True, kw_only=True):
    """What one operation adds to the rounding of an output."""

    name: str
    op: str
    length: int
    growth: float
    share: float


class OutputRecord(Record, frozen=True, kw_only=True):
    """One output of both sides, judged."""

    name: str
    verdict: Verdict
    reason: str
    shape: tuple[int, ...] = ()
    dtype: str = ""
    scale: float | None = None
    """largest |element| of the referee, or of the left side where there is none"""
    max_abs: float | None = None
    """largest |difference| of the two sides"""
    rms: float | None = None
    tolerance: float | None = None
    """on max_abs"""
    rms_tolerance: float | None = None
    tolerance_kind: ToleranceKind = "none"
    tolerance_reason: str = ""
    margin: float | None = None
    """tolerance / max_abs: above 1 is within; None: no tolerance or no deviation"""
    error_tensorflow: float | None = None
    """largest |difference| from the referee"""
    error_pytorch: float | None = None
    error_ratio: float | None = None
    """error_tensorflow / error_pytorch"""
    referee_difference: float | None = None
    """largest |difference| of the two float64 runs"""
    referee_tolerance: float | None = None
    spread_tensorflow: float | None = None
    """largest |difference| of its repeats"""
    spread_pytorch: float | None = None
    sigma_max: float | None = None
    sigma_rms: float | None = None
    mae: float | None = None
    ssim: float | None = None
    psnr: float | None = None
    """dB"""
    metrics: dict[str, float | int | str | None] = field(default_factory=dict)
    """the rest, by name: p99_abs, max_ulp, cosine, correlation, slope, share_beyond, subnormals,
    nan_left, global_phase, frc_resolution, ..."""
    shares: tuple[ShareRecord, ...] = ()
    left: str = ""
    """what stood on the two sides: a file of the hub, or an output's name in its framework"""
    right: str = ""


class OnnxRecord(Record, frozen=True, kw_only=True):
    """The same network in ONNX, held against both sides."""

    file: str
    """path in the repository"""
    sha256: str
    """of the file; what lies beside it is in `weights_sha256`"""
    weights_sha256: str = ""
    """of the initialisers, wherever they are stored"""
    verdict: Verdict
    reason: str
    outputs: tuple[OutputRecord, ...]
    """each output of the pair twice: `image: TensorFlow and ONNX`, `image: PyTorch and ONNX`. What
    a field says of TensorFlow is of the first that is named there, of PyTorch of the second"""
    weights_found: int = 0
    """weights of the pair whose numbers stand in the file, in either side's order of axes"""
    weights_lost: tuple[str, ...] = ()
    """PyTorch's names of the others: folded by the exporter, or not the pair's"""
    versions: dict[str, str] = field(default_factory=dict)
    """package to version, as the child saw them"""


class ComparisonRecord(Record, frozen=True, kw_only=True):
    """Two implementations with the same weights and the same input, output by output."""

    pair: str
    dtype: str
    verdict: Verdict
    reason: str
    outputs: tuple[OutputRecord, ...]
    mapping: tuple[WeightRecord, ...] = ()
    referee: str = ""
    """how the referee was had, or why there is none"""
    draws: int = 0
    repeats: int = 0
    ulps: dict[str, dict[str, float]] = field(default_factory=dict)
    """function to its largest ULP error by framework; `spread`: the standard deviation simulated"""
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    """framework to package to version, as the children saw them"""
    inputs_sha256: str = ""
    weights_sha256: str = ""
    origin: OriginRecord | None = None
    """where the weights came from; None: an older comparison"""
    onnx: OnnxRecord | None = None
    """a third side; None: the pair has none"""
    rejudges: str = ""
    """path of the comparison that this one judges again; nothing was run for it"""
    seconds: dict[str, float] = field(default_factory=dict)


class LayerRecord(Record, frozen=True, kw_only=True):
    """A layer in both frameworks, or in one of them where it is unpaired."""

    tensorflow: str | None
    pytorch: str | None
    verdict: Literal["same", "rounding", "inherited", "local", "unpaired", "not-finite"]
    local: float | None = None
    """largest |deviation| when it is fed the other side's inputs"""
    inherited: float | None = None
    """what the whole deviation has beyond that"""
    floor: float | None = None
    """what rounding explains of the local deviation"""
    scale: float | None = None
    shape: tuple[int, ...] = ()
    axes: tuple[int, ...] = ()
    """PyTorch's axes as transposed into TensorFlow's order"""
    note: str = ""


class DivergenceRecord(Record, frozen=True, kw_only=True):
    """A layer at which the two sides part, and why it is thought so."""

    tensorflow: str
    """full path"""
    pytorch: str
    cause: str
    detail: str
    evidence: tuple[str, ...]
    found_in: Literal["float64", "float32", "gradient"]
    local: float | None = None
    floor: float | None = None
    tensorflow_op: str = ""
    pytorch_op: str = ""
    proven: bool = False
    """the layer replaced by the other side's, everything behind it agreed again"""


class LocalizationRecord(Record, frozen=True, kw_only=True):
    """Where two implementations first part, forward and backward."""

    pair: str
    dtype: str
    verdict: Verdict
    reason: str
    divergences: tuple[DivergenceRecord, ...]
    """forward; the first one first"""
    layers: tuple[LayerRecord, ...]
    gradient: tuple[DivergenceRecord, ...] = ()
    """backward; the first one behind the loss first"""
    gradient_layers: tuple[LayerRecord, ...] = ()
    gradient_reason: str = ""
    seconds: dict[str, float] = field(default_factory=dict)


class FaultRecord(Record, frozen=True, kw_only=True):
    """A known fault that was seeded, and what came of it."""

    name: str
    pair: str
    verdict: Verdict
    caught_by: tuple[str, ...]
    """the metrics that told: `max_abs`, `rms`, `referee`, `shape`, `nonfinite`, `constant`"""
    equivalent: bool
    """it changed nothing in float64"""
    sits_in: str
    """the layer it sits in; empty: in none"""
    localized: bool | None
    """localize named that layer; None: it sits in none"""
    named: str
    """what localize named"""
    cause: str = ""


class SelftestRecord(Record, frozen=True, kw_only=True):
    """Known faults seeded one at a time, and runs without any."""

    faults: tuple[FaultRecord, ...]
    false_alarms: int
    runs: int
    alarms: tuple[str, ...] = ()
    seconds: float = 0.0

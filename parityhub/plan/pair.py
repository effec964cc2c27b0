"""Pairs: one function implemented in two frameworks, and what is put to both."""

from typing import Annotated, Literal

from msgspec import Meta, field

from parityhub.plan.part import Id, OptionValue, Part, Text

Axes = tuple[Annotated[int, Meta(ge=0, le=7)], ...]
Bound = Annotated[float, Meta(ge=0)]
Dtype = Literal["float32", "float16", "bfloat16"]
Side = Literal["tensorflow", "pytorch"]


class Implementation(Part, frozen=True, kw_only=True):
    """One side of a pair: what builds the model."""

    target: Text
    """`package.module:function` or `path/to/file.py:function`, called with the options; or, of
    TensorFlow, a `.keras` file that holds the whole model"""
    options: dict[str, OptionValue] = field(default_factory=dict)
    """keyword arguments of the function"""
    env: dict[str, str] = field(default_factory=dict)
    """environment variables that its process must see"""
    python: str | None = None
    """this side's interpreter"""


class OnnxFile(Part, frozen=True, kw_only=True):
    """The same network in ONNX: held against both sides, on onnxruntime's CPU, in float32."""

    file: Text
    """path in the repository; it brings its weights along, which must be the pair's"""
    exported_from: Side = "pytorch"
    """the side whose order of axes its inputs and outputs have"""
    inputs: dict[str, str] = field(default_factory=dict)
    """by its input: the array; default: of the same name, or the only one"""
    outputs: dict[str, str] = field(default_factory=dict)
    """by output of the pair: its name in the file; default: the side's name, or the only one"""
    python: str | None = None
    """the interpreter that has onnx and onnxruntime"""


class WeightSource(Part, frozen=True, kw_only=True):
    """Where the weights come from that both sides get."""

    bundle: str | None = None
    """`[PHASE:]BASELINE/ARTIFACT`: a bundle that a run left; its arrays in TensorFlow's order"""
    params: tuple[str, ...] = ()
    """numbers of the bundle's params.json that are weights too"""
    checkpoint: str | None = None
    """file or SavedModel folder in the repository, of the side that `from` names: TensorFlow's
    `.keras`, `.weights.h5`, `.h5` or SavedModel; PyTorch's `.pt`, `.pth` or `.ckpt`; either's
    `.safetensors`. Nothing in it is executed"""
    source: Side | None = field(name="from", default=None)
    """the side that the checkpoint is of; without one, the side whose initial weights both get"""
    seed: Annotated[int, Meta(ge=0)] = 0
    """of the side whose initial weights both get"""


class WeightEntry(Part, frozen=True, kw_only=True):
    """A pair of weights that is declared, where it cannot be derived."""

    tensorflow: str
    """TensorFlow's name for it"""
    pytorch: str
    """PyTorch's name for it"""
    axes: Axes = ()
    """TensorFlow's axes in the order of PyTorch's; empty: the same order"""
    bundle: str | None = None
    """the bundle's name for it, where there is one"""


class Tolerance(Part, frozen=True, kw_only=True):
    """An output's tolerance, where somebody gives one in place of the derived one."""

    atol: Bound | None = None
    """absolute"""
    rtol: Bound | None = None
    """relative to TensorFlow's value"""
    reason: str = ""
    """required with a tolerance: shown in the report"""

    @property
    def given(self) -> bool:
        """Whether a tolerance is given."""
        return self.atol is not None or self.rtol is not None


class PairOutput(Tolerance, frozen=True, kw_only=True):
    """An output by its name on both sides."""

    name: Text
    """what reports call it"""
    tensorflow: str
    """TensorFlow's name for it"""
    pytorch: str
    """PyTorch's name for it"""
    axes: Axes = ()
    """PyTorch's axes in the order of TensorFlow's; empty: the same order"""
    image: bool = False
    """its last two axes are an image's height and width: SSIM and the like are measured"""


class Pair(Part, frozen=True, kw_only=True):
    """One function, implemented twice."""

    title: Text
    """what the function is"""
    tensorflow: Implementation
    """one side"""
    pytorch: Implementation
    """the other"""
    weights: WeightSource
    """where both get theirs"""
    dataset: str
    """what is put to both"""
    inputs: str = "inputs"
    """the data set's file with the input: an .npz of named arrays, in TensorFlow's order"""
    input_axes: dict[str, Axes] = field(default_factory=dict)
    """by array: the stored axes in the order of PyTorch's, where it is another"""
    outputs: tuple[PairOutput, ...] = ()
    """default: what both sides call by the same name"""
    onnx: OnnxFile | None = None
    """the same network in ONNX, as a third side"""
    mapping: tuple[WeightEntry, ...] = field(name="weight", default=())
    """pairs of weights that cannot be derived"""
    dtype: Dtype = "float32"
    """in which both are compared; the referee is float64"""
    threads: Annotated[int, Meta(ge=0)] = 0
    """0: as each framework chooses"""
    repeats: Annotated[int, Meta(ge=2, le=100)] = 3
    """of each run, to see whether a side repeats itself"""
    draws: Annotated[int, Meta(ge=2, le=1000)] = 8
    """of the rounding noise from which tolerances are derived"""
    timeout: Annotated[float, Meta(gt=0)] = 900.0
    """seconds that one question to a side may take"""


class RunOutput(Tolerance, frozen=True, kw_only=True):
    """An array that two runs left, by its name on both sides."""

    name: Id
    """what reports call it"""
    left: str
    """path below {out}"""
    right: str
    """path below {out}"""
    axes: Axes = ()
    """the right side's axes in the order of the left's; empty: the same order"""
    image: bool = False
    """its last two axes are an image's height and width"""

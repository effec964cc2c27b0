"""What parityhub asks a child that holds a model, and what the child answers: JSON, a line each.

A request is an object whose `do` names the verb; `key` names one of the models that the child
holds. Arrays travel as files (.npy, .npz of named arrays), never inside the JSON. An answer is
`{"answer": ...}`, or `{"error": line, "hint": line}` where a user can mend what went wrong.
"""

from typing import Literal, NotRequired, TypedDict

Verb = Literal[
    "open", "close", "read", "load", "restore", "run", "trace", "values", "replay", "noise", "ulps",
    "gradient", "explain",
]  # fmt: skip


class WeightInfo(TypedDict):
    """A weight as a framework holds it, in the framework's own order."""

    name: str
    """full path: `block_1/conv/kernel`, `block.1.conv.weight`"""
    shape: list[int]
    dtype: str
    owner: str
    """path of the layer or module that holds it"""
    kind: str
    """class of the owner: `Conv2D`, `BatchNorm2d`, `LSTM`"""
    role: str
    """what the owner calls it: `kernel`, `gamma`, `weight_ih_l0`"""
    trainable: bool


class Opened(TypedDict):
    """A model that was built: its weights and the dtype that it came out with."""

    weights: list[WeightInfo]
    dtype: str
    """of the floating outputs of one forward pass: how a model without a dtype switch shows"""
    versions: dict[str, str]
    threads: int


class Restored(TypedDict):
    """A checkpoint whose weights a model took over, all of them and no other."""

    weights: int
    """how many"""
    format: str
    """what the file was read as: `state dict`, `SavedModel`"""
    prefix: str
    """what each name in the file has before the model's own; empty: nothing"""


class Output(TypedDict):
    """An output of a model, kept as a file."""

    name: str
    """a dictionary's key; `output` where there is one alone; the place of a tuple, from `0`"""
    named: bool
    """the model itself names it: a dictionary's key, or one output alone"""
    file: str
    shape: list[int]
    dtype: str
    spread: float
    """largest |difference| between repeats; 0.0 where each repeat was the same bit for bit"""


class Ran(TypedDict):
    """What a model made of its input."""

    outputs: list[Output]
    seconds: list[float]
    """of each forward pass, compute alone"""


class Sketch(TypedDict):
    """A value in a few numbers: those of its elements whatever their order, and projections."""

    size: int
    nonfinite: int
    mean: float
    rms: float
    cube: float
    """mean of x³: with mean and rms it tells apart what happens to share the first two moments"""
    low: float
    high: float
    projections: dict[str, list[float]]
    """axes order, `0312`, to seeded rank-1 projections of the value with its axes so ordered"""
    channels: NotRequired[list[list[float]]]
    """mean and rms along the last axis of the value in TensorFlow's order; at most 64 channels"""


class Node(TypedDict):
    """An operation that depends on the model's inputs, in the order in which it ran."""

    id: int
    op: str
    """as the framework calls it: `Conv2D`, `aten.convolution.default`"""
    name: str
    """full path, stable over dtypes: a layer's path where it is that layer's output, else the
    layer's path, the operation and, where it comes again, `#2`"""
    layer: str
    """path of the innermost layer or module that it ran in; empty: in none"""
    inputs: list[int]
    """operations (or inputs of the model, by negative id) whose values it takes"""
    weights: list[str]
    """weights that it takes, directly or through operations on weights alone"""
    moves: bool
    """it only moves elements about: transpose, reshape, identity, cast to the same dtype"""
    shape: list[int]
    dtype: str
    attributes: dict[str, str]
    """what the operation was called with besides tensors, as text: strides, padding, epsilon"""
    sketch: NotRequired[Sketch]


class Traced(TypedDict):
    """One forward pass, operation by operation."""

    nodes: list[Node]
    inputs: dict[str, int]
    """name of an input to its (negative) id"""
    outputs: dict[str, int]
    """name of an output to the id of the operation that made it"""


class Response(TypedDict):
    """How an output of the float64 network answers to the rounding of another dtype."""

    name: str
    size: int
    sigma_max: float
    """largest standard deviation of an element, over the draws"""
    sigma_rms: float
    """root mean square of it over the elements"""
    scale: float
    """largest |element| of the output"""


class Share(TypedDict):
    """What one operation adds to the variance of an output."""

    name: str
    op: str
    output: str
    length: int
    """of its reduction: how many products a sum has; 1: elementwise"""
    growth: float
    """standard deviation of its own rounding, relative to its output's rms, in unit roundoffs"""
    share: float
    """of the output's variance, 0 to 1; the shares of an output add up to 1"""


class Floor(TypedDict):
    """The rounding of one stretch of operations alone, its inputs being exact."""

    sigma_max: float
    sigma_rms: float
    scale: float
    size: int


class Noisy(TypedDict):
    """What the float64 network says of the rounding of another dtype."""

    draws: int
    responses: list[Response]
    shares: list[Share]
    floors: dict[str, Floor]
    """name of an operation to the floor at its output; where `nodes` were asked for"""
    gradients: dict[str, Floor]
    """name of a weight to the floor of its gradient; where `gradient` was asked for"""


class Ulp(TypedDict):
    """How far an elementwise function is from the exact one, in ULP of the result."""

    max: float
    rms: float


class Deviation(TypedDict):
    """A value against the other side's, elements in the same order."""

    max_abs: float
    rms: float
    scale: float
    """largest |element| of the other side's"""


class Replayed(TypedDict):
    """Operations run again with some values replaced."""

    sketches: dict[str, Sketch]
    """name of an operation to the sketch of what it gave"""
    deviations: dict[str, Deviation]
    """name of an operation to what it gave against the other side's value, before replacement"""


class Gradients(TypedDict):
    """One backward pass."""

    loss: float
    weights: str
    """.npz: name of a weight to its gradient"""
    nodes: dict[str, str]
    """name of an operation to the file of the loss's gradient with respect to its value"""


class Explained(TypedDict):
    """What change of an operation makes it give what the other side gave."""

    cause: str
    detail: str
    before: float
    """largest |deviation|, relative to the other side's scale"""
    after: float
    """the same with the change"""

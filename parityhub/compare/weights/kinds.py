"""What kinds of layers there are, and what each calls its weights."""

import re

TENSORFLOW_KINDS = {
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), "conv"),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), "depthwise"),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), "separable"),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), "transposed"),
    "Dense": "dense",
    "EinsumDense": "einsum",
    **dict.fromkeys(("MultiHeadAttention", "GroupedQueryAttention"), "einsum"),
    "Embedding": "table",
    "BatchNormalization": "batchnorm",
    **dict.fromkeys(("LayerNormalization", "GroupNormalization", "RMSNormalization"), "norm"),
    **dict.fromkeys(("LSTM", "LSTMCell"), "lstm"),
    **dict.fromkeys(("GRU", "GRUCell"), "gru"),
    **dict.fromkeys(("SimpleRNN", "SimpleRNNCell"), "rnn"),
    "PReLU": "slope",
}
PYTORCH_KINDS = {
    **dict.fromkeys(("Conv1d", "Conv2d", "Conv3d"), "conv"),
    **dict.fromkeys(("ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"), "transposed"),
    **dict.fromkeys(("Linear", "NonDynamicallyQuantizableLinear"), "dense"),
    **dict.fromkeys(("Embedding", "EmbeddingBag"), "table"),
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm"), "batchnorm"),
    **dict.fromkeys(("LayerNorm", "GroupNorm", "RMSNorm"), "norm"),
    **dict.fromkeys(("LSTM", "LSTMCell"), "lstm"),
    **dict.fromkeys(("GRU", "GRUCell"), "gru"),
    **dict.fromkeys(("RNN", "RNNCell"), "rnn"),
    "PReLU": "slope",
    "MultiheadAttention": "attention",
}
RECURRENT = frozenset(("lstm", "gru", "rnn"))
FREE = "free"
"""a class that is not known: a user's own"""

ROLES = {
    "kernel": "weight",
    "gamma": "weight",
    "scale": "weight",
    "embeddings": "weight",
    "alpha": "weight",
    "beta": "bias",
    "moving_mean": "mean",
    "moving_variance": "variance",
    "running_mean": "mean",
    "running_var": "variance",
    "var": "variance",
    "recurrent_kernel": "recurrent",
}
"""what a role is called on both sides; `weight` and `bias` are called so"""
COMMON_ROLES = frozenset(("weight", "bias", "mean", "variance"))
COUNTERS = frozenset((("BatchNorm", "num_batches_tracked"), ("Normalization", "count")))
"""kinds, or how they begin, and their buffers that count and are no weights"""

PARTNERS = {
    "conv": frozenset(("conv", "dense")),
    "depthwise": frozenset(("conv",)),
    "transposed": frozenset(("transposed",)),
    "dense": frozenset(("dense", "conv")),
    "einsum": frozenset(("dense",)),
    "table": frozenset(("table",)),
    "batchnorm": frozenset(("batchnorm",)),
    "norm": frozenset(("norm",)),
    "lstm": frozenset(("lstm",)),
    "gru": frozenset(("gru",)),
    "rnn": frozenset(("rnn",)),
    "slope": frozenset(("slope",)),
}
"""kinds of TensorFlow to those of PyTorch that do the same; a user's own may be any of them"""

CELL = re.compile(r"(lstm|gru|simple_rnn)_cell(_\d+)?")
DIRECTION = re.compile(r"(forward|backward)_(.+)")
RECURRENT_ROLE = re.compile(r"(weight|bias)_(ih|hh)(?:_l(\d+))?(_reverse)?")
FUSED = frozenset(("qkv",))
"""last words of a projection that gives query, key and value one after the other"""
PROJECTIONS = ("query", "key", "value")

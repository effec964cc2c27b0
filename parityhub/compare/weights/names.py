"""Names of layers as words and numbers, so that two spellings of one name are the same."""

import re
from dataclasses import dataclass

SYNONYMS = {
    "batch normalization": "bn",
    "batch norm": "bn",
    "batchnorm": "bn",
    "batchnormalization": "bn",
    "layer normalization": "ln",
    "layer norm": "ln",
    "layernorm": "ln",
    "layernormalization": "ln",
    "normalization": "norm",
    "linear": "dense",
    "fc": "dense",
    "embedding": "embed",
    "embeddings": "embed",
    "emb": "embed",
    "q proj": "query",
    "k proj": "key",
    "v proj": "value",
    "q": "query",
    "k": "key",
    "v": "value",
    "attention output": "output",
    "out proj": "output",
    "o proj": "output",
    "multi head attention": "attn",
    "multihead attention": "attn",
    "self attention": "attn",
    "self attn": "attn",
    "attention": "attn",
    "mha": "attn",
    "transpose": "transposed",
    "prelu": "act",
    "activation": "act",
    "downsample": "down",
    "upsample": "up",
    "projection": "proj",
    "project": "proj",
}
GENERIC = frozenset(
    ("conv", "transposed", "depthwise", "pointwise", "dense", "bn", "ln", "norm", "embed", "lstm",
     "gru", "rnn", "simple", "bidirectional", "act", "layer", "layers", "block", "blocks", "model",
     "module", "features", "net", "network", "weight", "attn", "einsum")
)  # fmt: skip
"""words that name a kind, not a layer: their numbers count, as a framework numbers by itself"""
WRAPPERS = frozenset(("model", "module", "features", "net", "network", "layers", "backbone"))
"""words that a port adds or leaves out"""

_LONGEST = max(len(phrase.split()) for phrase in SYNONYMS)


@dataclass(frozen=True)
class Name:
    """A path: its words, and the numbers between them."""

    stem: tuple[str, ...]
    """words, and `#` where a number stands; none at the end"""
    numbers: tuple[int, ...]
    """padded with 0 where there is none at the end: Keras numbers `conv2d`, `conv2d_1`"""

    @property
    def words(self) -> frozenset[str]:
        """Return the words that tell this layer from others of its kind."""
        return frozenset(self.stem) - GENERIC - {"#"}

    @property
    def generic(self) -> bool:
        """Whether only numbers tell it from others of its kind."""
        return not self.words


def read_name(path: str) -> Name:
    """Read a path of either framework: `block_1_expand`, `block.1.expand`, `Block1Expand`."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", path).lower()
    text = re.sub(r"(?<=[a-z])([_.]?[123]d)(?![a-z0-9])", "", text)
    return make_name(_replace_synonyms(re.findall(r"[a-z]+|\d+", text)))


def make_name(tokens: tuple[str, ...]) -> Name:
    """Make a name of words and numbers."""
    stem = ["#" if token.isdigit() else token for token in tokens]
    numbers = [int(token) for token in tokens if token.isdigit()]
    if stem and stem[-1] == "#":
        stem.pop()
    else:
        numbers.append(-1)
    return Name(tuple(stem), tuple(numbers))


def list_tokens(name: Name) -> tuple[str, ...]:
    """Return the words and numbers that a name was made of."""
    numbers = list(name.numbers)
    tokens = [str(numbers.pop(0)) if part == "#" else part for part in name.stem]
    return (*tokens, *(str(number) for number in numbers if number >= 0))


def drop_wrappers(name: Name) -> Name:
    """Leave out words that only wrap: `model.features.conv` is `conv`."""
    return make_name(tuple(token for token in list_tokens(name) if token not in WRAPPERS))


def sort_words(name: Name) -> Name:
    """Order the words: `bn_conv_1` and `conv_bn_1` are the same; numbers stay in their order."""
    words = sorted(part for part in name.stem if part != "#")
    places = ["#"] * (len(name.stem) - len(words))
    return Name((*words, *places), name.numbers)


def drop_prefix(names: list[Name]) -> list[Name]:
    """Leave out the words with which all names begin."""
    tokens = [list_tokens(name) for name in names]
    shared = 0
    while len(names) > 1 and all(len(each) > shared + 1 for each in tokens):
        if len({each[shared] for each in tokens}) > 1:
            break
        shared += 1
    return [make_name(each[shared:]) for each in tokens]


def _replace_synonyms(tokens: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    place = 0
    while place < len(tokens):
        for length in range(_LONGEST, 0, -1):
            phrase = " ".join(tokens[place : place + length])
            if phrase in SYNONYMS and place + length <= len(tokens):
                found.append(SYNONYMS[phrase])
                place += length
                break
        else:
            found.append(tokens[place])
            place += 1
    return tuple(found)

"""What looks like a path, and the alternatives that a brace list stands for."""

import re

EXTENSIONS = frozenset(
    re.findall(
        r"\S+",
        "log txt md json jsonl toml yaml yml csv tsv npy npz h5 hdf5 zip gz tar png jpg jpeg svg"
        " pdf html xml sarif py sh dill pkl pt pth ckpt keras safetensors onnx pb sha1 sha256 md5"
        " ipynb ini cc cpp h rst lock whl parquet out err env dat bin cfg nii tif tiff mat nc",
    )
)
BARE_EXTENSIONS = EXTENSIONS - frozenset(
    ["h", "pt", "pb", "out", "err", "keras", "lock", "env", "dat", "cfg", "mat", "nc"]
)
"""without a folder, these may be an attribute of something"""
FOLDERS = frozenset(
    re.findall(
        r"\S+",
        "analysis cli green red outputs output datasets data tests test docs doc src scripts plans"
        " plan reports report logs results scaling_alignment tf_baseline torch_baseline templates"
        " guards checkpoints artifacts",
    )
)
ANCHOR = re.compile(r"(?:\$\{?\w{1,64}\}?|\.{1,2}|~|<[\w-]{1,64}>|\[\w{1,64}\]|\{\w{1,64}\})?/")
COMPONENT = re.compile(r"[\w.@%+=~*?<>$\[\]{} -]{1,255}$")
NAMED = re.compile(r"[\w*?<>\[\]{}$-]")
MOST_ALTERNATIVES = 256
DEEPEST_BRACES = 8


def extension(path: str) -> str:
    """What follows the last dot of the last component, in lower case."""
    last = path.rsplit("/", 1)[-1]
    stem, dot, suffix = last.rpartition(".")
    return suffix.lower() if dot and (stem or "/" in path) else ""


def is_path(token: str, code: bool) -> bool:
    """Does a token name a file or folder?

    Args:
        token: without brace lists, line numbers and punctuation around it.
        code: whether it stands in a span or block of code.
    """
    if len(token) < 3 or len(token) > 4096 or "//" in token or "://" in token:
        return False
    components = token.rstrip("/").split("/")
    if not all(COMPONENT.match(part) or not part for part in components):
        return False
    suffix = extension(token)
    if len(components) == 1 and not token.endswith("/"):
        stem = token.rsplit(".", 1)[0]
        return suffix in BARE_EXTENSIONS and bool(NAMED.search(stem)) and not stem.endswith(".")
    if ANCHOR.match(token) and any(part.strip(".~$<>[]{}") for part in components):
        return not token.startswith("/") or len(components) > 2 or suffix in EXTENSIONS
    if suffix in EXTENSIONS:
        return True
    if token.endswith("/"):
        return len(token) > 3 and not components[-1].isupper()
    telling = code or any("_" in part or part[-1:].isdigit() for part in components)
    return components[0] in FOLDERS and telling


def split_pair(token: str) -> list[tuple[int, str]]:
    """Two file names written with a slash between them: `stats.json/grid.png`."""
    parts = token.split("/")
    if len(parts) != 2 or "." not in parts[0]:
        return [(0, token)]
    if all(extension(part) in BARE_EXTENSIONS - {"zip"} for part in parts):
        return [(0, parts[0]), (len(parts[0]) + 1, parts[1])]
    return [(0, token)]


def find_close(text: str, start: int, limit: int) -> int:
    """Index of the `}` that closes the `{` at `start`, or -1."""
    depth = 0
    for at in range(start, min(len(text), start + limit)):
        if text[at] == "{":
            depth += 1
            if depth > DEEPEST_BRACES:
                return -1
        elif text[at] == "}":
            depth -= 1
            if depth == 0:
                return at
    return -1


def expand_braces(token: str) -> list[tuple[int, int, str]]:
    """The alternatives of a brace list, each with its place; a token without a list as it is.

    Only braces with a comma are lists: `{out}/a.json` names a placeholder.

    Returns:
        (start, end, path), the place being that of the innermost alternative.
    """
    found = [(0, len(token), "", token, 0)]
    done: list[tuple[int, int, str]] = []
    while found and len(done) < MOST_ALTERNATIVES:
        start, end, head, rest, at = found.pop()
        opened = _find_list(rest)
        if opened is None:
            done.append((start, end, head + rest))
            continue
        begin, close = opened
        choices = _split_choices(rest, begin + 1, close)
        for first, last in reversed(choices[:MOST_ALTERNATIVES]):
            inner = rest[first:last]
            tail = rest[close + 1 :]
            lead = len(inner) - len(inner.lstrip())
            if _find_list(inner) is None:
                where = (at + first + lead, at + first + len(inner.rstrip()))
                found.append((*where, head + rest[:begin] + inner.strip(), tail, at + close + 1))
            else:
                found.append(
                    (start, end, head + rest[:begin], inner.strip() + tail, at + first + lead)
                )
    return done


def _find_list(text: str) -> tuple[int, int] | None:
    """The first braces that hold a comma."""
    at = text.find("{")
    while at >= 0:
        close = find_close(text, at, 1 << 16)
        if close < 0:
            return None
        if "," in text[at:close]:
            return at, close
        at = text.find("{", at + 1)
    return None


def _split_choices(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the alternatives between two braces stand."""
    choices, depth, begin = [], 0, start
    for at in range(start, end):
        sign = text[at]
        if sign == "," and depth == 0:
            choices.append((begin, at))
            begin = at + 1
        depth += (sign == "{") - (sign == "}")
    choices.append((begin, end))
    return choices

"""What must not be published: secrets, and where on this machine things lie."""

import os
import re
from pathlib import Path, PurePath

SECRET_WORDS = frozenset(
    ("KEY", "APIKEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "AUTH")
)


def names_secret(name: str) -> bool:
    """Say whether a variable's name has a secret's word as one of its parts.

    `AWS_SECRET_ACCESS_KEY` and `HF_TOKENS` do; `KERAS_BACKEND` and `TOKENIZERS_PARALLELISM` do not.
    """
    parts = re.split(r"[^A-Z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper())
    return any(part in SECRET_WORDS or part.removesuffix("S") in SECRET_WORDS for part in parts)


def hide_secret(name: str, value: str) -> str:
    """Return the value of a variable, or `[redacted]` where its name is a secret's."""
    return "[redacted]" if names_secret(name) else value


def hide_path(word: str, root: str | None) -> str:
    """Return a word of a command line with its absolute path made fit to publish.

    A path below `root` becomes relative to it, any other `<outside>/<its last part>`. The path
    may stand behind `--option=`. What is no absolute path comes back as it is.
    """
    option, equals, value = word.partition("=") if word.startswith("-") else ("", "", word)
    if not PurePath(value).is_absolute():
        return word
    return option + equals + _shorten(value, root)


def _shorten(path: str, root: str | None) -> str:
    if root:
        # As written first: an interpreter in a virtual environment is a link out of it.
        for resolve in (os.path.normpath, os.path.realpath):
            below, above = Path(resolve(path)), Path(resolve(root))
            if below.is_relative_to(above):
                return below.relative_to(above).as_posix()
    return f"<outside>/{PurePath(os.path.normpath(path)).name}"

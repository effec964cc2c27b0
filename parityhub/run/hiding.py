"""What logs and records show instead of secrets and of this machine's folders."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parityhub.capture.redaction import names_secret

REDACTED = "[redacted]"
SECRET_LENGTH = 6
"""characters; a shorter value is no secret, and replacing it would garble a log"""
BEGINS = r"(?:(?<![\w.-])|(?<=-[A-Za-z]))"
"""where a folder's path begins: not within another path; `-I` may stand before it"""
ENDS = r"(?![\w.-])"


@dataclass(frozen=True)
class Hider:
    """Replaces what is not to be published. `pairs`: patterns, and what is shown for a match."""

    pairs: tuple[tuple[str, str], ...] = ()

    def hide_text(self, text: str) -> str:
        """Return a text fit to publish."""
        for pattern, shown in self.pairs:
            text = re.sub(pattern, lambda _, shown=shown: shown, text)  # type: ignore[misc]
        return text

    def hide_tree(self, value: Any) -> Any:
        """Return a JSON value with each text in it fit to publish."""
        if isinstance(value, str):
            return self.hide_text(value)
        if isinstance(value, Mapping):
            return {name: self.hide_tree(entry) for name, entry in value.items()}
        if isinstance(value, list | tuple):
            return [self.hide_tree(entry) for entry in value]
        return value

    def hide_env(self, variables: Mapping[str, str | None]) -> dict[str, str | None]:
        """Return variables fit to publish; one whose name is a secret's shows only that it is set.

        A value that lies in the repository is shown relative to it.
        """
        return {
            name: None if value is None else hide_value(name, self.hide_text(value))
            for name, value in variables.items()
        }


def hide_value(name: str, value: str) -> str:
    """Return a variable's value, or `[redacted]` where its name is a secret's."""
    return REDACTED if names_secret(name) else value


def make_hider(variables: Mapping[str, str | None], root: Path) -> Hider:
    """Make what hides the secrets among variables, and where on this machine things lie.

    A path below the repository is shown relative to it, one below the home folder from `~`.
    """
    secrets = {
        part: f"[redacted {name}]"
        for name, value in variables.items()
        if names_secret(name)
        for part in (value or "").splitlines()
        if len(part) >= SECRET_LENGTH
    }
    # The longer first: one secret may be the beginning of another.
    pairs = [(re.escape(part), secrets[part]) for part in sorted(secrets, key=len, reverse=True)]
    for folder in sorted({str(root), os.path.realpath(root)}, key=len, reverse=True):
        pairs += pair_folder(folder, "", ".")
    pairs += pair_folder(variables.get("HOME") or "", "~/", "~")
    return Hider(tuple(pairs))


def pair_folder(folder: str, below: str, itself: str) -> list[tuple[str, str]]:
    """Return patterns of what lies below a folder and of the folder, with what is shown."""
    plain = folder.rstrip("/")
    if not plain:
        return []
    return [
        (f"{BEGINS}{re.escape(plain)}/", below),
        (f"{BEGINS}{re.escape(plain)}{ENDS}", itself),
    ]

"""How the programs of this package read their command line and report a user's mistake."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from parityhub.errors import Error, OptionError


class CommandParser(argparse.ArgumentParser):
    """A parser that raises OptionError where argparse would print its usage and exit."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings, allow_abbrev=False)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Raise OptionError with argparse's message."""
        raise OptionError(message, hint=f"{self.prog} --help shows the options")


@contextmanager
def report_errors() -> Iterator[None]:
    """End the process with one line and a hint where a user can mend what went wrong."""
    try:
        yield
    except Error as error:
        sys.stderr.write(f"error: {error.message}\nhint: {error.hint}\n")
        sys.exit(error.exit_code)


def parse_positive(text: str) -> int:
    """Read an integer of at least 1."""
    return _parse_at_least(text, 1)


def parse_count(text: str) -> int:
    """Read an integer of at least 0."""
    return _parse_at_least(text, 0)


def parse_patch_size(text: str) -> int:
    """Read a size that the network can halve and halve again: a multiple of 8."""
    value = _parse_at_least(text, 8)
    if value % 8:
        raise argparse.ArgumentTypeError(f"{value} is not a multiple of 8")
    return value


def parse_amount(text: str) -> float:
    """Read a finite number above 0."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a finite number above 0")
    return value


def _parse_at_least(text: str, least: int) -> int:
    value = int(text)
    if value < least:
        raise argparse.ArgumentTypeError(f"{value} is less than {least}")
    return value

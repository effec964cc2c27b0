"""A plan read from its file. What is wrong with it is said with file, line and key."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from parityhub.errors import PlanError
from parityhub.plan.check_plan import check_plan
from parityhub.plan.explain import explain_refusal
from parityhub.plan.locate import find_line, locate_keys
from parityhub.plan.model import Plan
from parityhub.plan.problem import Problem, format_key, keep_to_line

AT_LINE = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL
)


@dataclass(frozen=True)
class LoadedPlan:
    """A plan and the file it was read from."""

    plan: Plan
    path: Path
    sha256: str
    """of the file's bytes"""
    text: str


def read_plan(path: Path) -> LoadedPlan:
    """Read a plan and check all of it.

    Raises:
        PlanError: the file cannot be read, or is not a plan: a line with file, line and key of the
            first thing that is wrong; the hint says how many more there are.
    """
    return parse_plan(path, read_bytes(path))


def parse_plan(path: Path, data: bytes) -> LoadedPlan:
    """Read a plan from the bytes that its file holds, or is to hold.

    Raises:
        PlanError: as `read_plan`.
    """
    text = decode_text(path, data)
    document = parse_document(path, text)
    try:
        plan = msgspec.convert(document, Plan)
    except msgspec.ValidationError as error:
        problems = [explain_refusal(document, str(error))]
    else:
        problems = list(dict.fromkeys(check_plan(plan)))
    if problems:
        raise make_error(path, text, problems)
    return LoadedPlan(plan, path, hashlib.sha256(data).hexdigest(), text)


def read_bytes(path: Path) -> bytes:
    """Read a file whole."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise PlanError(
            f"{path}: cannot be read: {error.strerror}", hint="name a plan with --plan FILE"
        ) from error


def decode_text(path: Path, data: bytes) -> str:
    """Decode a file's bytes; the error names the line of the first byte that is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PlanError(
            f"{path}:{line}: byte 0x{data[error.start]:02x} is not UTF-8",
            hint="save the file as UTF-8",
        ) from error


def parse_document(path: Path, text: str) -> dict[str, Any]:
    """Parse TOML; the error names the line where it stops being TOML."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise PlanError(
            f"{path}:1: lists or tables too deep in each other", hint="write it flat"
        ) from error
    except ValueError as error:
        match = AT_LINE.fullmatch(str(error))
        line = (match and match["line"]) or text.count("\n") + 1
        what = keep_to_line(match["what"] if match else str(error))
        raise PlanError(
            f"{path}:{line}: not TOML: {what}", hint="mend this line; toml.io has the syntax"
        ) from error


def make_error(path: Path, text: str, problems: list[Problem]) -> PlanError:
    """Make the error of the problem that stands first in the file."""
    lines = locate_keys(text)
    first = min(problems, key=lambda problem: find_line(lines, problem.path))
    line, key = find_line(lines, first.path), format_key(first.path)
    more = f" ({len(problems) - 1} more to mend after it)" if len(problems) > 1 else ""
    message = keep_to_line(f"{path}:{line}: {key}: {first.text}")
    return PlanError(message, hint=keep_to_line(first.hint + more))

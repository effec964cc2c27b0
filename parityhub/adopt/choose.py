"""From what was found and what was asked for to a draft; what neither says is asked, or refused."""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

import numpy as np

from parityhub.adopt.builders import Builder
from parityhub.adopt.draft import Draft, make_name
from parityhub.adopt.inputs import Given, choose_axes, find_inputs
from parityhub.adopt.survey import NAMES, Survey
from parityhub.capture.draw_inputs import parse_drawn
from parityhub.errors import DataError, UsageError
from parityhub.plan.part import PLAIN_ID

FLAGS = {"tensorflow": "--tensorflow", "pytorch": "--torch"}
SHOWN = 6
"""builders that a hint lists"""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What somebody said already; what they did not is found or asked."""

    name: str | None = None
    targets: Mapping[str, str] = field(default_factory=dict)
    """by side"""
    drawn: tuple[str, ...] = ()
    """`NAME=SHAPE[:DTYPE[:LOW..HIGH]]`"""
    inputs: str | None = None
    """an .npz, relative to the repository"""
    axes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """by input"""


class Ask(Protocol):
    """Asks a person."""

    def __call__(self, question: str, *, choices: Sequence[str], default: str) -> str:
        """Return the answer; a default of '' is none."""


def choose_draft(root: Path, survey: Survey, wishes: Wishes, ask: Ask | None) -> Draft:
    """Choose what a plan is to say.

    Args:
        root: the repository.
        survey: what was found in it.
        wishes: what is given.
        ask: asks a person for the rest; None: there is nobody to ask.

    Raises:
        UsageError: something is not given, not found, and there is nobody to ask; or a target
            names what is not there.
        DataError: the .npz cannot be read.
        OptionError: an input is not described well.
    """
    targets = {side: choose_target(root, side, survey, wishes, ask) for side in FLAGS}
    name = wishes.name or make_name(root.resolve().name)
    if ask is not None and wishes.name is None:
        name = ask("Name of the plan", choices=(), default=name)
    if not re.fullmatch(PLAIN_ID, name):
        raise UsageError(f"{name!r} is no plain name", hint="letters, digits, '.', '_' and '-'")
    builders = {builder.target: builder for builder in survey.builders}
    pair = (builders.get(targets["tensorflow"]), builders.get(targets["pytorch"]))
    return Draft(
        name=name,
        tensorflow=targets["tensorflow"],
        pytorch=targets["pytorch"],
        given=choose_inputs(root, pair, wishes, ask),
        inputs=wishes.inputs,
    )


def choose_target(root: Path, side: str, survey: Survey, wishes: Wishes, ask: Ask | None) -> str:
    """Choose what builds a side's model."""
    found = [builder.target for builder in survey.list_builders(side)]
    given = wishes.targets.get(side)
    if given is None and ask is not None:
        question = f"What builds the model in {NAMES[side]}? path/to/file.py:function"
        given = ask(question, choices=found[:SHOWN], default=found[0] if found else "")
    needy = {one.target: one.needs for one in survey.builders if one.side == side and one.needs}
    if given is not None:
        check_target(root, given, found)
        refuse_needs(given, needy.get(given, ()))
        return given
    chosen = survey.choose_builder(side)
    if chosen is not None:
        return chosen.target
    if needy and not found:
        refuse_needs(*next(iter(needy.items())))
    if found:
        raise UsageError(
            f"{NAMES[side]}: several functions build a model: {', '.join(found[:SHOWN])}",
            hint=f"say which: {FLAGS[side]} {found[0]}",
        )
    hint = f"say which: {FLAGS[side]} path/to/file.py:function; or parityhub init --example mlp"
    if survey.notebooks:
        hint = f"{survey.notebooks[0]} cannot be imported: put the function into a .py file"
    raise UsageError(
        f"{NAMES[side]}: nothing was found that builds a model from no arguments", hint=hint
    )


def refuse_needs(target: str, needs: Sequence[str]) -> None:
    """Refuse what needs arguments: nobody but its author knows which.

    Raises:
        UsageError: it needs some.
    """
    if needs:
        name = target.rpartition(":")[2]
        values = ", ".join(f"{need}=…" for need in needs)
        raise UsageError(
            f"{target} needs {', '.join(needs)}, and is called without arguments",
            hint=f"name a function that gives them: def build(): return {name}({values})",
        )


def check_target(root: Path, target: str, found: Sequence[str]) -> None:
    """See that a target names a function or class of a file that is there.

    Raises:
        UsageError: it does not. A module by its dotted name is left to the run.
    """
    place, colon, name = target.rpartition(":")
    hint = f"as {found[0]}" if found else "as path/to/file.py:function"
    if not colon or not name.isidentifier():
        raise UsageError(f"{target!r} names no function", hint=hint)
    if not place.endswith(".py"):
        return
    path = check_path(root, place)
    try:
        tree = ast.parse(path.read_bytes(), place)
    except (OSError, SyntaxError, ValueError) as error:
        raise UsageError(f"{place}: no Python that can be read: {error}", hint=hint) from error
    names = [
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ] + [
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    if name not in names:
        raise UsageError(f"{place} has no {name!r}", hint=f"it has {', '.join(names[:SHOWN])}")


def check_path(root: Path, path: str) -> Path:
    """Return a file of the repository.

    Raises:
        UsageError: it lies outside, or is not there.
    """
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts:
        raise UsageError(
            f"{path}: not below the repository", hint="give it relative to the repository"
        )
    if not (root / pure).is_file():
        raise UsageError(
            f"{path}: there is no such file", hint="give it relative to the repository"
        )
    return root / pure


def choose_inputs(
    root: Path,
    pair: tuple[Builder | None, Builder | None],
    wishes: Wishes,
    ask: Ask | None,
) -> list[Given]:
    """Choose what both models take: what is given, what a file holds, what the sources say."""
    tensorflow, pytorch = pair
    if wishes.inputs is not None:
        names = read_names(check_path(root, wishes.inputs), wishes.inputs)
        given = [parse_drawn(f"{name}={','.join(map(str, shape))}") for name, shape in names]
    elif wishes.drawn:
        given = [parse_drawn(text) for text in wishes.drawn]
    else:
        found = find_inputs(tensorflow, pytorch) if tensorflow and pytorch else []
        if ask is not None:
            told = " ".join(str(one.drawn) for one in found)
            question = "What do both take? NAME=SHAPE, batch first, as x=4,8"
            found_texts = ask(question, choices=(), default=told).split()
            given = [parse_drawn(text) for text in found_texts]
        elif found:
            given = [one.drawn for one in found]
        else:
            raise UsageError(
                "what the models take is not written out in their sources",
                hint="say it, batch first: --input x=4,8 (or --inputs FILE.npz)",
            )
    unknown = set(wishes.axes) - {drawn.name for drawn in given}
    if unknown:
        raise UsageError(
            f"--axes {sorted(unknown)[0]}: no input is called so",
            hint=f"the inputs are {', '.join(drawn.name for drawn in given)}",
        )
    return [
        Given(
            drawn,
            wishes.axes.get(drawn.name, choose_axes(drawn, pytorch) if pytorch else ()),
        )
        for drawn in given
    ]


def read_names(path: Path, shown: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return name and shape of each array of an .npz.

    Raises:
        DataError: it is no such file, or holds what cannot be put to a model.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            found = [(name, arrays[name].shape) for name in arrays.files]
    except (OSError, ValueError, EOFError, TypeError, AttributeError) as error:
        raise DataError(
            f"{shown}: no .npz of arrays: {error}", hint="write it with np.savez"
        ) from error
    bad = [name for name, shape in found if not name.isidentifier() or not shape or 0 in shape]
    if bad or not found:
        raise DataError(
            f"{shown}: {f'{bad[0]!r} cannot be put to a model' if bad else 'holds no array'}",
            hint="give each array a plain name and a batch axis",
        )
    return found

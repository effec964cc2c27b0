"""The two children of a pair: each model in its own process, with its own environment."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from parityhub.plan.pair import Implementation, Pair
from parityhub.run.dialogue import Dialogue, Partner, open_dialogue
from parityhub.run.environment import build_environment
from parityhub.run.expand import Places, expand_text
from parityhub.run.setting import Tell, Tick

THIRD = "onnx"
"""the side of a pair's network in ONNX"""


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """Where a pair's children work, and with whose environment."""

    root: Path
    """the repository: relative paths of targets start here"""
    folder: Path
    """what they leave; made anew"""
    data: Mapping[str, Path]
    """the files behind {data.NAME}"""
    inherited: Mapping[str, str]
    controlled: frozenset[str]
    """variables that are never inherited"""
    pythons: Mapping[str, str]
    """interpreter by side"""
    tell: Tell
    tick: Tick

    def capture(self, side: str) -> Path:
        """Return the folder in which a side's process records its environment."""
        return self.folder / f"capture_{side}"

    def log(self, side: str) -> Path:
        """Return the file that a side's standard error goes to."""
        return self.folder / f"{side}.log"


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Both children under way."""

    tensorflow: Dialogue
    pytorch: Dialogue
    onnx: Dialogue | None
    """the third side, where the pair has one"""
    asked: Mapping[str, Mapping[str, str]]
    """variables that the plan asks for, by side"""


def list_sides(pair: Pair) -> tuple[str, ...]:
    """Return the names of all that have a process."""
    return ("tensorflow", "pytorch") if pair.onnx is None else ("tensorflow", "pytorch", THIRD)


def list_pythons(pair: Pair) -> dict[str, str | None]:
    """Return the interpreter that the plan gives each side; None: it gives none."""
    pythons = {side: each.python for side, each in name_sides(pair).items()}
    return pythons if pair.onnx is None else {**pythons, THIRD: pair.onnx.python}


def name_sides(pair: Pair) -> dict[str, Implementation]:
    """Return the implementations by the name of their side."""
    return {"tensorflow": pair.tensorflow, "pytorch": pair.pytorch}


@contextmanager
def open_sides(pair: Pair, place: Workplace) -> Iterator[Sides]:
    """Start both children, and that of a third side; they have ended on the way out.

    Raises:
        EvidenceError: one cannot be started.
    """
    if place.folder.exists():
        shutil.rmtree(place.folder)
    asked = {
        side: {
            name: expand_text(value, places_of(place, side), {})
            for name, value in implementation.env.items()
        }
        for side, implementation in name_sides(pair).items()
    }
    with ExitStack() as stack:
        started = {
            side: stack.enter_context(
                open_dialogue(make_partner(pair, place, side, asked.get(side, {})), place.tick)
            )
            for side in list_sides(pair)
        }
        yield Sides(
            tensorflow=started["tensorflow"],
            pytorch=started["pytorch"],
            onnx=started.get(THIRD),
            asked=asked,
        )


def make_partner(pair: Pair, place: Workplace, side: str, asked: Mapping[str, str]) -> Partner:
    """Return a side's child as it is to be started."""
    place.capture(side).mkdir(parents=True, exist_ok=True)
    env = build_environment(
        place.inherited, place.controlled, asked, place.capture(side), place.root
    )
    return Partner(
        name=side,
        argv=(place.pythons[side], "-m", f"parityhub.frameworks.{side}"),
        cwd=place.root,
        env=env,
        log=place.log(side),
        timeout=pair.timeout,
    )


def expand_target_options(
    implementation: Implementation, place: Workplace, side: str
) -> dict[str, bool | int | float | str]:
    """Return the options that a target is called with, filled in."""
    places = places_of(place, side)
    return {
        name: expand_text(value, places, {}) if isinstance(value, str) else value
        for name, value in implementation.options.items()
    }


def places_of(place: Workplace, side: str) -> Places:
    """Return what placeholders stand for in a side's options and variables."""
    return Places(python=place.pythons[side], root=place.root, out=place.folder, data=place.data)

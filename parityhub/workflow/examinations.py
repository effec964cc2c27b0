"""Examinations of a check about two sides: each has a number, which what it leaves is named by."""

from parityhub.compare.referee.request import SIDES
from parityhub.hub import layout
from parityhub.hub.store import Hub
from parityhub.plan.model import Phase


def number_examination(hub: Hub, phase: Phase, check: str) -> int:
    """Return the number of the next examination of a check, from 1.

    One that came to nothing keeps its number: its logs and environments lie there.
    """
    number = 1
    while any(hub.has(path) for path in list_paths(phase, check, number)):
        number += 1
    return number


def list_paths(phase: Phase, check: str, number: int) -> list[str]:
    """List where an examination may have left something."""
    key = (phase.folder, phase.id, check, number)
    return [
        layout.comparison_path(*key),
        layout.localization_path(*key),
        *(
            path(*key, side)
            for side in SIDES
            for path in (layout.pair_log_path, layout.pair_env_path)
        ),
    ]

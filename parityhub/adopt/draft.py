"""A plan as it is written for a pair: what is to be said in it, and its text."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from parityhub.adopt.inputs import Given
from parityhub.report.render import render_template

PHASE = "FORWARD"
SEED = 7


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a plan is to say."""

    name: str
    """of the initiative and its pair, a plain name"""
    tensorflow: str
    """target"""
    pytorch: str
    """target"""
    given: Sequence[Given]
    """what both models take; drawn from a seed unless a file is named"""
    inputs: str | None = None
    """an .npz of the repository that is put to both models; None: it is drawn"""


def write_plan(draft: Draft) -> str:
    """Return the text of a plan: one pair, its input, and one phase that compares it forward."""
    view = {
        "name": draft.name,
        "id": make_id(draft.name),
        "phase": PHASE,
        "seed": SEED,
        "tensorflow": draft.tensorflow,
        "pytorch": draft.pytorch,
        "own_inputs": draft.inputs is not None,
        "inputs": draft.inputs or f"outputs/inputs/{draft.name}.npz",
        "drawn": [str(given.drawn) for given in draft.given],
        "note": "; ".join(given.drawn.describe() for given in draft.given),
        "axes": [
            {"name": given.drawn.name, "axes": str(list(given.axes))}
            for given in draft.given
            if given.axes
        ],
    }
    return render_template("plan.toml.j2", view)


def make_id(name: str) -> str:
    """Return an initiative's id from its name: capitals, as people write them."""
    return name.upper()


def make_name(text: str) -> str:
    """Return a plain name from what a folder is called; `port` where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower() or "port"

"""Planting a mistake by its name."""

from collections.abc import Callable, Mapping

from torch import nn

from parityhub.errors import OptionError

Plant = Callable[[nn.Module], None]
"""changes a model in place"""


def plant_one(model: nn.Module, name: str, plants: Mapping[str, Plant]) -> nn.Module:
    """Make one mistake in a model and return it; an empty name makes none.

    Raises:
        OptionError: there is no such mistake.
    """
    if not name:
        return model
    if name not in plants:
        raise OptionError(f"no fault is called {name!r}", hint=f"one of {', '.join(plants)}")
    plants[name](model)
    return model

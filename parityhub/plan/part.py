"""What each table of a plan is made of."""

import re
from typing import Annotated

from msgspec import Meta, Struct

PLAIN_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z"
Id = Annotated[str, Meta(pattern=PLAIN_ID, description="a plain id")]
OptionValue = bool | int | float | str
PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9._-]*)\}")
Text = Annotated[str, Meta(min_length=1, pattern=r"\S")]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the plan: frozen, and an unknown key is an error."""

"""A model that can be asked: what compare sees of a child."""

from collections.abc import Mapping
from typing import Any, Protocol


class Probe(Protocol):
    """A child that holds a model of one framework. parityhub.capture.protocol has the answers."""

    def ask(self, request: Mapping[str, Any]) -> Any:
        """Put a request and return its answer.

        Raises:
            EvidenceError: the child refused it, ended, or did not answer in time.
        """

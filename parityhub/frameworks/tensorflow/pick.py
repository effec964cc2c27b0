"""Nodes by name."""

import difflib
from collections.abc import Iterable, Sequence

from parityhub.errors import UsageError
from parityhub.frameworks.tensorflow.nodes import GraphNode


def pick_nodes(nodes: Iterable[GraphNode], names: Sequence[str]) -> list[GraphNode]:
    """Return the nodes of these names, in their own order.

    Raises:
        UsageError: there is none of a name.
    """
    by_name = {node.node["name"]: node for node in nodes}
    for name in names:
        if name not in by_name:
            close = difflib.get_close_matches(name, by_name, n=3)
            raise UsageError(
                f"the model has no operation named {name!r}",
                hint=f"close to it are {close}" if close else "trace lists the names",
            )
    wanted = set(names)
    return [node for name, node in by_name.items() if name in wanted]

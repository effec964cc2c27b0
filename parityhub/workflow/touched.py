"""Which files of the repository were touched between two entries of a hub."""

from pathlib import Path

from parityhub.hub.history import History
from parityhub.hub.ledger_records import Touched
from parityhub.hub.store import Hub
from parityhub.run.git import list_touched

MOST_FILES = 200
"""touched files that are named"""


def read_touched(hub: Hub, history: History, root: Path) -> Touched | None:
    """Return the files touched since the turn before, or since the hub's first run.

    None where there is no repository, or git no longer knows that commit.
    """
    since = find_base(history)
    reports = hub.root.parent.parent
    found = list_touched(root, since, reports) if since else None
    if since is None or found is None:
        return None
    kept = tuple(found[:MOST_FILES])
    return Touched(since=since, files=kept, left_out=len(found) - len(kept))


def find_base(history: History) -> str | None:
    """Return the commit that touched files are compared with."""
    turns = [turn.git_commit for turn in history.turns if turn.git_commit]
    starts = [start.git_commit for start in history.starts if start.git_commit]
    return turns[-1] if turns else starts[0] if starts else None

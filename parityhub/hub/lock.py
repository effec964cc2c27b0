"""One writer a hub: a lock beside the hub that says who holds it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from parityhub.errors import HubError


@contextmanager
def hold_hub(root: Path, *, command: str, since: str) -> Iterator[None]:
    """Hold a hub while writing to it.

    The lock lies beside the hub, not in it, so that a hub can be published as it is. The system
    lets go of it when the holder dies, however it dies.

    Raises:
        HubError: another process holds it; the message says which, what it runs and since when.
    """
    lock_file = root.parent / f".{root.name}.lock"
    owner_file = locate_owner(root)
    lock = FileLock(lock_file, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise HubError(
            f"{root}: another process writes to this hub: {describe_owner(owner_file)}",
            hint="wait for it to end, or start another hub with --new-hub",
        ) from error
    try:
        owner_file.write_text(
            json.dumps({"pid": os.getpid(), "command": command, "since": since}), encoding="utf-8"
        )
        yield
    finally:
        # The lock file stays: to remove it would let two holders lock two files of one name.
        owner_file.unlink(missing_ok=True)
        lock.release()


@dataclass(frozen=True)
class Owner:
    """Who holds a hub."""

    pid: int
    command: str
    since: str


def locate_owner(root: Path) -> Path:
    """Return where the holder of a hub leaves word of itself."""
    return root.parent / f".{root.name}.owner.json"


def read_owner(root: Path) -> Owner | None:
    """Return who holds a hub now, on this machine; None: nobody does.

    The lock is not tried for that: a run that starts at this instant would find it held. Who was
    killed left its word behind; its process is gone, or another one has its number since.
    """
    import psutil

    try:
        said = json.loads(locate_owner(root).read_text(encoding="utf-8"))
        owner = Owner(int(said["pid"]), str(said["command"]), str(said["since"]))
        holder = psutil.Process(owner.pid)
        started, dead = holder.create_time(), holder.status() == psutil.STATUS_ZOMBIE
        held = datetime.fromisoformat(owner.since).timestamp()
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None
    # `since` is in whole seconds.
    return owner if started < held + 2 and not dead else None


def describe_owner(owner_file: Path) -> str:
    """Say who holds a lock, as far as the owner left word of it."""
    try:
        owner = json.loads(owner_file.read_text(encoding="utf-8"))
        return f"pid {owner['pid']} runs `{owner['command']}` since {owner['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it left no word of itself"

"""Which plan is meant where none is named."""

from pathlib import Path

from parityhub.errors import UsageError


def find_plan(directory: Path) -> Path:
    """Return the only plan of a repository: `plans/<initiative>/plan.toml`.

    Raises:
        UsageError: there is none, or more than one.
    """
    found = sorted(directory.glob("plans/*/plan.toml"))
    if not found:
        raise UsageError(
            "no plan under plans/",
            hint="name one with --plan FILE, or start one with parityhub init",
        )
    if len(found) > 1:
        names = ", ".join(path.relative_to(directory).as_posix() for path in found)
        raise UsageError(f"{len(found)} plans: {names}", hint="name one with --plan FILE")
    return found[0]

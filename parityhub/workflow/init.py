"""init: a plan for somebody's repository, checked before it is written, and nothing overwritten."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from parityhub.adopt.choose import Ask, Wishes, choose_draft
from parityhub.adopt.draft import PHASE, write_plan
from parityhub.adopt.survey import Survey, survey_repository
from parityhub.capture.files import write_new
from parityhub.errors import UsageError
from parityhub.plan.read import parse_plan
from parityhub.report.render import TEMPLATE_FOLDERS


@dataclass(frozen=True, kw_only=True)
class Initiated:
    """What init wrote and found. Paths are relative to the repository."""

    plan: str
    written: Sequence[str]
    survey: Survey
    run: str
    """what is given to run-phase next"""


def init_plan(root: Path, wishes: Wishes, ask: Ask | None) -> Initiated:
    """Write a plan for a repository.

    Args:
        root: the repository.
        wishes: what is given already.
        ask: asks a person for the rest; None: there is nobody to ask.

    Raises:
        UsageError: what the plan needs is neither given nor found, or a file would be overwritten.
    """
    if not root.is_dir():
        raise UsageError(f"{root}: there is no such folder", hint="make it first")
    survey = survey_repository(root)
    draft = choose_draft(root, survey, wishes, ask)
    path = f"plans/{draft.name}/plan.toml"
    write_checked(root / path, write_plan(draft))
    return Initiated(plan=path, written=(path,), survey=survey, run=PHASE)


def init_example(root: Path, example: str, name: str | None) -> Initiated:
    """Write an example: two small models, and a plan for them.

    Raises:
        UsageError: a file would be overwritten.
    """
    root.mkdir(parents=True, exist_ok=True)
    source = find_example(example)
    files = sorted(path.name for path in source.iterdir() if path.suffix in (".py", ".toml"))
    models = [file for file in files if file != "plan.toml"]
    taken = [file for file in models if (root / file).exists()]
    if taken:
        raise UsageError(
            f"{taken[0]}: there already; nothing was written", hint="name an empty folder"
        )
    if "plan.toml" in files:
        path = f"plans/{name or example}/plan.toml"
        write_checked(root / path, (source / "plan.toml").read_text(encoding="utf-8"))
        return Initiated(
            plan=path,
            written=(path,),
            survey=survey_repository(root),
            run=f"{PHASE} --with-required",
        )
    refuse_taken(root / "plans" / (name or example) / "plan.toml")
    for file in models:
        shutil.copyfile(source / file, root / file)
    targets = {"tensorflow": "keras_model.py:build", "pytorch": "torch_model.py:build"}
    wishes = Wishes(name=name or example, targets=targets)
    made = init_plan(root, wishes, None)
    return replace(made, written=(*models, made.plan))


def find_example(example: str) -> Path:
    """Return the folder of an example."""
    return next(
        folder / "examples" / example
        for folder in TEMPLATE_FOLDERS
        if (folder / "examples" / example).is_dir()
    )


def refuse_taken(path: Path) -> None:
    """Refuse to overwrite a plan.

    Raises:
        UsageError: it is there.
    """
    if path.exists():
        raise UsageError(
            f"{path}: there already; nothing was written",
            hint="give another --name, or go on: parityhub run-phase PHASE",
        )


def write_checked(path: Path, text: str) -> None:
    """Write a plan once it is read as one, whole or not at all.

    Raises:
        UsageError: it is there already.
        PlanError: what was asked for makes no plan.
    """
    refuse_taken(path)
    parse_plan(path, text.encode())
    if not write_new(path, text):
        refuse_taken(path)

"""Paths of a plan: relative, within their folder, and spelled in one way."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from parityhub.plan.model import Plan
from parityhub.plan.part import PLACEHOLDER
from parityhub.plan.problem import KeyPath, Problem
from parityhub.plan.walk import walk_phases, walk_rungs, walk_runs, walk_steps

START = re.compile(r"\{(?:root|out)\}(?:/|\Z)")
"""what a working folder may begin with"""
DRIVE = re.compile(r"[A-Za-z]:")
RECORD = re.compile(r"(?:attempt|started|step_[^/]*)\.json")
"""records that the hub keeps beside the artifacts of an attempt"""
IMPORTED = "imported"
"""folder of a hub that no run writes into"""
REVISION = re.compile(r"[A-Za-z0-9_](?:(?!\.\.)[A-Za-z0-9_./@^~{}+-])*")


def check_paths(plan: Plan) -> Iterator[Problem]:
    """Yield each path that leads out of its folder, and each git revision that may be no name."""
    for path, text in walk_paths(plan):
        fault = find_fault(text)
        if fault:
            yield Problem(path, *fault)
    for name, baseline in plan.baselines.items():
        rest = START.sub("", baseline.cwd, count=1)
        fault = None if rest in ("", ".") and baseline.cwd else find_fault(rest)
        if fault:
            yield Problem(("baseline", name, "cwd"), *fault)
    for path, text in walk_folders(plan):
        if text == IMPORTED or text.startswith(f"{IMPORTED}/"):
            hint = "name another: what was imported lies there"
            yield Problem(path, f"{text!r} is the folder of what was imported", hint)
    for path, text in walk_artifact_paths(plan):
        if RECORD.fullmatch(text):
            hint = "let the program name it otherwise, or write it in a folder"
            yield Problem(path, f"{text!r} is the name of a record that the hub keeps", hint)
    for path, rung in walk_rungs(plan):
        if rung.revision is not None and not REVISION.fullmatch(rung.revision):
            text = f"{rung.revision!r} is no git revision"
            yield Problem((*path, "revision"), text, "name a commit, a branch or a tag")
    yield from find_bad_selectors(plan)


def walk_paths(plan: Plan) -> Iterator[tuple[KeyPath, str]]:
    """Yield each path that takes no placeholder."""
    yield ("initiative", "outputs"), plan.initiative.outputs
    if plan.report.templates is not None:
        yield ("report", "templates"), plan.report.templates
    for name, dataset in plan.datasets.items():
        for key, file in dataset.files.items():
            yield ("dataset", name, "files", key), file
    yield from walk_folders(plan)
    yield from walk_artifact_paths(plan)


def walk_folders(plan: Plan) -> Iterator[tuple[KeyPath, str]]:
    """Yield each folder of a phase or run, in the hub."""
    for path, phase in walk_phases(plan):
        yield (*path, "folder"), phase.folder
    for path, _, run in walk_runs(plan):
        if run.folder is not None:
            yield (*path, "folder"), run.folder


def walk_artifact_paths(plan: Plan) -> Iterator[tuple[KeyPath, str]]:
    """Yield each path below {out}."""
    for path, step in walk_steps(plan):
        for place, artifact in enumerate(step.artifacts):
            yield (*path, "artifacts", place, "path"), artifact.path
        for key, sources in (("stats", step.stats), ("values", step.values)):
            for place, source in enumerate(sources):
                if source.json is not None:
                    yield (*path, key, place, "json"), source.json
                if source.array is not None:
                    yield (*path, key, place, "array"), source.array


def find_fault(path: str) -> tuple[str, str] | None:
    """Return what is wrong with a relative path and the way out, or None."""
    if not path or not path.isprintable():
        return f"{path!r} is no path", "write a path of printable characters"
    if placeholder := PLACEHOLDER.search(path):
        return f"{path!r} takes no placeholder", f"leave out {placeholder[0]}"
    if path.startswith("/") or DRIVE.match(path):
        return f"{path!r} is absolute", "write it relative to its folder"
    if "\\" in path:
        return f"{path!r} has a backslash", "write forward slashes"
    if ".." in path.split("/"):
        return f"{path!r} leads out of its folder with '..'", "leave '..' out"
    plain = str(PurePosixPath(path))
    if plain == ".":
        return f"{path!r} names no file or folder of its own", "name one"
    if plain != path:
        return f"{path!r} is spelled in a roundabout way", f"write {plain!r}"
    return None


def find_bad_selectors(plan: Plan) -> Iterator[Problem]:
    """Yield each gate selector that pytest would take for an option, or that leads elsewhere."""
    for path, phase in walk_phases(plan):
        for place, selector in enumerate(phase.gate.selectors if phase.gate else ()):
            where = (*path, "gate", "selectors", place)
            if selector.startswith("-"):
                text = f"{selector!r} is an option, not a test"
                yield Problem(where, text, "write path/test_file.py::test_name")
            elif fault := find_fault(selector.partition("::")[0].rstrip("/")):
                yield Problem(where, *fault)

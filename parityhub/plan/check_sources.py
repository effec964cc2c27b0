"""Where numbers and signs of failure are read: patterns that work, one source for a number."""

import re
from collections.abc import Iterator

from parityhub.plan.model import METRICS, Plan, Source, StatsSource
from parityhub.plan.problem import KeyPath, Problem
from parityhub.plan.walk import walk_steps

SAMPLES = ("", "a b")
"""a pattern that matches nothing at all shows it on one of these"""
POINTER = re.compile(r"(?:/(?:[^/~]|~[01])*)*")


def check_sources(plan: Plan) -> Iterator[Problem]:
    """Yield what is wrong with the plan's patterns and sources of numbers."""
    for place, issue in enumerate(plan.known_issues):
        yield from find_bad_sign(("known_issue", place, "pattern"), issue.pattern)
    for name, baseline in plan.baselines.items():
        for place, failure in enumerate(baseline.failure_patterns):
            where = ("baseline", name, "failure_patterns", place, "pattern")
            yield from find_bad_sign(where, failure.pattern)
    for path, step in walk_steps(plan):
        for place, stats in enumerate(step.stats):
            yield from find_bad_source((*path, "stats", place), stats)
        for place, value in enumerate(step.values):
            yield from find_bad_source((*path, "values", place), value)


def compile_pattern(pattern: str) -> re.Pattern[str] | str:
    """Return a compiled pattern, or what is wrong with it."""
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"not a pattern: {error}"


def list_groups(pattern: str) -> frozenset[str]:
    """Return the named groups of a pattern; none of one that does not compile."""
    compiled = compile_pattern(pattern)
    return frozenset() if isinstance(compiled, str) else frozenset(compiled.groupindex)


def find_bad_sign(path: KeyPath, pattern: str) -> Iterator[Problem]:
    """Yield a pattern that does not compile, or that is found in any line."""
    compiled = compile_pattern(pattern)
    if isinstance(compiled, str):
        yield Problem(path, compiled, "write a Python regular expression")
    elif any(not match[0] for sample in SAMPLES for match in compiled.finditer(sample)):
        text = f"{pattern!r} matches where nothing is written"
        yield Problem(path, text, "write out what the log says")


def find_bad_source(path: KeyPath, source: Source) -> Iterator[Problem]:
    """Yield a source that is none or several, a pattern without groups, a pointer that is none."""
    given = [name for name in ("json", "array", "log") if getattr(source, name) is not None]
    if len(given) != 1:
        text = f"gives {' and '.join(given) or 'no source'}, one of json, array, log is needed"
        yield Problem(path, text, "a number has one source")
    if source.pointer and source.json is None:
        yield Problem((*path, "pointer"), "given without json", "name the file as json")
    elif not POINTER.fullmatch(source.pointer):
        text = f"{source.pointer!r} is no JSON pointer"
        yield Problem((*path, "pointer"), text, "write /key/0/key (RFC 6901)")
    if source.log is not None:
        yield from find_bad_groups((*path, "log"), source, source.log)


def find_bad_groups(path: KeyPath, source: Source, pattern: str) -> Iterator[Problem]:
    """Yield a log pattern that does not compile, or does not name what it reads."""
    compiled = compile_pattern(pattern)
    if isinstance(compiled, str):
        yield Problem(path, compiled, "write a Python regular expression")
        return
    groups = list(compiled.groupindex)
    if isinstance(source, StatsSource):
        unknown = [name for name in groups if name not in METRICS]
        hint = f"name groups (?P<mean>...): {', '.join(METRICS)}"
        if unknown:
            yield Problem(path, f"group {unknown[0]!r} is no metric", hint)
        elif not groups:
            yield Problem(path, "the pattern names no group", hint)
    elif groups != ["value"]:
        named = ", ".join(map(repr, groups)) or "none"
        yield Problem(path, f"groups: {named}, needed is 'value' alone", "write (?P<value>...)")

"""What a check wants of a run: statistics, values and artifacts that its baseline leaves."""

from collections.abc import Iterator

from parityhub.plan.check_sources import list_groups
from parityhub.plan.model import METRICS, Artifact, Baseline
from parityhub.plan.problem import KeyPath, Problem, suggest
from parityhub.plan.question import Question
from parityhub.plan.references import RunReference, ValueReference, parse_metric


def find_missing_readings(
    path: KeyPath, question: Question, run: RunReference, baseline: Baseline
) -> Iterator[Problem]:
    """Yield each section, statistic and artifact that a check wants and a run does not leave."""
    name = f"{run.phase}:{run.baseline}"
    sections = list_sections(baseline)
    for key, section in question.sections:
        yield from find_missing_section((*path, *key), name, section, sections)
    if question.metric is not None:
        yield from find_bad_metric((*path, "metric"), name, question.metric, sections)
    left = {item.path: item for step in baseline.steps for item in step.list_artifacts()}
    for key, wanted in (*question.artifacts, *question.arrays):
        if wanted not in left:
            text = f"{name} leaves no artifact {wanted!r}"
            yield Problem((*path, *key), text, suggest(wanted, left))
        elif question.kept and not left[wanted].keep:
            text = f"{wanted!r} of {name} is not kept in the hub"
            yield Problem((*path, *key), text, "leave out its keep = false")
    for key, wanted in question.arrays:
        if wanted in left:
            yield from find_other_kind((*path, *key), name, left[wanted])


def find_missing_value(
    path: KeyPath, reference: ValueReference, baseline: Baseline
) -> Iterator[Problem]:
    """Yield a value that a baseline does not leave."""
    known = [value.name for step in baseline.steps for value in step.values]
    if reference.value not in known:
        text = f"{reference.run.phase}:{reference.run.baseline} has no value {reference.value!r}"
        yield Problem(path, text, suggest(reference.value, known))


def find_missing_section(
    path: KeyPath, run: str, section: str, sections: dict[str, frozenset[str]]
) -> Iterator[Problem]:
    """Yield a section that a run does not leave."""
    if section not in sections:
        yield Problem(path, f"{run} has no statistics {section!r}", suggest(section, sections))


def find_bad_metric(
    path: KeyPath, run: str, name: str, sections: dict[str, frozenset[str]]
) -> Iterator[Problem]:
    """Yield a statistic that is no `section.metric`, or that a run does not leave."""
    metric = parse_metric(name)
    if metric is None:
        yield Problem(path, f"{name!r} does not name a statistic", "write SECTION.METRIC")
    elif metric.metric not in METRICS:
        text = f"there is no metric {metric.metric!r}"
        yield Problem(path, text, suggest(metric.metric, METRICS))
    elif metric.section not in sections:
        yield from find_missing_section(path, run, metric.section, sections)
    elif metric.metric not in sections[metric.section]:
        text = f"the log pattern of {run} {metric.section!r} has no group {metric.metric!r}"
        yield Problem(path, text, f"add (?P<{metric.metric}>...) to the pattern")


def find_other_kind(path: KeyPath, run: str, artifact: Artifact) -> Iterator[Problem]:
    """Yield an artifact that is wanted as an array and is none."""
    if artifact.kind not in ("array", "patches"):
        text = f"{artifact.path!r} of {run} is of kind {artifact.kind!r}, not an array"
        yield Problem(path, text, "name an artifact of kind 'array'")


def list_sections(baseline: Baseline) -> dict[str, frozenset[str]]:
    """Return the sections that a baseline leaves, each with the metrics that may be had of it.

    A log gives those that its pattern names.
    """
    return {
        stats.section: frozenset(METRICS) if stats.log is None else list_groups(stats.log)
        for step in baseline.steps
        for stats in step.stats
    }

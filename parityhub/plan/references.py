"""How a plan refers to a run, a value, a statistic and a piece of evidence, as text."""

import re
from typing import Literal, NamedTuple, cast

RUN = re.compile(r"(?:(?P<phase>[^:/]+):)?(?P<baseline>[^:/.]+)")
VALUE = re.compile(rf"{RUN.pattern}\.(?P<value>.+)")
METRIC = re.compile(r"(?P<section>.+)\.(?P<metric>[^.]+)")
EVIDENCE = re.compile(
    r"(?P<gate>gate)"
    r"|run:(?P<run>[^:/]+)"
    r"|check:(?P<check>[^:/]+)"
    r"|artifact:(?P<side>[^:/]+)/(?P<artifact>.+)"
)
CRITERION = re.compile(r"(?P<phase>[^:/]+)/(?P<evidence>.+)")


class RunReference(NamedTuple):
    """A baseline as a phase runs it."""

    phase: str
    baseline: str


class ValueReference(NamedTuple):
    """A value that a run left."""

    run: RunReference
    value: str


class BundleReference(NamedTuple):
    """A bundle that a run left."""

    run: RunReference
    artifact: str


class MetricReference(NamedTuple):
    """A statistic of a section."""

    section: str
    metric: str


class EvidenceReference(NamedTuple):
    """What ticks a checklist item."""

    kind: Literal["gate", "run", "check", "artifact"]
    name: str = ""
    """the baseline of a run or artifact, or the id of a check"""
    artifact: str = ""


def parse_run(text: str, phase: str) -> RunReference | None:
    """Read `[PHASE:]BASELINE`; without PHASE it is a run of `phase`. None: it is no such text."""
    match = RUN.fullmatch(text)
    return RunReference(match["phase"] or phase, match["baseline"]) if match else None


def parse_value(text: str, phase: str) -> ValueReference | None:
    """Read `[PHASE:]BASELINE.value`. None: it is no such text."""
    match = VALUE.fullmatch(text)
    if match is None:
        return None
    return ValueReference(RunReference(match["phase"] or phase, match["baseline"]), match["value"])


def parse_bundle(text: str) -> BundleReference | None:
    """Read `PHASE:BASELINE/ARTIFACT`. None: it is no such text."""
    run, _, artifact = text.partition("/")
    match = RUN.fullmatch(run)
    if match is None or not match["phase"] or not artifact:
        return None
    return BundleReference(RunReference(match["phase"], match["baseline"]), artifact)


def parse_metric(text: str) -> MetricReference | None:
    """Read `section.metric`. None: it is no such text."""
    match = METRIC.fullmatch(text)
    return MetricReference(match["section"], match["metric"]) if match else None


def parse_evidence(text: str) -> EvidenceReference | None:
    """Read `gate`, `run:NAME`, `check:ID` or `artifact:NAME/PATH`. None: it is no such text."""
    match = EVIDENCE.fullmatch(text)
    if match is None:
        return None
    kind = cast(Literal["gate", "run", "check", "artifact"], text.partition(":")[0])
    name = match["run"] or match["check"] or match["side"] or ""
    return EvidenceReference(kind, name, match["artifact"] or "")


def parse_criterion(text: str) -> tuple[str, EvidenceReference] | None:
    """Read `PHASE/` and a piece of evidence. None: it is no such text."""
    match = CRITERION.fullmatch(text)
    evidence = parse_evidence(match["evidence"]) if match else None
    return (match["phase"], evidence) if match and evidence else None

"""The check `trained`: images of two sides against each other and against the object."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.compare.evidence import Evidence, Missing
from parityhub.compare.findings import Finding, Judgement, conclude
from parityhub.compare.image_part import MEASURES
from parityhub.compare.image_region import Incomparable
from parityhub.compare.images import ImageComparison, compare_images, compare_with_object
from parityhub.compare.readings import defer, refuse_same
from parityhub.hub.records import CheckNumber, Place
from parityhub.plan.model import TrainedCheck

Comparison = ImageComparison | Incomparable


@dataclass(frozen=True)
class Side:
    """One run's image, the object on its grid, and where it is covered."""

    image: npt.NDArray[Any]
    known: npt.NDArray[Any] | None
    coverage: npt.NDArray[Any] | None


def judge_trained(check: TrainedCheck, evidence: Evidence) -> Judgement:
    """Judge the right side's image by its SSIM against the left's, in amplitude and in phase.

    Each is measured against the object as well. Without a bound and a reason for it the verdict is
    INCONCLUSIVE: how close separately trained weights must come is not derived here.

    Raises:
        EvidenceError: an array is missing or damaged.
    """
    tolerance = _describe_bound(check)
    refs = (check.left, check.right)
    if same := refuse_same(evidence, *refs):
        return conclude(check, [same], tolerance=tolerance)
    lacking = [run for ref in refs if isinstance(run := evidence.find_run(ref), Missing)]
    if lacking:
        return conclude(check, map(defer, lacking), tolerance=tolerance)
    left, right = (_open_side(check, evidence, ref) for ref in refs)
    pair = compare_images(left.image, right.image, _join_coverage(left, right))
    objects = _measure_objects(check, left, right)
    outcomes = {f"{check.right} against {check.left}": pair, **objects}
    numbers = (*_list_sources(check, evidence), *_list_numbers(outcomes))
    findings = [_judge_pair(check, pair, numbers), *_judge_objects(left, right, objects)]
    arrays = {} if isinstance(pair, Incomparable) else _list_maps(pair)
    return conclude(check, findings, tolerance=tolerance, arrays=arrays)


def _describe_bound(check: TrainedCheck) -> str:
    if check.ssim_at_least is None:
        return "underived: no bound is stated"
    reason = check.reason.strip() or "underived: no reason is stated"
    return f"SSIM of amplitude and of phase >= {check.ssim_at_least!r}: {reason}"


def _open_side(check: TrainedCheck, evidence: Evidence, ref: str) -> Side:
    return Side(
        image=evidence.open_array(ref, check.array),
        known=evidence.open_array(ref, check.object) if check.object else None,
        coverage=evidence.open_array(ref, check.coverage) if check.coverage else None,
    )


def _join_coverage(left: Side, right: Side) -> npt.NDArray[Any] | None:
    """Return a coverage that is above 0 where both are."""
    if left.coverage is None or right.coverage is None:
        return None
    if left.coverage.shape != right.coverage.shape:
        # One of them does not fit its image, or the images differ too: refused by name later.
        return left.coverage if left.coverage.shape != left.image.shape else right.coverage
    return np.asarray(np.minimum(left.coverage, right.coverage))


def _measure_objects(check: TrainedCheck, left: Side, right: Side) -> dict[str, Comparison]:
    return {
        f"{ref} against the object": compare_with_object(side.known, side.image, side.coverage)
        for ref, side in ((check.left, left), (check.right, right))
        if side.known is not None
    }


def _judge_pair(check: TrainedCheck, pair: Comparison, numbers: tuple[CheckNumber, ...]) -> Finding:
    name = f"{check.right} against {check.left}"
    if isinstance(pair, Incomparable):
        return Finding("FAIL", f"{name}: {pair.reason}", numbers)
    amplitude, phase = pair.amplitude.ssim, pair.phase.ssim
    shown = f"{name}: SSIM of amplitude {amplitude!r}, of phase {phase!r}"
    if amplitude is None or phase is None:
        lack = "no window is wholly covered, or the reference has no range"
        return Finding("INCONCLUSIVE", f"{shown}: {lack}", numbers)
    if check.ssim_at_least is None or not check.reason.strip():
        return Finding("INCONCLUSIVE", f"{shown}: underived, no bound with a reason", numbers)
    if min(amplitude, phase) >= check.ssim_at_least:
        return Finding("PASS", f"{shown}, at least {check.ssim_at_least!r}", numbers)
    return Finding("FAIL", f"{shown}, under {check.ssim_at_least!r}", numbers)


def _judge_objects(left: Side, right: Side, objects: Mapping[str, Comparison]) -> Iterator[Finding]:
    known = [side.known for side in (left, right) if side.known is not None]
    if len(known) == 2 and not np.array_equal(known[0], known[1]):
        yield Finding("INCONCLUSIVE", "the two sides show different objects")
    for name, outcome in objects.items():
        if isinstance(outcome, Incomparable):
            yield Finding("INCONCLUSIVE", f"{name}: {outcome.reason}")


def _list_sources(check: TrainedCheck, evidence: Evidence) -> Iterator[CheckNumber]:
    for ref in (check.left, check.right):
        for name in filter(None, (check.array, check.object, check.coverage)):
            found = evidence.find_artifact(ref, name)
            if not isinstance(found, Missing) and (digest := found[1].digest):
                yield CheckNumber(
                    name=f"sha256 of {name}, {ref}",
                    value=digest.sha256,
                    source=Place(file=digest.path),
                )


def _list_numbers(outcomes: Mapping[str, Comparison]) -> Iterator[CheckNumber]:
    for name, outcome in outcomes.items():
        if isinstance(outcome, Incomparable):
            continue
        yield CheckNumber(name=f"global phase removed (rad), {name}", value=outcome.global_phase)
        yield CheckNumber(name=f"overlap, {name}", value=outcome.overlap)
        removed = "fitted" if outcome.removed_scale is None else "removed"
        yield CheckNumber(name=f"amplitude ratio {removed}, {name}", value=outcome.amplitude_ratio)
        for part_name, part in (("amplitude", outcome.amplitude), ("phase", outcome.phase)):
            for measure in ("pixels", *MEASURES):
                value = getattr(part, measure)
                yield CheckNumber(name=f"{part_name} {measure}, {name}", value=value)


def _list_maps(pair: ImageComparison) -> dict[str, npt.NDArray[Any]]:
    maps: dict[str, npt.NDArray[Any]] = {}
    for name, part in (("amplitude", pair.amplitude), ("phase", pair.phase)):
        maps[f"left_{name}"] = part.reference
        maps[f"right_{name}"] = part.image
        maps[f"difference_{name}"] = part.difference
    return maps

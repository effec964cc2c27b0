"""In what the two sides of a phase differ, and which rerun is owed for it."""

from collections.abc import Mapping, Sequence

from parityhub.hub.records import AttemptRecord, DatasetNote
from parityhub.plan.model import Phase, Plan
from parityhub.plan.situation import resolve_situations


def note_differences(
    plan: Plan, phase: Phase, counting: Mapping[str, AttemptRecord]
) -> DatasetNote | None:
    """Compare the data and the shared options of the attempts that count.

    A rung that changed them on one side makes the two sides answer different questions. The rerun
    is owed by each side whose own rung did not make the change.

    Args:
        plan: the plan.
        phase: the phase.
        counting: the attempt that counts, of each side that has one.

    Returns:
        What differs and who owes a rerun; None where nothing differs.
    """
    differences: list[str] = []
    owed: set[str] = set()
    names = list(counting)
    for index, left in enumerate(names):
        for right in names[index + 1 :]:
            found = list_differences(plan, phase, counting[left], counting[right])
            differences += found
            if found:
                owed |= find_debtors(plan, phase, [counting[left], counting[right]])
    if not differences:
        return None
    return DatasetNote(differences=tuple(differences), owed=tuple(sorted(owed)), settled=False)


def list_differences(
    plan: Plan, phase: Phase, left: AttemptRecord, right: AttemptRecord
) -> list[str]:
    """Say in which data and shared options two attempts differ."""
    sides = f"{left.baseline} (attempt {left.number}) and {right.baseline} (attempt {right.number})"
    differences = []
    if left.dataset != right.dataset:
        differences.append(
            f"data set of {sides}: {left.dataset or 'none'} and {right.dataset or 'none'}"
        )
    else:
        digests = {digest.path: digest.sha256 for digest in left.dataset_digests}
        differences += [
            f"{digest.path} has other bytes for {left.baseline} than for {right.baseline}"
            for digest in right.dataset_digests
            if digests.get(digest.path, digest.sha256) != digest.sha256
        ]
    for name in sorted({*plan.options, *phase.options}):
        if left.options.get(name) != right.options.get(name):
            differences.append(
                f"{name} of {sides}: {left.options.get(name)} and {right.options.get(name)}"
            )
    return differences


def find_debtors(plan: Plan, phase: Phase, attempts: Sequence[AttemptRecord]) -> set[str]:
    """Return the sides that still run as the plan first says while the other one had to change."""
    debtors = set()
    for attempt in attempts:
        run = phase.find_run(attempt.baseline)
        if run is None:
            continue
        first = resolve_situations(plan, phase, run)[0]
        changed = attempt.dataset != first.dataset or attempt.options != dict(first.options)
        if not changed:
            debtors.add(attempt.baseline)
    return debtors

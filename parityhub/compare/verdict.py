"""How verdicts add up."""

from collections.abc import Iterable
from typing import get_args

from parityhub.hub.records import Verdict

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def combine_verdicts(verdicts: Iterable[Verdict]) -> Verdict:
    """Combine verdicts: FAIL beats INCONCLUSIVE beats PASS; of none at all, INCONCLUSIVE.

    Raises:
        ValueError: one of them is no verdict.
    """
    given = frozenset(verdicts)
    if unknown := given.difference(VERDICTS):
        raise ValueError(f"no verdict: {sorted(unknown)}")
    if "FAIL" in given:
        return "FAIL"
    return "PASS" if given == {"PASS"} else "INCONCLUSIVE"

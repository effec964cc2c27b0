"""Several phases in one word: the worst verdict, and the phases that it is due to."""

import pytest

from parityhub.compare.outcome import conclude_runs
from tests.report.sample import make_phase


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ([], ("INCONCLUSIVE", "no phase has run")),
        (["PASS"], ("PASS", "P0: because 0")),
        (["PASS", "PASS"], ("PASS", "each phase that ran passes")),
        (["PASS", "INCONCLUSIVE"], ("INCONCLUSIVE", "P1: because 1")),
        (["FAIL", "INCONCLUSIVE", "FAIL"], ("FAIL", "P0: because 0; P2: because 2")),
    ],
)
def test_the_worst_verdict_counts(verdicts: list[str], told: tuple[str, str]) -> None:
    runs = [
        make_phase(f"P{n}", "p", "2026-11-24T21:30:12Z", verdict=verdict, reason=f"because {n}")
        for n, verdict in enumerate(verdicts)
    ]
    assert conclude_runs(runs) == told

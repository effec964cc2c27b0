from collections.abc import Callable
from typing import Any

import pytest

from parityhub.hub.records import Place
from parityhub.hub.stat_records import DiffRecord, StatRow
from parityhub.report.metrics_view import build_metrics_view
from parityhub.report.render import render_template
from tests.report.sample import Sample


@pytest.fixture
def record() -> DiffRecord:
    def place(phase: str, section: str, metric: str) -> Place:
        return Place(file=f"{phase}/debug_dump/stats.json", pointer=f"/{section}/{metric}")

    def row(section: str, metric: str, base: Any, candidate: Any, **fields: Any) -> StatRow:
        places = {
            "baseline_source": place("b3", section, metric),
            "candidate_source": place("gs1", section, metric),
        }
        blank = {"delta": None, "ratio": None, "status": "compared"}
        return StatRow(
            section=section,
            metric=metric,
            baseline=base,
            candidate=candidate,
            **(blank | places | fields),
        )

    patch, canvas = "patch_amplitude", "canvas_amplitude"
    return DiffRecord(
        baseline="B3:torch",
        candidate="GS1:torch",
        verdict="FAIL",
        reason="variance collapse: patch_amplitude.var_zero_mean fell from 8965545000.0 to 9.5e-20",
        collapse_below=1e-3,
        rows=(
            row(patch, "mean", 51466.19921875, 51466.19921876, delta=1e-8, ratio=1.0000000000002),
            row(
                patch, "var_zero_mean", 8965545000.0, 9.512e-20, ratio=1.0609506e-29, collapsed=True
            ),
            row(canvas, "mean", 0.0, 0.25, delta=0.25, status="zero-base"),
            row(canvas, "min", 0.0, 0.0, delta=0.0, status="both-zero"),
            row(canvas, "max", 2.0, None, status="not-finite"),
            row(canvas, "var_zero_mean", None, None, status="missing", candidate_source=None),
        ),
    )


def render(record: DiffRecord, policies: Any = ()) -> str:
    return render_template("metrics.txt.j2", build_metrics_view(record, policies))


def test_the_metrics_as_a_reviewer_reads_them(
    record: DiffRecord, sample: Sample, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("metrics.txt", render(record, sample.plan.policies))


def test_a_total_collapse_is_named_and_never_called_ok(record: DiffRecord) -> None:
    text = render(record)
    assert "Verdict: FAIL\nReason:  variance collapse" in text
    assert "var_zero_mean   compared, COLLAPSED" in text
    assert "ok" not in text.lower().split()


def test_what_was_not_divided_shows_no_ratio(record: DiffRecord) -> None:
    text = render(record)
    zero_base = text[text.index("zero-base") : text.index("both-zero")]
    assert "ratio         none" in zero_base


def test_a_missing_statistic_is_missing_and_not_zero(record: DiffRecord) -> None:
    text = render(record)
    missing = text[text.index("var_zero_mean   missing") :]
    assert "baseline      missing" in missing
    assert "0" not in missing.split("ratio")[0].split("baseline")[1]


def test_a_value_that_is_not_finite_is_not_called_missing(record: DiffRecord) -> None:
    text = render(record)
    row = text[text.index("max             not-finite") : text.index("var_zero_mean   missing")]
    assert "candidate     no finite value" in row


def test_unequal_statistics_do_not_look_equal(record: DiffRecord) -> None:
    text = render(record)
    assert "51466.19921875\n" in text
    assert "51466.19921876\n" in text
    assert "ratio         1.0000000000002\n" in text


def test_no_rows_are_called_nothing_compared(record: DiffRecord) -> None:
    empty = DiffRecord(
        baseline="a", candidate="b", verdict="INCONCLUSIVE", reason="r", collapse_below=0.1, rows=()
    )
    assert "Nothing was compared." in render(empty)

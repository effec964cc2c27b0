from collections.abc import Callable

from msgspec.structs import replace

from parityhub.hub.records import BlockerRecord, Cause, Place
from parityhub.report.blocker_view import build_blocker_view
from parityhub.report.render import render_template
from tests.report.sample import Sample


def render(record: BlockerRecord, sample: Sample) -> str:
    return render_template("blocker.md.j2", build_blocker_view(record, sample.plan.initiative))


def first_blocker(sample: Sample) -> BlockerRecord:
    record: BlockerRecord = next(iter(sample.blockers.values()))
    return record


def test_a_blocker_as_a_reviewer_reads_it(
    sample: Sample, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("blocker.md", render(first_blocker(sample), sample))


def test_the_blocker_of_a_red_gate(
    sample: Sample, check_golden: Callable[[str, str], None]
) -> None:
    record = replace(
        first_blocker(sample),
        title="GS1: the gate is red",
        baseline=None,
        attempt=None,
        rung=None,
        known_issue="unknown",
        issue_summary="",
        causes=(),
        exit_code=None,
        signal="SIGKILL",
        asked_env={},
        proof=None,
        dataset=None,
        mitigations=(),
        references=(),
    )
    check_golden("blocker_gate.md", render(record, sample))


def test_log_lines_keep_their_numbers(sample: Sample) -> None:
    lines = tuple(f"line {number}" for number in range(98, 102))
    cause = Cause(kind="log-pattern", text="t", place=Place(file="a.log", line=98), lines=lines)
    text = render(replace(first_blocker(sample), causes=(cause,)), sample)
    assert " 98: line 98\n 99: line 99\n100: line 100\n101: line 101\n" in text


def test_lines_without_a_place_get_no_number(sample: Sample) -> None:
    cause = Cause(kind="environment", text="t", lines=("A asked 1, seen 2",))
    text = render(replace(first_blocker(sample), causes=(cause,)), sample)
    assert "```text\nA asked 1, seen 2\n```" in text


def test_hostile_log_lines_stay_in_their_fence(sample: Sample) -> None:
    lines = ("````", "<script>alert(1)</script>", "\x1b[31m \u202e", "```")
    cause = Cause(kind="exit-code", text="<b>|", place=Place(file="a.log", line=1), lines=lines)
    text = render(replace(first_blocker(sample), causes=(cause,), title="<img src=x>"), sample)
    fenced = "`````text\n1: ````\n2: <script>alert(1)</script>\n3: \\x1b[31m \\u202e\n4: ```\n`````"
    assert fenced in text
    outside = text.replace(fenced, "")
    assert "<" not in outside
    assert "&lt;b>\\|" in outside
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_links_lead_from_the_folder_of_the_blocker(sample: Sample) -> None:
    view = build_blocker_view(first_blocker(sample), sample.plan.initiative)
    source = view["causes"][0]["source"]
    assert source is not None
    assert source["target"] == "../cli/train_C1_tensorflow_1.log"
    assert view["record"]["target"] == "blocked_2026-11-24T213101Z_xla.json"

"""What people read at a terminal of a comparison, a localisation and a self-test."""

from collections.abc import Iterable
from typing import Any

import pytest
from rich.text import Text

from parityhub import terminal
from parityhub.hub.parity_records import FaultRecord, SelftestRecord


@pytest.fixture
def read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Print lines as a command does where nobody reads at a terminal; return them, blanks cut."""
    monkeypatch.setenv("COLUMNS", "80")

    def read_lines(lines: Iterable[Any]) -> list[str]:
        terminal.print_lines(lines)
        return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]

    return read_lines


def make_comparison(*outputs: dict[str, Any], **changes: Any) -> dict[str, Any]:
    check = {"id": "same", "verdict": "FAIL", "reason": "mask: beyond", "record": "q/c_1.json"}
    return {
        "hub": "reports/parity",
        "outputs": [{"check": "same", "verdict": "PASS", **output} for output in outputs],
        "checks": [check],
        **changes,
    }


def test_each_output_has_a_row_with_its_numbers(read: Any) -> None:
    document = make_comparison(
        {
            "name": "mask", "verdict": "FAIL", "max_abs": 1.25e-5, "tolerance": 4.375e-7,
            "margin": 0.035, "tolerance_kind": "derived",
        },
        {
            "name": "score", "max_abs": 0.0, "tolerance": 1e-6, "margin": None,
            "tolerance_kind": "override",
        },
    )  # fmt: skip
    assert read(terminal.list_comparison_lines(document)) == [
        "output verdict largest deviation tolerance margin how",
        "same: mask FAIL 1.25e-05 4.37e-07 0.035 derived",
        "same: score PASS 0 1e-06 – override",
        "FAIL same: mask: beyond",
        "record reports/parity/q/c_1.json",
    ]


def test_an_output_of_which_little_is_known_has_dashes(read: Any) -> None:
    """Those of a `trained` check have neither a kind of tolerance nor, at times, a deviation."""
    document = make_comparison({"name": "phase of a", "max_abs": None, "tolerance": None})
    assert "same: phase of a PASS – – –" in read(terminal.list_comparison_lines(document))


def test_a_check_without_a_record_names_none(read: Any) -> None:
    check = {"id": "same", "verdict": "INCONCLUSIVE", "reason": "no bundle", "record": None}
    lines = read(terminal.list_comparison_lines(make_comparison(checks=[check])))
    assert lines == [
        "output verdict largest deviation tolerance margin how",
        "INCONCLUSIVE same: no bundle",
    ]


def make_divergence(**changes: Any) -> dict[str, Any]:
    return {
        "tensorflow": "block/act",
        "torch": "block.gate",
        "cause": "activation variant",
        "detail": "GELU by tanh",
        "found_in": "float64",
        **changes,
    }


def make_layer(verdict: str, **changes: Any) -> dict[str, Any]:
    return {
        "tensorflow": "block/act",
        "torch": "block.gate",
        "verdict": verdict,
        "local": 1.25e-5,
        "inherited": 0.0,
        "floor": 1.5e-8,
        **changes,
    }


def make_localization(**changes: Any) -> dict[str, Any]:
    pair = {
        "pair": "net",
        "verdict": "FAIL",
        "reason": "they differ",
        "record": "q/l_1.json",
        "divergences": [make_divergence()],
        "gradient": [],
        "layers": [],
        **changes,
    }
    return {"hub": "reports/parity", "pairs": [pair]}


def test_a_divergence_names_both_layers_and_the_cause(read: Any) -> None:
    assert read(terminal.list_localization_lines(make_localization())) == [
        "FAIL net: they differ",
        "float64: tensorflow block/act",
        "pytorch block.gate",
        "cause activation variant: GELU by tanh",
        "record reports/parity/q/l_1.json",
    ]


def test_the_names_of_both_sides_stand_under_each_other() -> None:
    lines = terminal.list_localization_lines(
        make_localization(divergences=[make_divergence(found_in="gradient")])
    )
    texts = [line.plain for line in lines if isinstance(line, Text)]
    ours, theirs = texts[1:3]
    assert ours.index("block/act") == theirs.index("block.gate")


def test_divergences_of_the_gradient_come_after_the_forward_ones(read: Any) -> None:
    backward = make_divergence(found_in="gradient", torch="block.stop")
    lines = read(terminal.list_localization_lines(make_localization(gradient=[backward])))
    assert lines.index("float64: tensorflow block/act") < lines.index("pytorch block.stop")


def test_layers_that_differ_are_listed_and_those_that_agree_are_not(read: Any) -> None:
    layers = [
        make_layer("same", torch="a"),
        make_layer("rounding", torch="b"),
        make_layer("local", torch="c"),
        make_layer("inherited", torch="d", floor=None),
        make_layer("unpaired", tensorflow=None, torch="e", local=None, inherited=None, floor=None),
        make_layer("unpaired", torch=None, local=None, inherited=None, floor=None),
    ]
    lines = read(terminal.list_localization_lines(make_localization(divergences=[], layers=layers)))
    assert lines[1:-1] == [
        "tensorflow pytorch verdict local inherited floor",
        "block/act c local 1.25e-05 0 1.5e-08",
        "block/act d inherited 1.25e-05 0 –",
        "– e unpaired – – –",
        "block/act – unpaired – – –",
    ]


def test_where_all_layers_agree_there_is_no_table(read: Any) -> None:
    document = make_localization(
        verdict="PASS", reason="2 pairs agree", divergences=[], layers=[make_layer("same")]
    )
    assert read(terminal.list_localization_lines(document)) == [
        "PASS net: 2 pairs agree",
        "record reports/parity/q/l_1.json",
    ]


def test_each_pair_is_told_of(read: Any) -> None:
    document = make_localization()
    document["pairs"].append({**document["pairs"][0], "pair": "other", "verdict": "INCONCLUSIVE"})
    lines = read(terminal.list_localization_lines(document))
    assert "FAIL net: they differ" in lines
    assert "INCONCLUSIVE other: they differ" in lines


def make_fault(name: str, **changes: Any) -> FaultRecord:
    fields: dict[str, Any] = {
        "name": name,
        "pair": "small",
        "verdict": "FAIL",
        "caught_by": ("max_abs", "referee"),
        "equivalent": False,
        "sits_in": "act",
        "localized": True,
        "named": "act",
    }
    return FaultRecord(**fields | changes)


def test_each_fault_has_a_row_with_what_caught_it(read: Any) -> None:
    record = SelftestRecord(
        faults=(
            make_fault("slope"),
            make_fault("sign", sits_in="", localized=None, named="", caught_by=("rms",)),
            make_fault("quiet", verdict="PASS", caught_by=(), localized=False, named=""),
            make_fault("nothing", verdict="PASS", caught_by=(), equivalent=True),
        ),
        false_alarms=1,
        runs=10,
        alarms=("small, seed 3: mask: beyond",),
    )
    assert read(terminal.list_selftest_lines(record)) == [
        "fault verdict caught by sits in localize named",
        "slope (small) FAIL max_abs, referee act act",
        "sign (small) FAIL rms – –",
        "quiet (small) PASS – act –",
        "nothing (small) equivalent – act act",
        "1 false alarms in 10 runs without a fault",
        "alarm small, seed 3: mask: beyond",
    ]


def test_a_layer_that_was_named_wrongly_stands_out() -> None:
    record = SelftestRecord(
        faults=(
            make_fault("right"),
            make_fault("wrong", localized=False, named="conv"),
            make_fault("none", sits_in="", localized=None, named=""),
        ),
        false_alarms=0,
        runs=10,
    )
    table = next(iter(terminal.list_selftest_lines(record)))
    cells = list(table.columns[-1].cells)  # type: ignore[union-attr]
    assert [(cell.plain, cell.style) for cell in cells] == [("act", ""), ("conv", "red"), ("–", "")]


LONG = "network/" + "/".join(f"block_{number}/convolution" for number in range(9))


def test_no_name_is_cut_or_broken_where_nobody_reads_at_a_terminal(read: Any) -> None:
    """A script that greps for a layer's path finds it."""
    layers = [make_layer("local", tensorflow=LONG, torch=LONG.replace("/", "."))]
    text = "\n".join(read(terminal.list_localization_lines(make_localization(layers=layers))))
    assert LONG in text
    assert LONG.replace("/", ".") in text


@pytest.mark.parametrize(
    "name", ["logits[cls]", "[/]", "[bold]x[/bold]", ":warning:", "a[0]", "\\["]
)
def test_a_name_is_shown_as_it_is(read: Any, name: str) -> None:
    """Brackets and colons are no commands to the terminal."""
    document = make_comparison({"name": name})
    assert any(
        line.startswith(f"same: {name} ") for line in read(terminal.list_comparison_lines(document))
    )
    layers = [make_layer("local", tensorflow=name, torch=name)]
    lines = read(terminal.list_localization_lines(make_localization(layers=layers)))
    assert any(line.startswith(f"{name} {name} local") for line in lines)
    fault = make_fault(name, sits_in=name, named=name)
    lines = read(
        terminal.list_selftest_lines(SelftestRecord(faults=(fault,), false_alarms=0, runs=1))
    )
    assert any(line.endswith(f"{name} {name}") for line in lines)

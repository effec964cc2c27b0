"""What the summary shows of a comparison: as a person reads it, and against the records."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from parityhub.hub.parity_records import DivergenceRecord, LayerRecord, OnnxRecord, OriginRecord
from parityhub.report.parity_view import (
    COLUMNS,
    LAYERS,
    SHARES,
    ParityView,
    build_parity_view,
)
from parityhub.report.render import render_template
from parityhub.report.summary_view import build_summary_view
from tests.report.sample import Sample
from tests.report.sample_parity import (
    COMPARISON,
    LOCALIZATION,
    make_check,
    make_comparison,
    make_localization,
)

HOSTILE = "a|b](x) <script>`\n# \u202e\x1b[31m https://evil.example"
SOURCED = re.compile(r"(\d[\d.e+-]*) \[[\w-]+\.json#(/[^\]]+)\]\(([^)]+)\)")


def build(**changes: Any) -> ParityView:
    """Build the view of the sample, with other records in place of some."""
    given = {
        "check": make_check(),
        "comparison": make_comparison(),
        "localization": make_localization(),
    } | changes
    view = build_parity_view(
        given["check"],
        {COMPARISON: given["comparison"]},
        {} if given["localization"] is None else {LOCALIZATION: given["localization"]},
    )
    assert view is not None
    return view


def render_summary(sample: Sample, **changes: Any) -> str:
    """Render a summary in which a phase asked about the pair."""
    given = {"comparison": make_comparison(), "localization": make_localization()} | changes
    phases = list(sample.phases)
    phases[3] = replace(phases[3], checks=(given.get("check", make_check()),))
    arguments = sample.summary_arguments() | {
        "phases": phases,
        "comparisons": {COMPARISON: given["comparison"]},
        "localizations": {LOCALIZATION: given["localization"]},
    }
    return render_template("summary.md.j2", build_summary_view(**arguments))


def render_checks(sample: Sample, **changes: Any) -> str:
    """Render what the summary says of that check alone."""
    text = render_summary(sample, **changes)
    start = text.index("### Checks")
    return text[start : text.index("### Pictures", start)]


def test_a_comparison_as_a_reviewer_reads_it(
    sample: Sample, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("parity.md", render_checks(sample))


def test_each_number_is_what_its_record_holds(sample: Sample) -> None:
    documents = {
        COMPARISON: msgspec.to_builtins(make_comparison()),
        LOCALIZATION: msgspec.to_builtins(make_localization()),
    }
    found = SOURCED.findall(render_checks(sample))
    assert len(found) > 40
    for shown, pointer, target in found:
        node: Any = documents[target]
        for key in pointer.split("/")[1:]:
            node = node[int(key)] if isinstance(node, list | tuple) else node[key]
        assert float(shown) == pytest.approx(node, rel=1e-8)


def test_tables_hold_a_cell_for_each_column(sample: Sample) -> None:
    widths: list[int] = []
    for line in render_checks(sample).splitlines():
        if not line.startswith("|"):
            widths.clear()
            continue
        widths.append(len(re.findall(r"(?<!\\)\|", line)))
        assert widths[0] == widths[-1], line


def test_a_check_that_made_no_comparison_has_no_view() -> None:
    check = replace(make_check(), comparison=None)
    assert build_parity_view(check, {COMPARISON: make_comparison()}, {}) is None


def test_a_comparison_that_the_hub_lacks_has_no_view() -> None:
    assert build_parity_view(make_check(), {"other.json": make_comparison()}, {}) is None


def test_without_a_localization_nothing_is_said_of_layers(sample: Sample) -> None:
    check = replace(make_check(), localization=None)
    view = build(check=check, localization=None)
    assert (view["localization"], view["where"], view["layers"]) == (None, "", [])
    text = render_checks(sample, check=check)
    assert "Where the two sides part" not in text
    assert "Layers that differ" not in text


def test_a_localization_that_finds_nothing_says_so(sample: Sample) -> None:
    localization = replace(
        make_localization(), divergences=(), gradient=(), layers=(), reason="14 pairs agree"
    )
    text = render_checks(sample, localization=localization)
    assert "Where the two sides part: 14 pairs agree [localize_C2" in text
    assert "Likely cause" not in text
    assert "Layers that differ" not in text


def test_each_output_has_a_cell_for_each_column() -> None:
    view = build()
    assert view["columns"] == [title for title, _ in COLUMNS]
    for place, (output, record) in enumerate(
        zip(view["outputs"], make_comparison().outputs, strict=True)
    ):
        for cell, (_, key) in zip(output["cells"], COLUMNS, strict=True):
            assert cell["value"] == getattr(record, key)
            assert cell["source"]["text"].endswith(f".json#/outputs/{place}/{key}")
            assert cell["status"] == ("missing" if cell["value"] is None else "finite")


def test_zero_is_a_number_and_none_is_missing() -> None:
    score = build()["outputs"][1]
    assert (score["cells"][0]["value"], score["cells"][0]["status"]) == (0.0, "finite")
    assert score["cells"][2]["status"] == "missing"


def test_the_largest_shares_are_shown_with_their_places() -> None:
    shares = build()["outputs"][0]["shares"]
    records = make_comparison().outputs[0].shares
    assert len(shares) == SHARES < len(records)
    for place, ((name, op, length, share), record) in enumerate(zip(shares, records, strict=False)):
        assert (name, op) == (record.name, record.op)
        assert (length["value"], share["value"]) == (record.length, record.share)
        assert share["source"]["text"].endswith(f"#/outputs/0/shares/{place}/share")


def test_weights_are_counted_by_how_they_were_paired() -> None:
    view = build()
    assert view["weights"] == 4
    assert view["weights_found"] == [("by name", 2), ("by shape and order", 1), ("declared", 1)]


def test_layers_that_agree_are_left_out_and_the_rest_is_counted() -> None:
    view = build()
    verdicts = {layer["verdict"] for layer in view["layers"]}
    assert verdicts == {"local", "unpaired", "inherited"}
    assert view["layers"][0]["pytorch"] == "blocks.2.gate"
    # The place is that in the record, whatever was left out before it.
    assert view["layers"][0]["local"]["source"]["text"].endswith("#/layers/2/local")
    assert (len(view["layers"]), view["layers_left"]) == (LAYERS, 3)


def test_no_layer_is_left_where_all_are_shown(sample: Sample) -> None:
    localization = replace(make_localization(), layers=make_localization().layers[:4])
    assert build(localization=localization)["layers_left"] == 0
    assert "more in the record" not in render_checks(sample, localization=localization)


def test_what_has_no_partner_is_called_none(sample: Sample) -> None:
    layers = build()["layers"]
    assert [(layer["tensorflow"], layer["pytorch"]) for layer in layers[1:3]] == [
        ("none", "blocks.2.drop"),
        ("block_2/bias", "none"),
    ]
    assert "- gradient: TensorFlow `none`, PyTorch `blocks.1.stop`." in render_checks(sample)


def test_divergences_of_both_passes_are_listed_forward_first() -> None:
    divergences = build()["divergences"]
    assert [item["found_in"] for item in divergences] == ["float64", "gradient"]
    assert divergences[0]["cause"] == "activation variant"
    assert divergences[0]["evidence"] == list(make_localization().divergences[0].evidence)


def make_hostile() -> dict[str, Any]:
    comparison, localization = make_comparison(), make_localization()
    output = comparison.outputs[0]
    share = replace(output.shares[0], name=HOSTILE, op=HOSTILE)
    output = replace(
        output, name=HOSTILE, reason=HOSTILE, tolerance_reason=HOSTILE, shares=(share,)
    )
    divergence = DivergenceRecord(
        tensorflow=HOSTILE,
        pytorch=HOSTILE,
        cause=HOSTILE,
        detail=HOSTILE,
        evidence=(HOSTILE,),
        found_in="float32",
    )
    layer = LayerRecord(tensorflow=HOSTILE, pytorch=HOSTILE, verdict="local", local=1.0)
    onnx = replace(make_onnx(HOSTILE), file=HOSTILE, weights_lost=(HOSTILE,))
    origin = OriginRecord(
        kind="checkpoint", side=HOSTILE, source=HOSTILE, format=HOSTILE, prefix=HOSTILE
    )
    return {
        "comparison": replace(
            comparison, outputs=(output,), referee=HOSTILE, onnx=onnx, origin=origin
        ),
        "localization": replace(
            localization, reason=HOSTILE, divergences=(divergence,), layers=(layer,), gradient=()
        ),
    }


def test_hostile_names_do_not_break_the_page(sample: Sample) -> None:
    text = render_checks(sample, **make_hostile())
    assert text.count(r"a\|b\](x) &lt;script>") == 21
    assert "<script" not in text
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "](x)" not in text.replace(r"\](x)", "")
    assert "https://" not in text
    # A line break within a name begins no line of the page.
    assert not [line for line in text.splitlines() if line.startswith("# ")]


def test_hostile_names_leave_the_tables_whole(sample: Sample) -> None:
    text = render_checks(sample, **make_hostile())
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [
        9,
        9,
        9,
        5,
        5,
        5,
        5,
        5,
        5,
        7,
        7,
        7,
    ]


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        (OriginRecord(kind="initial", side="pytorch"), "Weights: those that PyTorch begins with."),
        (OriginRecord(kind="bundle", source="C1:tf/w.zip"), "Weights: the bundle C1:tf/w.zip."),
        (
            OriginRecord(
                kind="checkpoint",
                side="pytorch",
                source="models/last.ckpt",
                format="Lightning checkpoint",
                prefix="model.",
                sha256="ab" * 32,
            ),
            "Weights from the checkpoint `models/last.ckpt`, Lightning checkpoint below model., "
            "of PyTorch; its digest stands in the record.",
        ),
    ],
)
def test_where_the_weights_came_from_is_shown(sample: Sample, origin: OriginRecord, told: str):
    comparison = replace(make_comparison(), origin=origin)
    assert told in render_summary(sample, comparison=comparison)


def test_of_an_older_comparison_nothing_is_said_of_its_weights(sample: Sample):
    assert make_comparison().origin is None
    assert "Weights:" not in render_summary(sample)


def make_onnx(name: str = "mask: PyTorch and ONNX") -> OnnxRecord:
    [output, _] = make_comparison().outputs
    return OnnxRecord(
        file="models/net.onnx",
        sha256="ab" * 32,
        verdict="FAIL",
        reason="mask: beyond",
        outputs=(replace(output, name=name),),
        weights_found=5,
        weights_lost=tuple(f"layers.{n}.bias" for n in range(8)),
    )


def test_a_third_side_is_shown_with_its_numbers_and_their_places(sample: Sample):
    text = render_summary(sample, comparison=replace(make_comparison(), onnx=make_onnx()))
    assert "ONNX as a third side: `models/net.onnx`." in text
    assert "not there: `layers.0.bias`, " in text
    assert "`layers.5.bias` and 2 more." in text
    assert "`layers.6.bias`" not in text
    [row] = [line for line in text.splitlines() if "`mask: PyTorch and ONNX`" in line]
    assert row.startswith("| FAIL ")
    assert "#/onnx/outputs/0/max_abs]" in row
    assert "ONNX" not in render_summary(sample)

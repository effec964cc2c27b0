"""Pictures: shared scales, a difference around zero, and nothing that no record holds."""

from typing import Any

from msgspec.structs import replace

from parityhub.report.figure_view import build_check_figures, build_figures
from tests.report.page_sample import C2, make_page_sample
from tests.report.sample_parity import COMPARISON, make_comparison
from tests.report.sample_records import TF

LABELS = {"tensorflow": "TensorFlow", "torch": "PyTorch"}
MADE = make_page_sample().sample
C1_PATH, C2_PATH = f"{TF}/analysis/figures_C1_1.json", f"{C2}/analysis/figures_C2_1.json"
NAMES = ("C1:tensorflow", "C1:torch")


def build_check(index: int, **changes: Any) -> Any:
    figures = replace(MADE.figures[C2_PATH].checks[index], **changes)
    comparison = (COMPARISON, make_comparison())
    return build_check_figures(figures, C2_PATH, index, NAMES, comparison)


def test_both_sides_of_a_grid_share_a_scale_that_both_reach() -> None:
    view = build_figures(MADE.figures[C1_PATH], C1_PATH, LABELS)
    assert view is not None
    (figure,) = view["grids"]
    first, second = figure["images"]
    assert (first["low"], first["high"]) == (second["low"], second["high"])
    assert first["low"] == min(image["least"]["value"] for image in figure["images"])
    assert first["high"] == max(image["greatest"]["value"] for image in figure["images"])
    assert [image["label"] for image in figure["images"]] == ["TensorFlow", "PyTorch"]
    assert second["least"]["source"]["text"] == "figures_C1_1.json#/grids/1/least"


def test_zero_is_at_the_centre_of_a_difference() -> None:
    for figure in build_check(0)["figures"]:
        left, right, difference = figure["images"]
        assert (left["low"], left["high"]) == (right["low"], right["high"])
        assert difference["low"] == -difference["high"]
        reach = max(abs(difference[key]["value"]) for key in ("least", "greatest"))
        assert difference["high"] == reach
        assert difference["colors"] == "diverging"
        assert [image["label"] for image in figure["images"]] == [
            *NAMES, "C1:torch − C1:tensorflow",
        ]  # fmt: skip


def test_an_image_without_a_finite_value_has_no_scale() -> None:
    planes = MADE.figures[C2_PATH].checks[0].planes
    blank = tuple(replace(plane, least=None, greatest=None) for plane in planes)
    for figure in build_check(0, planes=blank)["figures"]:
        assert [(image["low"], image["high"]) for image in figure["images"]] == [(None, None)] * 3


def test_the_tolerance_of_an_output_is_that_of_its_comparison() -> None:
    (histogram,) = build_check(1)["histograms"]
    assert histogram["tolerance"]["value"] == 4.375e-07
    assert histogram["tolerance"]["source"]["text"].endswith("#/outputs/0/tolerance")
    assert build_check(0)["histograms"][0]["tolerance"] is None


def test_losses_stand_beside_each_other_with_their_difference() -> None:
    view = build_figures(MADE.figures[C1_PATH], C1_PATH, LABELS)
    assert view is not None
    curves = view["curves"]
    assert curves is not None
    assert [[cell and cell["value"] for cell in row] for row in curves["rows"]] == [
        [1.63125, 1.63125], [0.90625, 0.90625 + 1e-6], [0.515625, None],
    ]  # fmt: skip
    differences = [value["value"] for value in curves["differences"]]
    assert differences == [0.0, 0.90625 + 1e-6 - 0.90625, None]
    assert curves["rows"][2][1]["status"] == "missing"


def test_without_a_record_there_is_no_picture() -> None:
    assert build_figures(None, C1_PATH, LABELS) is None
    view = build_check_figures(None, C2_PATH, 0, NAMES, None)
    assert view == {"figures": [], "histograms": []}

from collections.abc import Callable

from msgspec.structs import replace

from parityhub.report.inventory_view import build_inventory_view
from parityhub.report.render import render_template
from tests.report.sample import Sample

TEMPLATE = "artifact_inventory.txt.j2"


def test_the_inventory_as_a_reviewer_reads_it(
    sample: Sample, check_golden: Callable[[str, str], None]
) -> None:
    view = build_inventory_view(**sample.inventory_arguments())
    check_golden("artifact_inventory.txt", render_template(TEMPLATE, view))


def test_every_file_of_evidence_is_listed_and_no_view(sample: Sample) -> None:
    view = build_inventory_view(**sample.inventory_arguments())
    listed = [file["path"] for group in view["groups"] for file in group["files"]]
    evidence = [item.path for item in sample.manifest.artifacts if item.role == "evidence"]
    assert sorted(listed) == sorted(evidence)


def test_what_is_missing_is_said_to_be_missing(sample: Sample) -> None:
    view = build_inventory_view(**sample.inventory_arguments())
    group = next(g for g in view["groups"] if (g["phase"], g["side"]) == ("GS1", "tensorflow"))
    assert [file["path"] for file in group["missing"]] == ["wts.h5.zip"]
    assert group["members"] == []


def test_a_dataset_that_every_attempt_read_is_listed_once_a_side(sample: Sample) -> None:
    view = build_inventory_view(**sample.inventory_arguments())
    group = next(g for g in view["groups"] if (g["phase"], g["side"]) == ("C1", "tensorflow"))
    datasets = [f for f in group["elsewhere"] if f["shows"] == "dataset default"]
    assert len(datasets) == 1


def test_an_empty_hub_says_so(sample: Sample) -> None:
    manifest = replace(sample.manifest, artifacts=())
    view = build_inventory_view(plan=sample.plan, manifest=manifest, phases=(), attempts={})
    assert render_template(TEMPLATE, view).endswith("\nNo evidence.\n")


def test_a_hostile_name_stays_on_its_line(sample: Sample) -> None:
    item = replace(sample.manifest.artifacts[0], path="a\nb\x1b[2J", shows="x\u202ey")
    manifest = replace(sample.manifest, artifacts=(item,))
    view = build_inventory_view(plan=sample.plan, manifest=manifest, phases=(), attempts={})
    text = render_template(TEMPLATE, view)
    assert "\na\\nb\\x1b[2J\n" in text
    assert "\n  x\\u202ey\n" in text

from msgspec.structs import replace

from parityhub.report.artifact_groups import WHOLE_HUB, find_phase_path, group_artifacts
from tests.report.sample import Sample


def test_every_file_has_one_owner(sample: Sample) -> None:
    groups = group_artifacts(**sample.inventory_arguments())
    grouped = sorted(item.path for items in groups.values() for item in items)
    assert grouped == sorted(item.path for item in sample.manifest.artifacts)


def test_owners_stand_in_the_order_of_the_plan_and_the_hub_comes_last(sample: Sample) -> None:
    owners = list(group_artifacts(**sample.inventory_arguments()))
    assert owners == [
        ("C1", ""),
        ("C1", "tensorflow"),
        ("C1", "torch"),
        ("GS1", "tensorflow"),
        ("GS1", "torch"),
        WHOLE_HUB,
    ]


def test_a_file_goes_to_the_attempt_that_names_it_not_to_its_folder(sample: Sample) -> None:
    groups = group_artifacts(**sample.inventory_arguments())
    paths = [item.path for item in groups["C1", "tensorflow"]]
    assert "tf_baseline/phase_c1/cli/train_C1_tensorflow_1.log" in paths
    assert "tf_baseline/phase_c1/red/blocked_2026-11-24T213101Z_xla.md" in paths
    assert "tf_baseline/phase_c1/analysis/phase_C1_1.json" not in paths


def test_a_sidecar_goes_with_its_file(sample: Sample) -> None:
    log = sample.manifest.artifacts[2]
    sidecar = replace(log, path=log.path + ".sha1")
    manifest = replace(sample.manifest, artifacts=(sidecar,))
    groups = group_artifacts(**sample.inventory_arguments() | {"manifest": manifest})
    assert list(groups) == [("C1", "tensorflow")]


def test_attempts_of_a_phase_that_the_plan_no_longer_has_are_kept(sample: Sample) -> None:
    plan = replace(sample.plan, phases=sample.plan.phases[:2])
    groups = group_artifacts(**sample.inventory_arguments() | {"plan": plan})
    assert ("GS1", "torch") in groups


def test_the_record_of_a_phase_lies_beside_its_brief(sample: Sample) -> None:
    paths = [find_phase_path(phase) for phase in sample.phases]
    assert paths[0] == "scaling_alignment/phase_b2/analysis/phase_B2_2.json"

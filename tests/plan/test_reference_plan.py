"""The plan that people copy says what the initiative's documents say it does."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from parityhub.plan.model import Plan
from parityhub.plan.read import read_plan
from parityhub.plan.situation import resolve_situations

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(ROOT / "plans" / "forward-parity" / "plan.toml").plan


def list_changes(plan: Plan, phase_id: str) -> list[tuple[Mapping[str, str | None], str, object]]:
    """Return what TensorFlow is run with, rung by rung: variables, data set, gridsize."""
    phase = plan.find_phase(phase_id)
    assert phase is not None
    run = phase.find_run("tensorflow")
    assert run is not None
    return [
        (situation.env, situation.dataset or "", situation.options["gridsize"])
        for situation in resolve_situations(plan, phase, run)
    ]


def test_it_reads_with_its_phases_in_order(plan: Plan) -> None:
    assert plan.initiative.id == "FORWARD-PARITY"
    assert [phase.id for phase in plan.phases] == ["A", "B2", "B3", "C1", "GS1", "C2", "C3"]


def test_tensorflow_climbs_five_rungs_in_c1(plan: Plan) -> None:
    flags = {"TF_XLA_FLAGS": "--tf_xla_auto_jit=0"}
    explicit = {**flags, "USE_XLA_TRANSLATE": "0"}
    assert list_changes(plan, "C1") == [
        ({}, "default", 2),
        (flags, "default", 2),
        (explicit, "default", 2),
        (explicit, "fallback", 2),
        (explicit, "fallback", 1),
    ]
    assert plan.ladders["tensorflow"].on_exhausted == "POLICY-001"


def test_the_ladder_of_gs1_changes_neither_data_nor_gridsize(plan: Plan) -> None:
    assert {(data, gridsize) for _, data, gridsize in list_changes(plan, "GS1")} == {("default", 1)}


def test_c1_runs_from_a_fresh_clone(plan: Plan) -> None:
    phase = plan.find_phase("C1")
    assert phase is not None
    assert phase.requires == ()
    assert phase.gate is None
    assert all(dataset.make for dataset in plan.datasets.values())


def test_both_sides_differ_in_their_program_alone(plan: Plan) -> None:
    left, right = (
        [
            (step.name, [word.replace(program, "PROGRAM") for word in step.command], step.options)
            for step in plan.baselines[name].steps
        ]
        for name, program in (("torch", "ptycho_torch"), ("tensorflow", "ptycho_tf"))
    )
    assert left == right
    steps = [plan.baselines[name].steps for name in ("torch", "tensorflow")]
    for torch, tensorflow in zip(*steps, strict=True):
        assert torch.artifacts == tensorflow.artifacts
        assert (torch.stats, torch.values) == (tensorflow.stats, tensorflow.values)


def test_its_tests_exist(plan: Plan) -> None:
    selectors = [
        selector.partition("::")[0]
        for phase in plan.phases
        if phase.gate
        for selector in phase.gate.selectors
    ]
    assert selectors == ["tests/baselines/test_intensity_scale.py"]
    assert [selector for selector in selectors if not (ROOT / selector).is_file()] == []


def test_its_schema_is_where_it_says(plan: Plan) -> None:
    path = ROOT / "plans" / "forward-parity" / "plan.toml"
    directive, _, schema = path.read_text().partition("\n")[0].partition(" ")
    assert directive == "#:schema"
    assert (path.parent / schema).resolve() == ROOT / "docs" / "reference" / "plan.schema.json"

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.adopt.draft import Draft, make_name, write_plan
from parityhub.adopt.inputs import Given
from parityhub.capture.draw_inputs import Drawn
from parityhub.plan.read import read_plan


def draft(**changes: object) -> Draft:
    given = [Given(Drawn("image", (4, 8, 8, 3)), (0, 3, 1, 2)), Given(Drawn("scale", (4, 1)))]
    return Draft(
        **{"name": "net", "tensorflow": "a.py:f", "pytorch": "b.py:g", "given": given, **changes}
    )


@pytest.mark.parametrize("inputs", [None, "data/test.npz"])
def test_what_is_written_is_a_plan(tmp_path: Path, inputs: str | None):
    file = tmp_path / "plan.toml"
    file.write_text(write_plan(draft(inputs=inputs)), encoding="utf-8")
    plan = read_plan(file).plan
    pair = plan.pairs["net"]
    assert pair.tensorflow.target == "a.py:f"
    assert pair.pytorch.target == "b.py:g"
    assert pair.input_axes == {"image": (0, 3, 1, 2)}
    [check] = plan.phases[0].checks
    assert check.kind == "same-weights" if hasattr(check, "kind") else True
    dataset = plan.datasets["inputs"]
    assert dataset.files["inputs"] == (inputs or "outputs/inputs/net.npz")
    assert bool(dataset.make) == (inputs is None)


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_any_path_can_be_a_target(text: str):
    document = tomllib.loads(write_plan(draft(tensorflow=f"{text}.py:f")))
    assert document["pair"]["net"]["tensorflow"]["target"] == f"{text}.py:f"


@given(st.text())
def test_any_folder_has_a_name(text: str):
    name = make_name(text)
    assert write_plan(draft(name=name)).count(f"[pair.{name}]") == 1
    assert name
    assert name.isascii()


def test_letters_keep_their_letters():
    assert make_name("my répo") == "my-repo"

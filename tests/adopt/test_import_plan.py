"""The plan that an import writes is one, whatever the folder was called."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.adopt.import_hub import guess_hub
from parityhub.adopt.import_plan import make_name, write_plan
from parityhub.adopt.list_folder import FoundFile
from parityhub.plan.part import PLAIN_ID
from parityhub.plan.read import read_plan

PRINTABLE = st.text(min_size=1, max_size=20).filter(
    lambda text: text.isprintable() and text.strip()
)
PHASED = st.from_regex(r"phase[_-][a-z]?[0-9]{1,2}(_[a-z0-9]{1,3})?", fullmatch=True)


@given(PRINTABLE, st.lists(st.tuples(PRINTABLE, PHASED), min_size=1, max_size=4))
def test_what_is_written_is_a_plan(title, folders):
    found = [FoundFile(f"{top.replace('/', '')}x/{phase}/f", 1, "") for top, phase in folders]
    guess = guess_hub(found)
    name = make_name(title)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.toml"
        path.write_text(write_plan(name, title, guess.phases), encoding="utf-8")
        plan = read_plan(path).plan
    assert plan.initiative.title == title
    assert [phase.id for phase in plan.phases] == [phase.id for phase in guess.phases]
    assert all(phase.idle and phase.imported for phase in plan.phases)


@given(st.text(max_size=200))
def test_each_name_becomes_a_plain_one(text):
    name = make_name(text)
    assert re.match(PLAIN_ID, name)
    assert make_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"), [("seed_hub", "seed_hub"), ("My hub (2)", "My-hub-2"), ("..", "imported")]
)
def test_names_stay_as_they_are_where_they_can(text, name):
    assert make_name(text) == name

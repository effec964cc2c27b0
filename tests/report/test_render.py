from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import UndefinedError

from parityhub.report.render import TEMPLATE_FOLDERS, render_template, write_command

BRIEF: dict[str, Any] = {
    "phase": "C1",
    "title": "The pair, gridsize 2",
    "purpose": "The same network in both frameworks, from the same weights.",
    "requires": [{"id": "B3", "state": "done"}, {"id": "A", "state": "pending"}],
    "gate": {
        "selectors": ["tests/baselines/test_intensity_scale.py"],
        "argv": ["python", "-m", "pytest", "tests/baselines/test_intensity_scale.py", "-vv"],
        "env": {},
    },
    "runs": [
        {
            "baseline": "tensorflow",
            "framework": "tensorflow",
            "folder": "tf_baseline/phase_c1",
            "rungs": [
                {
                    "id": "as-is",
                    "title": "as is",
                    "env": {"USE_XLA_TRANSLATE": None},
                    "dataset": "default",
                    "options": {"gridsize": 2, "stitch": True},
                    "revision": None,
                    "commands": [
                        {
                            "step": "train",
                            "argv": ["python", "-m", "pair", "train", "--out", "{out}"],
                            "timeout": 600.0,
                        }
                    ],
                },
                {
                    "id": "patched",
                    "title": "a patch, no XLA",
                    "env": {"TF_XLA_FLAGS": "--tf_xla_auto_jit=0", "USE_XLA_TRANSLATE": "0"},
                    "dataset": None,
                    "options": {},
                    "revision": "fix-shift",
                    "commands": [],
                },
            ],
            "artifacts": [{"path": "wts.h5.zip", "kind": "bundle", "shows": "the model"}],
            "on_exhausted": "POLICY-001",
        }
    ],
    "checks": [{"id": "scale", "kind": "equal", "title": "trained scale is loaded scale"}],
    "now": [],
    "steps": [
        {
            "id": "C1.1",
            "text": "both trained",
            "evidence": ["run:torch", "gate"],
            "ticked": False,
            "found": [],
        }
    ],
    "exit_criteria": [{"id": "guards", "text": "guards green", "evidence": ["C3/gate"]}],
}


def test_a_brief_as_a_reviewer_reads_it(check_golden: Callable[[str, str], None]) -> None:
    check_golden("brief.md", render_template("brief.md.j2", BRIEF))


def test_a_brief_of_a_phase_that_runs_nothing_says_so() -> None:
    empty: dict[str, Any] = {"requires": [], "gate": None, "runs": [], "checks": [], "steps": []}
    text = render_template("brief.md.j2", BRIEF | empty)
    assert "Requires: no other phase." in text
    assert text.count("None.") == 2


def test_a_brief_says_what_to_do_now_and_what_ticks() -> None:
    step = BRIEF["steps"][0] | {"ticked": True, "found": ["torch attempt 1 passed", "gate green"]}
    now = [{"command": "parityhub run-phase C1 --resume", "why": "run 2 was interrupted"}]
    text = render_template("brief.md.j2", BRIEF | {"now": now, "steps": [step]})
    assert "## Now\n\n1. `parityhub run-phase C1 --resume`: run 2 was interrupted\n" in text
    assert "- [x] `C1.1` both trained – `run:torch`, `gate`: torch attempt 1 passed; gate" in text


def test_a_view_that_lacks_a_value_is_refused() -> None:
    lacking = {key: value for key, value in BRIEF.items() if key != "title"}
    with pytest.raises(UndefinedError, match="title"):
        render_template("brief.md.j2", lacking)


def test_what_a_template_prints_is_escaped_unless_a_filter_made_it() -> None:
    text = render_template("brief.md.j2", BRIEF | {"purpose": "<b> | [x](y) \u202e"})
    assert r"&lt;b> \| \[x\](y) \u202e" in text


def test_templates_are_looked_for_in_the_package_and_then_beside_it() -> None:
    shipped, checkout = TEMPLATE_FOLDERS
    assert shipped.parts[-3:] == ("parityhub", "report", "templates")
    assert checkout == shipped.parents[2] / "templates"


@pytest.mark.parametrize(
    ("argv", "env", "lines"),
    [
        ([], {}, []),
        (["python", "a b.py"], {}, ["python 'a b.py'"]),
        (
            ["python", "a.py", "--x", "1", "--y=2"],
            {"A": "1 $(2)", "B": None},
            ["env -u B \\", "  A='1 $(2)' \\", "  python a.py \\", "  --x 1 \\", "  --y=2"],
        ),
    ],
)
def test_a_command_can_be_pasted_into_a_shell(
    argv: list[str], env: dict[str, str | None], lines: list[str]
) -> None:
    assert write_command(argv, env) == lines

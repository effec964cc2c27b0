from pathlib import Path

import pytest

from tests.plan.refusals import Refusal, assert_refused

REFUSALS = {
    "run text": Refusal(
        "plan.toml:134: phase[0].checks[3].of[0]: 'P:left/x' does not name a run",
        "write [PHASE:]BASELINE",
        {'of = ["left"]\nbound': 'of = ["P:left/x"]\nbound'},
    ),
    "run phase": Refusal(
        "plan.toml:167: phase[1].checks[0].baseline: there is no phase 'R'",
        "known: P, Q",
        {'baseline = "P:left"': 'baseline = "R:left"'},
    ),
    "run baseline": Refusal(
        "plan.toml:167: phase[1].checks[0].baseline: phase 'P' runs no baseline 'lift'",
        "did you mean 'left'?",
        {'baseline = "P:left"': 'baseline = "P:lift"'},
    ),
    "not required": Refusal(
        "plan.toml:167: phase[1].checks[0].baseline: phase 'Q' does not require 'P'",
        "add 'P' to its requires (4 more to mend after it)",
        {
            'requires = ["P"]\n': "requires = []\n",
            (
                "[[phase.checks]]\n"
                'kind = "trained"\n'
                'id = "trained"\n'
                'title = "the images agree"\n'
                'left = "P:left"\n'
                'right = "P:right"\n'
                'array = "out.npy"\n'
                "ssim_at_least = 0.9\n"
                'reason = "measured"\n'
            ): "",
            ', "Q/check:trained"': "",
        },
    ),
    "value text": Refusal(
        "plan.toml:109: phase[0].checks[0].left: 'left' does not name a value",
        "write [PHASE:]BASELINE.VALUE",
        {'left = "left.first"': 'left = "left"'},
    ),
    "value run": Refusal(
        "plan.toml:109: phase[0].checks[0].left: P:right has no value 'first'",
        "the plan has none",
        {'left = "left.first"': 'left = "right.first"'},
    ),
    "value phase": Refusal(
        "plan.toml:109: phase[0].checks[0].left: there is no phase 'R'",
        "known: P, Q",
        {'left = "left.first"': 'left = "R:left.first"'},
    ),
    "same value": Refusal(
        "plan.toml:110: phase[0].checks[0].right: named twice by this check",
        "name another",
        {'right = "left.last"': 'right = "P:left.first"'},
    ),
    "same run": Refusal(
        "plan.toml:168: phase[1].checks[0].candidate: named twice by this check",
        "name another",
        {'candidate = "P:right"': 'candidate = "P:left"'},
    ),
    "no runs": Refusal(
        "plan.toml:134: phase[0].checks[3].of: 0 of the 1 runs that it takes",
        "write [PHASE:]BASELINE",
        {'of = ["left"]\nbound': "of = []\nbound"},
    ),
    "one run": Refusal(
        "plan.toml:143: phase[0].checks[4].of: 1 of the 2 runs that it takes",
        "write [PHASE:]BASELINE",
        {'path = "wts.zip"\nof = ["left", "right"]': 'path = "wts.zip"\nof = ["left"]'},
    ),
    "no sections": Refusal(
        "plan.toml:169: phase[1].checks[0].sections: names no section",
        "name one",
        {('candidate = "P:right"\nsections = ["output"]'): 'candidate = "P:right"\nsections = []'},
    ),
    "no artifacts": Refusal(
        "plan.toml:150: phase[0].checks[5].artifacts: names no artifact",
        "name one",
        {'artifacts = ["out.npy"]': "artifacts = []"},
    ),
    "no reason": Refusal(
        "plan.toml:179: phase[1].checks[1].reason: empty, though ssim_at_least is given",
        "say where the bound comes from: a tolerance has a reason",
        {'ssim_at_least = 0.9\nreason = "measured"': 'ssim_at_least = 0.9\nreason = " "'},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_a_question_that_cannot_be_answered(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)

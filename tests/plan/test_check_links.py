from pathlib import Path

import pytest

from tests.plan.refusals import Refusal, assert_refused

REFUSALS = {
    "default": Refusal(
        "plan.toml:3: default_dataset: there is no data set 'frist'",
        "did you mean 'first'?",
        {'default_dataset = "first"': 'default_dataset = "frist"'},
    ),
    "rung dataset": Refusal(
        "plan.toml:84: ladder.up.rungs[1].dataset: there is no data set 'third'",
        "known: first, second",
        {'dataset = "second"': 'dataset = "third"'},
    ),
    "phase dataset": Refusal(
        "plan.toml:161: phase[1].dataset: there is no data set 'zero'",
        "known: first, second",
        {'folder = "q"': 'folder = "q"\ndataset = "zero"'},
    ),
    "baseline": Refusal(
        "plan.toml:102: phase[0].runs[1].baseline: there is no baseline 'up'",
        "known: left, right",
        {
            '[[phase.runs]]\nbaseline = "right"\n': (
                '[[phase.runs]]\nbaseline = "up"\n\n[[phase.runs]]\nbaseline = "right"\n'
            )
        },
    ),
    "ladder": Refusal(
        "plan.toml:99: phase[0].runs[0].ladder: there is no ladder 'down'",
        "known: up",
        {'ladder = "up"': 'ladder = "down"'},
    ),
    "requires": Refusal(
        "plan.toml:161: phase[1].requires[1]: there is no phase 'R'",
        "known: P, Q",
        {'requires = ["P"]': 'requires = ["P", "R"]'},
    ),
    "self": Refusal(
        "plan.toml:161: phase[1].requires[1]: phases require each other: Q -> Q",
        "leave one of these requirements out",
        {'requires = ["P"]': 'requires = ["P", "Q"]'},
    ),
    "cycle": Refusal(
        "plan.toml:90: phase[0].requires[0]: phases require each other: P -> Q -> P",
        "leave one of these requirements out",
        {'title = "the pair"\n': 'title = "the pair"\nrequires = ["Q"]\n'},
    ),
    "on_exhausted": Refusal(
        "plan.toml:74: ladder.up.on_exhausted: there is no policy 'ALNOE'",
        "did you mean 'ALONE'?",
        {'on_exhausted = "ALONE"': 'on_exhausted = "ALNOE"'},
    ),
    "allows": Refusal(
        "plan.toml:74: ladder.up.on_exhausted: policy 'RED' does not allow 'one-sided'",
        'give it allows = ["one-sided"], or name another policy',
        {'on_exhausted = "ALONE"': 'on_exhausted = "RED"'},
    ),
    "continue": Refusal(
        "plan.toml:95: phase[0].gate.continue_under: there is no policy 'NONE'",
        "did you mean 'ALONE'?",
        {'continue_under = "RED"': 'continue_under = "NONE"'},
    ),
    "continue allows": Refusal(
        ("plan.toml:95: phase[0].gate.continue_under: policy 'ALONE' does not allow 'red-gate'"),
        'give it allows = ["red-gate"], or name another policy',
        {'continue_under = "RED"': 'continue_under = "ALONE"'},
    ),
    "begin_at": Refusal(
        "plan.toml:85: ladder.up.rungs[1].begin_at: baseline 'left' has no step 'trian'",
        "did you mean 'train'?",
        {'begin_at = "train"': 'begin_at = "trian"'},
    ),
    "option": Refusal(
        "plan.toml:46: baseline.left.steps[0].options[1]: there is no option 'seed'",
        "known: dump, epochs",
        {'options = ["epochs", "dump"]': 'options = ["epochs", "seed"]'},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_a_link_that_leads_nowhere(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)

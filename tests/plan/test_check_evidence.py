from pathlib import Path

import pytest

from tests.plan.refusals import Refusal, assert_refused

REFUSALS = {
    "text": Refusal(
        "plan.toml:155: phase[0].steps[0].evidence[0]: 'gates' is no evidence",
        "write gate, run:NAME, check:ID or artifact:NAME/PATH",
        {'"gate", "run:left"': '"gates", "run:left"'},
    ),
    "empty": Refusal(
        "plan.toml:155: phase[0].steps[0].evidence: empty: nothing would tick it",
        "write gate, run:NAME, check:ID or artifact:NAME/PATH",
        {
            '["gate", "run:left", "check:alive", "artifact:left/scale.json"]': "[]",
        },
    ),
    "no gate": Refusal(
        "plan.toml:162: phase[1].steps[0].evidence[0]: phase 'Q' has no gate",
        "give it one, or name a check",
        {
            'requires = ["P"]\n': (
                'requires = ["P"]\nsteps = [{ id = "Q.1", text = "t", evidence = ["gate"] }]\n'
            )
        },
    ),
    "run": Refusal(
        "plan.toml:155: phase[0].steps[0].evidence[1]: phase 'P' runs no baseline 'lift'",
        "did you mean 'left'?",
        {'"run:left"': '"run:lift"'},
    ),
    "check": Refusal(
        "plan.toml:155: phase[0].steps[0].evidence[2]: phase 'P' has no check 'live'",
        "did you mean 'alive'?",
        {'"check:alive"': '"check:live"'},
    ),
    "artifact": Refusal(
        (
            "plan.toml:155: phase[0].steps[0].evidence[3]: baseline 'left' leaves no "
            "artifact 'scales.json'"
        ),
        "did you mean 'scale.json'?",
        {'"artifact:left/scale.json"': '"artifact:left/scales.json"'},
    ),
    "artifact text": Refusal(
        "plan.toml:155: phase[0].steps[0].evidence[3]: 'artifact:left' is no evidence",
        "write gate, run:NAME, check:ID or artifact:NAME/PATH",
        {'"artifact:left/scale.json"': '"artifact:left"'},
    ),
    "criterion text": Refusal(
        ("plan.toml:200: exit_criterion[0].evidence[0]: 'check:close' is no evidence of a phase"),
        "write PHASE/ before gate, run:NAME, check:ID or artifact:NAME/PATH",
        {'"P/check:close"': '"check:close"'},
    ),
    "criterion phase": Refusal(
        "plan.toml:200: exit_criterion[0].evidence[0]: there is no phase 'R'",
        "known: P, Q",
        {'"P/check:close"': '"R/check:close"'},
    ),
    "criterion check": Refusal(
        "plan.toml:200: exit_criterion[0].evidence[1]: phase 'Q' has no check 'close'",
        "known: outputs, same, stats, trained",
        {'"Q/check:trained"': '"Q/check:close"'},
    ),
    "criterion empty": Refusal(
        "plan.toml:200: exit_criterion[0].evidence: empty: nothing would tick it",
        "write gate, run:NAME, check:ID or artifact:NAME/PATH",
        {'evidence = ["P/check:close", "Q/check:trained"]': "evidence = []"},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_evidence_that_cannot_come_to_be(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)

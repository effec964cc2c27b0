from pathlib import Path

import pytest

from tests.plan.refusals import Refusal, assert_refused

REFUSALS = {
    "section": Refusal(
        "plan.toml:169: phase[1].checks[0].sections[0]: P:right has no statistics 'logged'",
        "known: output",
        {
            ('candidate = "P:right"\nsections = ["output"]'): (
                'candidate = "P:right"\nsections = ["logged"]'
            )
        },
    ),
    "default section": Refusal(
        (
            "plan.toml:163: phase[1].checks[0].sections[0]: P:left has no statistics "
            "'patch_amplitude'"
        ),
        "known: logged, output (3 more to mend after it)",
        {'candidate = "P:right"\nsections = ["output"]': 'candidate = "P:right"'},
    ),
    "metric text": Refusal(
        "plan.toml:133: phase[0].checks[3].metric: 'mean' does not name a statistic",
        "write SECTION.METRIC",
        {'metric = "logged.mean"': 'metric = "mean"'},
    ),
    "metric": Refusal(
        "plan.toml:133: phase[0].checks[3].metric: there is no metric 'median'",
        "did you mean 'mean'?",
        {'metric = "logged.mean"': 'metric = "logged.median"'},
    ),
    "metric section": Refusal(
        "plan.toml:133: phase[0].checks[3].metric: P:left has no statistics 'lodged'",
        "did you mean 'logged'?",
        {'metric = "logged.mean"': 'metric = "lodged.mean"'},
    ),
    "metric of log": Refusal(
        (
            "plan.toml:133: phase[0].checks[3].metric: the log pattern of P:left 'logged' "
            "has no group 'std'"
        ),
        "add (?P<std>...) to the pattern",
        {'metric = "logged.mean"': 'metric = "logged.std"'},
    ),
    "value": Refusal(
        "plan.toml:110: phase[0].checks[0].right: P:left has no value 'lost'",
        "did you mean 'last'?",
        {'right = "left.last"': 'right = "left.lost"'},
    ),
    "artifact": Refusal(
        "plan.toml:142: phase[0].checks[4].path: P:left leaves no artifact 'weights.zip'",
        "did you mean 'wts.zip'? (1 more to mend after it)",
        {'path = "wts.zip"\nof': 'path = "weights.zip"\nof'},
    ),
    "not kept": Refusal(
        (
            "plan.toml:150: phase[0].checks[5].artifacts[0]: 'wts.zip' of P:left is not "
            "kept in the hub"
        ),
        "leave out its keep = false",
        {'artifacts = ["out.npy"]': 'artifacts = ["wts.zip"]'},
    ),
    "not an array": Refusal(
        (
            "plan.toml:177: phase[1].checks[1].array: 'scale.json' of P:left is of kind "
            "'json', not an array"
        ),
        "name an artifact of kind 'array' (1 more to mend after it)",
        {
            'array = "out.npy"\nssim': 'array = "scale.json"\nssim',
            'requires = ["P"]': 'requires = ["P"]',
        },
    ),
    "object": Refusal(
        "plan.toml:178: phase[1].checks[1].object: P:left leaves no artifact 'truth.npy'",
        "did you mean 'out.npy'? (1 more to mend after it)",
        {'array = "out.npy"\nssim': 'array = "out.npy"\nobject = "truth.npy"\nssim'},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_a_reading_that_no_run_leaves(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)

from pathlib import Path

import pytest

from tests.plan.refusals import Refusal, assert_refused

REFUSALS = {
    "known issue": Refusal(
        (
            "plan.toml:22: known_issue[0].pattern: not a pattern: missing ), unterminated "
            "subpattern at position 3"
        ),
        "write a Python regular expression",
        {"'no kernel'": "'no (kernel'"},
    ),
    "failure empty": Refusal(
        (
            "plan.toml:41: baseline.left.failure_patterns[0].pattern: '(loss=nan)?' "
            "matches where nothing is written"
        ),
        "write out what the log says",
        {"'loss=nan'": "'(loss=nan)?'"},
    ),
    "boundary": Refusal(
        "plan.toml:22: known_issue[0].pattern: '\\\\b' matches where nothing is written",
        "write out what the log says",
        {"'no kernel'": "'\\b'"},
    ),
    "blank": Refusal(
        "plan.toml:22: known_issue[0].pattern: '' matches where nothing is written",
        "write out what the log says",
        {"'no kernel'": "''"},
    ),
    "two sources": Refusal(
        (
            "plan.toml:57: baseline.left.steps[0].values[0]: gives json and log, one of "
            "json, array, log is needed"
        ),
        "a number has one source",
        {
            '{ name = "first", json = "scale.json", pointer = "/first" }': (
                '{ name = "first", json = "scale.json", log = \'(?P<value>x)\' }'
            )
        },
    ),
    "no source": Refusal(
        (
            "plan.toml:71: baseline.right.steps[0].stats[0]: gives no source, one of json, "
            "array, log is needed"
        ),
        "a number has one source",
        {'[{ section = "output", array = "out.npy" }]': '[{ section = "output" }]'},
    ),
    "pointer": Refusal(
        "plan.toml:57: baseline.left.steps[0].values[0].pointer: 'first' is no JSON pointer",
        "write /key/0/key (RFC 6901)",
        {'pointer = "/first"': 'pointer = "first"'},
    ),
    "pointer escape": Refusal(
        "plan.toml:57: baseline.left.steps[0].values[0].pointer: '/a~2' is no JSON pointer",
        "write /key/0/key (RFC 6901)",
        {'pointer = "/first"': 'pointer = "/a~2"'},
    ),
    "pointer alone": Refusal(
        "plan.toml:54: baseline.left.steps[0].stats[1].pointer: given without json",
        "name the file as json",
        {'{ section = "logged", log': '{ section = "logged", pointer = "/a", log'},
    ),
    "stats pattern": Refusal(
        (
            "plan.toml:54: baseline.left.steps[0].stats[1].log: not a pattern: missing ), "
            "unterminated subpattern at position 5"
        ),
        "write a Python regular expression",
        {
            "'mean=(?P<mean>\\S+)'": "'mean=(?P<mean>\\S+'",
            'metric = "logged.mean"': 'metric = "output.mean"',
        },
    ),
    "stats group": Refusal(
        "plan.toml:54: baseline.left.steps[0].stats[1].log: group 'median' is no metric",
        "name groups (?P<mean>...): mean, std, min, max, var_zero_mean",
        {
            "'mean=(?P<mean>\\S+)'": "'mean=(?P<median>\\S+)'",
            'metric = "logged.mean"': 'metric = "output.mean"',
        },
    ),
    "stats no group": Refusal(
        "plan.toml:54: baseline.left.steps[0].stats[1].log: the pattern names no group",
        "name groups (?P<mean>...): mean, std, min, max, var_zero_mean",
        {
            "'mean=(?P<mean>\\S+)'": "'mean=(\\S+)'",
            'metric = "logged.mean"': 'metric = "output.mean"',
        },
    ),
    "value group": Refusal(
        (
            "plan.toml:58: baseline.left.steps[0].values[1].log: groups: 'scale', needed "
            "is 'value' alone"
        ),
        "write (?P<value>...)",
        {"'scale=(?P<value>\\S+)'": "'scale=(?P<scale>\\S+)'"},
    ),
    "value no group": Refusal(
        (
            "plan.toml:58: baseline.left.steps[0].values[1].log: groups: none, needed is "
            "'value' alone"
        ),
        "write (?P<value>...)",
        {"'scale=(?P<value>\\S+)'": "'scale=(\\S+)'"},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_a_source_that_cannot_be_read(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)

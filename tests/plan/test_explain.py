from pathlib import Path

import pytest

from tests.plan.refusals import Refusal, assert_refused

REFUSALS = {
    "unknown key": Refusal(
        "plan.toml:99: phase[0].runs[0].lader: unknown key",
        "did you mean 'ladder'?",
        {'ladder = "up"': 'lader = "up"'},
    ),
    "far key": Refusal(
        "plan.toml:3: zzzzzz: unknown key",
        (
            "known: baseline, dataset, default_dataset, exit_criterion, format, "
            "initiative, known_issue, ladder, options, pair, phase, policy, report"
        ),
        {"format = 1": "format = 1\nzzzzzz = 1"},
    ),
    "unknown in mapping": Refusal(
        "plan.toml:39: baseline.left.cdw: unknown key",
        "did you mean 'cwd'?",
        {'cwd = "{root}"': 'cdw = "{root}"'},
    ),
    "missing": Refusal(
        "plan.toml:87: phase[0].title: missing",
        "required here: id, title, folder",
        {'title = "the pair"\n': ""},
    ),
    "missing in mapping": Refusal(
        "plan.toml:61: baseline.right.framework: missing",
        "required here: framework, steps",
        {'framework = "pytorch"\n': 'title = "t"\n'},
    ),
    "missing kind": Refusal(
        "plan.toml:112: phase[0].checks[1].kind: missing",
        (
            "known: above, alive, archived, close, equal, learned, outputs, same-artifact, "
            "same-weights, stats, trained"
        ),
        {'kind = "alive"\n': ""},
    ),
    "missing in check": Refusal(
        "plan.toml:119: phase[0].checks[2].metric: missing",
        "required here: kind, id, title, metric, left, right, rel, reason",
        {'metric = "output.std"\n': ""},
    ),
    "bad kind": Refusal(
        "plan.toml:113: phase[0].checks[1].kind: 'alife' is none of the choices",
        "did you mean 'alive'?",
        {'kind = "alive"': 'kind = "alife"'},
    ),
    "number for text": Refusal(
        "plan.toml:89: phase[0].title: expected a text, got a whole number",
        'put it in quotes: "3"',
        {'title = "the pair"': "title = 3"},
    ),
    "text for list": Refusal(
        "plan.toml:161: phase[1].requires: expected a list, got a text",
        "put it in brackets: [...]",
        {'requires = ["P"]': 'requires = "P"'},
    ),
    "number for variable": Refusal(
        "plan.toml:94: phase[0].gate.env.STRICT: expected a text, got a whole number",
        'put it in quotes: "1"',
        {'env = { STRICT = "1" }': "env = { STRICT = 1 }"},
    ),
    "true for variable": Refusal(
        "plan.toml:83: ladder.up.rungs[1].env.WAY: expected a text, got true or false",
        'put it in quotes: "true"',
        {'env = { WAY = "other" }': "env = { WAY = true }"},
    ),
    "date": Refusal(
        (
            "plan.toml:27: options.epochs: expected true or false, a whole number, a "
            "number or a text, got a date"
        ),
        "docs/reference/plan.schema.json says what stands where",
        {"epochs = 2": "epochs = 2026-11-24"},
    ),
    "list for table": Refusal(
        "plan.toml:5: initiative: expected a table, got a list",
        "docs/reference/plan.schema.json says what stands where",
        {('[initiative]\nid = "TINY"\ntitle = "A tiny pair"\nhub = "tiny"'): "initiative = []"},
    ),
    "text for number": Refusal(
        "plan.toml:47: baseline.left.steps[0].timeout: expected a number, got a text",
        "docs/reference/plan.schema.json says what stands where",
        {"timeout = 60": 'timeout = "60"'},
    ),
    "bad id": Refusal(
        "plan.toml:6: initiative.id: 'TI NY' is not a plain id",
        "letters, digits, '.', '_' and '-', the first a letter or digit",
        {'id = "TINY"': 'id = "TI NY"'},
    ),
    "long id": Refusal(
        "plan.toml:158: phase[1].id: 'Q\\n' is not a plain id",
        "letters, digits, '.', '_' and '-', the first a letter or digit",
        {'id = "Q"': 'id = "Q\\n"'},
    ),
    "empty": Refusal(
        "plan.toml:89: phase[0].title: empty",
        "write it out: reports show this text",
        {'title = "the pair"': 'title = ""'},
    ),
    "blank": Refusal(
        "plan.toml:89: phase[0].title: empty",
        "write it out: reports show this text",
        {'title = "the pair"': 'title = "  "'},
    ),
    "rel": Refusal(
        "plan.toml:126: phase[0].checks[2].rel: -0.1 is not > 0",
        "docs/reference/plan.schema.json says what stands where",
        {"rel = 0.1": "rel = -0.1"},
    ),
    "ssim": Refusal(
        "plan.toml:178: phase[1].checks[1].ssim_at_least: 1.5 is not <= 1",
        "docs/reference/plan.schema.json says what stands where",
        {"ssim_at_least = 0.9": "ssim_at_least = 1.5"},
    ),
    "format": Refusal(
        "plan.toml:2: format: 2 is none of the choices",
        "known: 1",
        {"format = 1": "format = 2"},
    ),
    "format text": Refusal(
        "plan.toml:2: format: expected a whole number, got a text",
        "docs/reference/plan.schema.json says what stands where",
        {"format = 1": 'format = "1"'},
    ),
    "framework": Refusal(
        "plan.toml:62: baseline.right.framework: 'torch' is none of the choices",
        "did you mean 'pytorch'?",
        {'framework = "pytorch"': 'framework = "torch"'},
    ),
    "allows": Refusal(
        "plan.toml:18: policy[1].allows[0]: 'red-gates' is none of the choices",
        "did you mean 'red-gate'?",
        {'allows = ["red-gate"]': 'allows = ["red-gates"]'},
    ),
    "word": Refusal(
        ("plan.toml:66: baseline.right.steps[0].command[1]: expected a text, got a whole number"),
        'put it in quotes: "1"',
        {'"right.py"': "1"},
    ),
    "line break key": Refusal(
        'plan.toml:29: initiative."a\\nb": unknown key',
        "known: hub, id, outputs, python, title",
        {"epochs = 2\n": 'epochs = 2\n\n[initiative."a\\nb"]\n'},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_a_wrong_type_in_the_words_of_a_person(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)

from pathlib import Path

import pytest

from tests.plan.refusals import Refusal, assert_refused

REFUSALS = {
    "outputs": Refusal(
        "plan.toml:9: initiative.outputs: '/tmp/outputs' is absolute",
        "write it relative to its folder",
        {'hub = "tiny"': 'hub = "tiny"\noutputs = "/tmp/outputs"'},
    ),
    "dataset": Refusal(
        (
            "plan.toml:31: dataset.first.files.train: '../first.npz' leads out of its "
            "folder with '..'"
        ),
        "leave '..' out",
        {'"data/first.npz"': '"../first.npz"'},
    ),
    "folder": Refusal(
        "plan.toml:160: phase[1].folder: '.' names no file or folder of its own",
        "name one",
        {'folder = "q"': 'folder = "."'},
    ),
    "imported": Refusal(
        "plan.toml:160: phase[1].folder: 'imported/q' is the folder of what was imported",
        "name another: what was imported lies there",
        {'folder = "q"': 'folder = "imported/q"'},
    ),
    "run folder": Refusal(
        "plan.toml:103: phase[0].runs[1].folder: 'p//right' is spelled in a roundabout way",
        "write 'p/right'",
        {'folder = "p/right"': 'folder = "p//right"'},
    ),
    "artifact": Refusal(
        "plan.toml:49: baseline.left.steps[0].artifacts[0].path: 'a\\\\b' has a backslash",
        "write forward slashes",
        {
            'path = "wts.zip", kind = "bundle", shows = "weights", keep = false': (
                'path = "a\\\\b", kind = "file", shows = "s"'
            ),
            'path = "wts.zip"\nof': 'path = "out.npy"\nof',
        },
    ),
    "drive": Refusal(
        "plan.toml:160: phase[1].folder: 'C:q' is absolute",
        "write it relative to its folder",
        {'folder = "q"': 'folder = "C:q"'},
    ),
    "empty": Refusal(
        "plan.toml:160: phase[1].folder: '' is no path",
        "write a path of printable characters",
        {'folder = "q"': 'folder = ""'},
    ),
    "line break": Refusal(
        "plan.toml:160: phase[1].folder: 'q\\nr' is no path",
        "write a path of printable characters",
        {'folder = "q"': 'folder = "q\\nr"'},
    ),
    "placeholder": Refusal(
        "plan.toml:160: phase[1].folder: '{out}/q' takes no placeholder",
        "leave out {out}",
        {'folder = "q"': 'folder = "{out}/q"'},
    ),
    "json": Refusal(
        (
            "plan.toml:57: baseline.left.steps[0].values[0].json: 'sub/../scale.json' "
            "leads out of its folder with '..'"
        ),
        "leave '..' out",
        {'json = "scale.json"': 'json = "sub/../scale.json"', ', "artifact:left/scale.json"': ""},
    ),
    "array": Refusal(
        (
            "plan.toml:71: baseline.right.steps[0].stats[0].array: './out.npy' is spelled "
            "in a roundabout way"
        ),
        "write 'out.npy'",
        {
            '[{ section = "output", array = "out.npy" }]': (
                '[{ section = "output", array = "./out.npy" }]'
            )
        },
    ),
    "cwd": Refusal(
        "plan.toml:39: baseline.left.cwd: '../elsewhere' leads out of its folder with '..'",
        "leave '..' out",
        {'cwd = "{root}"': 'cwd = "{root}/../elsewhere"'},
    ),
    "cwd absolute": Refusal(
        "plan.toml:39: baseline.left.cwd: '/srv' is absolute",
        "write it relative to its folder",
        {'cwd = "{root}"': 'cwd = "/srv"'},
    ),
    "record": Refusal(
        (
            "plan.toml:49: baseline.left.steps[0].artifacts[0].path: 'step_train.json' is "
            "the name of a record that the hub keeps"
        ),
        "let the program name it otherwise, or write it in a folder",
        {
            'path = "wts.zip", kind = "bundle", shows = "weights", keep = false': (
                'path = "step_train.json", kind = "json", shows = "s"'
            ),
            'path = "wts.zip"\nof': 'path = "out.npy"\nof',
        },
    ),
    "revision": Refusal(
        "plan.toml:84: ladder.up.rungs[1].revision: '--upload-pack=x' is no git revision",
        "name a commit, a branch or a tag",
        {'dataset = "second"': 'revision = "--upload-pack=x"'},
    ),
    "revision range": Refusal(
        "plan.toml:84: ladder.up.rungs[1].revision: 'a..b' is no git revision",
        "name a commit, a branch or a tag",
        {'dataset = "second"': 'revision = "a..b"'},
    ),
    "selector option": Refusal(
        "plan.toml:93: phase[0].gate.selectors[0]: '-p' is an option, not a test",
        "write path/test_file.py::test_name",
        {'"tests/test_gate.py::test_one"': '"-p"'},
    ),
    "selector outside": Refusal(
        ("plan.toml:93: phase[0].gate.selectors[0]: '../tests' leads out of its folder with '..'"),
        "leave '..' out",
        {'"tests/test_gate.py::test_one"': '"../tests"'},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_a_path_that_leads_out_of_its_folder(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)

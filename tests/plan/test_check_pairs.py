from pathlib import Path

import pytest

from parityhub.plan.read import read_plan
from tests.plan.refusals import BASE, Refusal, assert_refused, change_base

SOURCE = '[pair.net.weights]\nbundle = "P:right/wts.zip"\nparams = ["scale"]'
BUNDLE = "plan.toml:214: pair.net.weights.bundle: "
OUTPUT = "{ name = \"out\", left = 'out.npy', right = 'out.npy', atol = 1e-3"
AXES = "as [0, 3, 1, 2]: each axis once"
NOWHERE = (
    'write { bundle = "PHASE:BASELINE/ARTIFACT" }, { from = "tensorflow", seed = 0 } or '
    '{ checkpoint = "FILE", from = "pytorch" }'
)
UNREASONED = "say where the tolerance comes from: it is shown in the report"

SIDES = {
    "pair name": Refusal(
        "plan.toml:202: pair.\"a net\": 'a net' is not a plain name",
        "letters, digits, '.', '_' and '-', the first a letter or digit (1 more to mend after it)",
        {
            "[pair.net]": '[pair."a net"]',
            "[pair.net.weights]": '[pair."a net".weights]',
            "[pair.net.tensorflow]": '[pair."a net".tensorflow]',
            "[pair.net.pytorch]": '[pair."a net".pytorch]',
            'title = "the same function"\npair = "net"': 'title = "t"\npair = "a net"',
            "rtol = 1e-6, reason": "rtol = inf, reason",
        },
    ),
    "target module": Refusal(
        "plan.toml:218: pair.net.tensorflow.target: 'models.keras_net' does not name a function",
        "write package.module:function or file.py:function",
        {'"models.keras_net:build"': '"models.keras_net"'},
    ),
    "target file": Refusal(
        "plan.toml:222: pair.net.pytorch.target: 'models/torch_net:build' does not name a function",
        "write package.module:function or file.py:function",
        {'"models/torch_net.py:build"': '"models/torch_net:build"'},
    ),
    "target call": Refusal(
        "plan.toml:222: pair.net.pytorch.target: "
        "'models/torch_net.py:build()' does not name a function",
        "write package.module:function or file.py:function",
        {'"models/torch_net.py:build"': '"models/torch_net.py:build()"'},
    ),
    "variable name": Refusal(
        "plan.toml:223: pair.net.pytorch.env.\"A=B\": 'A=B' is no variable that a plan may set",
        "name another",
        {'{ THREADS = "2" }': '{ "A=B" = "2" }'},
    ),
    "variable of the runner": Refusal(
        "plan.toml:223: pair.net.pytorch.env.PARITYHUB_ROOT: "
        "'PARITYHUB_ROOT' is no variable that a plan may set",
        "name another",
        {'{ THREADS = "2" }': '{ PARITYHUB_ROOT = "/" }'},
    ),
    "placeholder": Refusal(
        "plan.toml:223: pair.net.pytorch.env.THREADS: {home} stands for nothing",
        "known: {python}, {root}, {out}, {data.NAME}, {option.NAME}, {options}",
        {'{ THREADS = "2" }': '{ THREADS = "{home}" }'},
    ),
    "placeholder of another data set": Refusal(
        "plan.toml:223: pair.net.pytorch.env.THREADS: {data.other} stands for nothing "
        "in pair 'net'",
        "did you mean 'data.train'?",
        {'{ THREADS = "2" }': '{ THREADS = "{data.other}" }'},
    ),
}

ONNX = "[pair.net.weights]"
THIRDS = {
    "third side elsewhere": Refusal(
        "plan.toml:214: pair.net.onnx.file: '/srv/net.onnx' is absolute",
        "write it relative to its folder",
        {ONNX: '[pair.net.onnx]\nfile = "/srv/net.onnx"\n' + ONNX},
    ),
    "third side of another kind": Refusal(
        "plan.toml:214: pair.net.onnx.file: 'net.pt' is no .onnx file",
        "name one",
        {ONNX: '[pair.net.onnx]\nfile = "net.pt"\n' + ONNX},
    ),
    "third side in another dtype": Refusal(
        "plan.toml:214: pair.net.onnx: is held against the two in float32, "
        "and the pair is compared in bfloat16",
        "leave it out, or declare another pair for it",
        {
            "inputs = 'train'": "inputs = 'train'\ndtype = 'bfloat16'",
            ONNX: '[pair.net.onnx]\nfile = "net.onnx"\n' + ONNX,
        },
    ),
    "output of a third side": Refusal(
        "plan.toml:215: pair.net.onnx.outputs.msak: the pair declares no output 'msak'",
        "did you mean 'mask'?",
        {ONNX: '[pair.net.onnx]\nfile = "net.onnx"\noutputs = { msak = "0" }\n' + ONNX},
    ),
}

CHECKPOINTS = {
    "checkpoint and bundle": Refusal(
        "plan.toml:213: pair.net.weights: must come from one place",
        NOWHERE + " (1 more to mend after it)",
        {'params = ["scale"]': 'checkpoint = "net.pt"'},
    ),
    "checkpoint of neither side": Refusal(
        "plan.toml:213: pair.net.weights: does not say of which side the checkpoint is",
        'add from = "tensorflow" or from = "pytorch"',
        {SOURCE: '[pair.net.weights]\ncheckpoint = "net.safetensors"'},
    ),
    "state dict of neither side": Refusal(
        "plan.toml:213: pair.net.weights: does not say of which side the checkpoint is",
        'add from = "pytorch"',
        {SOURCE: '[pair.net.weights]\ncheckpoint = "net.pt"'},
    ),
    "checkpoint of the other side": Refusal(
        "plan.toml:214: pair.net.weights.checkpoint: "
        "'net.pt' is no checkpoint that the side tensorflow reads",
        "it reads .keras, .h5, .hdf5, .safetensors, a SavedModel's folder",
        {SOURCE: '[pair.net.weights]\ncheckpoint = "net.pt"\nfrom = "tensorflow"'},
    ),
    "checkpoint elsewhere": Refusal(
        "plan.toml:214: pair.net.weights.checkpoint: '/srv/net.pt' is absolute",
        "write it relative to its folder",
        {SOURCE: '[pair.net.weights]\ncheckpoint = "/srv/net.pt"\nfrom = "pytorch"'},
    ),
    "checkpoint above": Refusal(
        "plan.toml:214: pair.net.weights.checkpoint: '../net.pt' leads out of its folder with '..'",
        "leave '..' out",
        {SOURCE: '[pair.net.weights]\ncheckpoint = "../net.pt"\nfrom = "pytorch"'},
    ),
    "whole model elsewhere": Refusal(
        "plan.toml:218: pair.net.tensorflow.target: '../net.keras' leads out of its folder "
        "with '..'",
        "leave '..' out (1 more to mend after it)",
        {'"models.keras_net:build"': '"../net.keras"'},
    ),
    "whole model with options": Refusal(
        "plan.toml:219: pair.net.tensorflow.options: 'net.keras' is a file: it takes no options",
        "leave them out, or name a function as target",
        {'"models.keras_net:build"': '"net.keras"'},
    ),
    "whole model of PyTorch": Refusal(
        "plan.toml:222: pair.net.pytorch.target: 'net.keras' does not name a function",
        "write package.module:function or file.py:function",
        {'"models/torch_net.py:build"': '"net.keras"'},
    ),
}

NUMBERS = {
    "data set": Refusal(
        "plan.toml:204: pair.net.dataset: there is no data set 'frist'",
        "did you mean 'first'?",
        {'written twice"\ndataset = "first"': 'written twice"\ndataset = "frist"'},
    ),
    "file of the data set": Refusal(
        "plan.toml:205: pair.net.inputs: data set 'first' has no file 'trian'",
        "did you mean 'train'?",
        {"inputs = 'train'": 'inputs = "trian"'},
    ),
    "file by default": Refusal(
        "plan.toml:202: pair.net.inputs: data set 'first' has no file 'inputs'",
        "known: train",
        {"inputs = 'train'\n": ""},
    ),
    "axes of the input": Refusal(
        "plan.toml:206: pair.net.input_axes.image: [0, 3, 1, 1] is no order of axes",
        AXES,
        {"{ image = [0, 3, 1, 2] }": "{ image = [0, 3, 1, 1] }"},
    ),
    "weights from nowhere": Refusal(
        "plan.toml:213: pair.net.weights: must come from one place",
        NOWHERE,
        {SOURCE: "[pair.net.weights]\nseed = 3"},
    ),
    "weights from two places": Refusal(
        "plan.toml:213: pair.net.weights: must come from one place",
        NOWHERE,
        {'params = ["scale"]': 'from = "pytorch"'},
    ),
    "numbers without a bundle": Refusal(
        "plan.toml:215: pair.net.weights.params: without a bundle",
        "leave it out",
        {'bundle = "P:right/wts.zip"': 'from = "pytorch"'},
    ),
    "axes of a weight": Refusal(
        "plan.toml:211: pair.net.weight[0].axes: [1, 2] is no order of axes",
        AXES,
        {"axes = [1, 0] }]": "axes = [1, 2] }]"},
    ),
    "bundle text": Refusal(
        BUNDLE + "'right/wts.zip' does not name a bundle",
        "write PHASE:BASELINE/ARTIFACT",
        {"P:right/wts.zip": "right/wts.zip"},
    ),
    "bundle phase": Refusal(
        BUNDLE + "there is no phase 'R'",
        "known: P, Q",
        {
            "P:right/wts.zip": "R:right/wts.zip",
            # A phase that is not there cannot be required either: that is another problem.
            '\n[[phase.checks]]\nkind = "same-weights"\nid = "same"\n'
            'title = "the same function"\npair = "net"\n': "\n" * 6,
        },
    ),
    "bundle baseline": Refusal(
        BUNDLE + "phase 'P' runs no baseline 'rihgt'",
        "did you mean 'right'?",
        {"P:right/wts.zip": "P:rihgt/wts.zip"},
    ),
    "bundle artifact": Refusal(
        BUNDLE + "right leaves no artifact 'wts.zp'",
        "did you mean 'wts.zip'?",
        {"P:right/wts.zip": "P:right/wts.zp"},
    ),
    "bundle kind": Refusal(
        BUNDLE + "'out.npy' is no bundle that is kept in the hub",
        'name an artifact of kind = "bundle", without keep = false',
        {"P:right/wts.zip": "P:right/out.npy"},
    ),
    "bundle not kept": Refusal(
        BUNDLE + "'wts.zip' is no bundle that is kept in the hub",
        'name an artifact of kind = "bundle", without keep = false',
        {"P:right/wts.zip": "P:left/wts.zip"},
    ),
}

OUTPUTS = {
    "name twice": Refusal(
        "plan.toml:209: pair.net.outputs[1].name: 'mask' is given twice",
        "rename one",
        {'name = "score"': 'name = "mask"'},
    ),
    "output of TensorFlow twice": Refusal(
        "plan.toml:209: pair.net.outputs[1].tensorflow: 'mask' is given twice",
        "rename one",
        {'tensorflow = "score"': 'tensorflow = "mask"'},
    ),
    "output of PyTorch twice": Refusal(
        "plan.toml:209: pair.net.outputs[1].pytorch: '0' is given twice",
        "rename one",
        {'pytorch = "1"': 'pytorch = "0"'},
    ),
    "axes of an output": Refusal(
        "plan.toml:208: pair.net.outputs[0].axes: [1, 2, 3] is no order of axes",
        AXES,
        {"axes = [0, 2, 3, 1]": "axes = [1, 2, 3]"},
    ),
    "no reason": Refusal(
        "plan.toml:209: pair.net.outputs[1].reason: empty, though a tolerance is given",
        UNREASONED,
        {'rtol = 1e-6, reason = "as published"': "rtol = 1e-6"},
    ),
    "blank reason": Refusal(
        "plan.toml:209: pair.net.outputs[1].reason: empty, though a tolerance is given",
        UNREASONED,
        {'"as published"': '" \\t"'},
    ),
    "zero without a reason": Refusal(
        "plan.toml:209: pair.net.outputs[1].reason: empty, though a tolerance is given",
        UNREASONED,
        {'rtol = 1e-6, reason = "as published"': "atol = 0.0"},
    ),
    "endless": Refusal(
        "plan.toml:209: pair.net.outputs[1].rtol: inf is not finite",
        "write a finite number",
        {"rtol = 1e-6": "rtol = inf"},
    ),
    "no number": Refusal(
        "plan.toml:209: pair.net.outputs[1].atol: nan is not >= 0",
        "docs/reference/plan.schema.json says what stands where",
        {"rtol = 1e-6": "atol = nan"},
    ),
}

CHECKS = {
    "pair": Refusal(
        "plan.toml:185: phase[1].checks[2].pair: there is no pair 'nett'",
        "did you mean 'net'?",
        {'pair = "net"': 'pair = "nett"'},
    ),
    "bundle of a phase that is not required": Refusal(
        "plan.toml:185: phase[1].checks[2].pair: "
        "phase 'Q' does not require 'P', whose bundle it loads",
        "add 'P' to its requires (2 more to mend after it)",
        {
            'requires = ["P"]\n': "requires = []\n",
            'kind = "stats"\nid = "stats"\ntitle = "nothing collapses"\n'
            'baseline = "P:left"\ncandidate = "P:right"\nsections = ["output"]': (
                'kind = "same-weights"\nid = "x"\ntitle = "t"\npair = "own"\n\n'
            ),
            'kind = "trained"\nid = "trained"\ntitle = "the images agree"\n'
            'left = "P:left"\nright = "P:right"\narray = "out.npy"\n'
            'ssim_at_least = 0.9\nreason = "measured"\n': (
                'kind = "same-weights"\nid = "y"\ntitle = "t"\npair = "own"\n\n\n\n\n'
            ),
            ', "Q/check:trained"': "",
            '{ THREADS = "2" }\n': (
                '{ THREADS = "2" }\n'
                "[pair.own]\n"
                'title = "t"\n'
                'dataset = "first"\n'
                'inputs = "train"\n'
                'weights = { from = "tensorflow" }\n'
                'tensorflow = { target = "a:b" }\n'
                'pytorch = { target = "a:b" }\n'
            ),
        },
    ),
    "no outputs": Refusal(
        "plan.toml:193: phase[1].checks[3].outputs: names no output",
        "name one",
        {f'[\n  {OUTPUT}, reason = "two digits count" }},\n]': "[]"},
    ),
    "output twice": Refusal(
        "plan.toml:195: phase[1].checks[3].outputs[1].name: 'out' is given twice",
        "rename one",
        {
            f"  {OUTPUT}": '  { name = "out", left = "out.npy", right = "out.npy" },\n  '
            + OUTPUT.strip()
        },
    ),
    "output without a reason": Refusal(
        "plan.toml:194: phase[1].checks[3].outputs[0].reason: empty, though a tolerance is given",
        UNREASONED,
        {'"two digits count"': '""'},
    ),
    "endless output": Refusal(
        "plan.toml:194: phase[1].checks[3].outputs[0].atol: inf is not finite",
        "write a finite number",
        {"atol = 1e-3": "atol = inf"},
    ),
    "axes of arrays": Refusal(
        "plan.toml:194: phase[1].checks[3].outputs[0].axes: [0, 0] is no order of axes",
        AXES,
        {"atol = 1e-3": "axes = [0, 0], atol = 1e-3"},
    ),
    "array of the left": Refusal(
        "plan.toml:194: phase[1].checks[3].outputs[0].left: P:left leaves no artifact 'uot.npy'",
        "did you mean 'out.npy'?",
        {"left = 'out.npy'": "left = 'uot.npy'"},
    ),
    "array of the right": Refusal(
        "plan.toml:194: phase[1].checks[3].outputs[0].right: P:right leaves no artifact 'uot.npy'",
        "did you mean 'out.npy'?",
        {"right = 'out.npy'": "right = 'uot.npy'"},
    ),
    "no array": Refusal(
        "plan.toml:194: phase[1].checks[3].outputs[0].right: "
        "'wts.zip' of P:right is no array that is kept in the hub",
        'name an artifact of kind = "array"',
        {"right = 'out.npy'": "right = 'wts.zip'"},
    ),
    "run": Refusal(
        "plan.toml:191: phase[1].checks[3].left: phase 'P' runs no baseline 'lift'",
        "did you mean 'left'?",
        {"left = 'P:left'": "left = 'P:lift'"},
    ),
    "run of its own": Refusal(
        "plan.toml:192: phase[1].checks[3].right: named twice by this check",
        "name another",
        {"right = 'P:right'": "right = 'P:left'"},
    ),
}


@pytest.mark.parametrize("refusal", SIDES.values(), ids=list(SIDES))
def test_refuses_a_side_that_cannot_be_built(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)


@pytest.mark.parametrize("refusal", NUMBERS.values(), ids=list(NUMBERS))
def test_refuses_numbers_that_come_from_nowhere(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)


@pytest.mark.parametrize("refusal", THIRDS.values(), ids=list(THIRDS))
def test_refuses_a_third_side_that_cannot_be_held_against_the_two(
    refusal: Refusal, tmp_path: Path
) -> None:
    assert_refused(refusal, tmp_path)


@pytest.mark.parametrize("refusal", CHECKPOINTS.values(), ids=list(CHECKPOINTS))
def test_refuses_a_checkpoint_that_its_side_cannot_take(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)


@pytest.mark.parametrize("refusal", OUTPUTS.values(), ids=list(OUTPUTS))
def test_refuses_an_output_that_cannot_be_judged(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)


@pytest.mark.parametrize("refusal", CHECKS.values(), ids=list(CHECKS))
def test_refuses_a_check_of_what_will_not_be_there(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)


@pytest.mark.parametrize(
    "target",
    [
        "net:build",
        "a.b_2.c:_build",
        "net.py:build",
        "some folder/net.py:build",
        "/srv/net.py:build",
    ],
)
@pytest.mark.parametrize("place", ["models.keras_net:build", "models/torch_net.py:build"])
def test_takes_a_function_of_a_module_or_a_file(place: str, target: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(change_base({f'"{place}"': f'"{target}"'}), encoding="utf-8")
    pair = read_plan(path).plan.pairs["net"]
    assert target in (pair.tensorflow.target, pair.pytorch.target)


@pytest.mark.parametrize(
    ("file", "side"),
    [
        ("models/net.keras", "tensorflow"),
        ("net.weights.h5", "tensorflow"),
        ("models/saved", "tensorflow"),
        ("net.safetensors", "tensorflow"),
        ("net.safetensors", "pytorch"),
        ("net.pt", "pytorch"),
        ("last.ckpt", "pytorch"),
    ],
)
def test_takes_a_checkpoint_of_a_side(file: str, side: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    weights = f'[pair.net.weights]\ncheckpoint = "{file}"\nfrom = "{side}"'
    path.write_text(change_base({SOURCE: weights}), encoding="utf-8")
    source = read_plan(path).plan.pairs["net"].weights
    assert (source.checkpoint, source.source, source.bundle) == (file, side, None)


def test_a_phase_loads_the_bundle_that_it_leaves_itself(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    check = '[[phase.checks]]\nkind = "same-weights"\nid = "own"\ntitle = "t"\npair = "net"\n'
    text = change_base({"[[phase.steps]]": f"{check}\n[[phase.steps]]"})
    path.write_text(text, encoding="utf-8")
    phase = read_plan(path).plan.phases[0]
    assert (phase.id, phase.requires, phase.checks[-1].id) == ("P", (), "own")


def test_the_plan_in_which_nothing_is_wrong_has_a_pair(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(BASE, encoding="utf-8")
    plan = read_plan(path).plan
    pair = plan.pairs["net"]
    assert pair.weights.bundle == "P:right/wts.zip"
    assert pair.mapping[0].axes == (1, 0)
    assert [output.given for output in pair.outputs] == [False, True]
    assert "THREADS" in plan.controlled_variables()

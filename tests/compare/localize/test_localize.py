from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from parityhub.compare.localize.known import Known
from parityhub.compare.localize.localize import localize
from parityhub.plan.pair import PairOutput
from tests.compare.localize import nets
from tests.compare.localize.nets import FAULTS, build_pair, make_request, seed_fault
from tests.compare.localize.numpy_net import NumpyNet, Op

KINDS = ["dense", "tanh", "norm", "shift", "dense", "tanh", "dense"]
SKIPS = [0, 0, 0, 2, 0, 0, 3]
NETS = st.lists(st.sampled_from(["dense", "norm", "tanh", "shift"]), min_size=2, max_size=7)
LOCAL = settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def test_nothing_wrong_has_no_divergence(tmp_path):
    pair = build_pair(KINDS, SKIPS, 1)
    result = localize(pair.tensorflow, pair.pytorch, make_request(tmp_path))
    record = result.record
    assert (record.verdict, record.divergences) == ("PASS", ())
    named = {layer.pytorch: layer.tensorflow for layer in record.layers}
    assert named == pair.partners
    assert {layer.verdict for layer in record.layers} <= {"same", "rounding"}
    assert all(layer.floor > 0 for layer in record.layers)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("guilty", ["right0", "right2", "right3+", "right6", "right_end"])
def test_a_fault_is_found_where_it_sits(tmp_path, fault, guilty):
    pair = build_pair(KINDS, SKIPS, 2)
    wrong = seed_fault(pair.pytorch, guilty, FAULTS[fault])
    record = localize(pair.tensorflow, wrong, make_request(tmp_path)).record
    assert record.verdict == "FAIL"
    assert [d.pytorch for d in record.divergences] == [guilty]
    assert record.divergences[0].tensorflow == pair.partners[guilty]
    assert record.divergences[0].proven
    assert guilty in record.reason
    by_name = {layer.pytorch: layer for layer in record.layers}
    assert by_name[guilty].verdict in ("local", "not-finite")
    places = list(by_name)
    assert all(
        by_name[name].verdict in ("same", "rounding") for name in places[: places.index(guilty)]
    )


@pytest.mark.parametrize("guilty", ["right0", "right2", "right3", "right6"])
@pytest.mark.parametrize("fault", ["plus 1", "channels reversed", "leaky"])
def test_as_many_channels_as_rows_do_not_mislead(tmp_path, monkeypatch, fault, guilty):
    monkeypatch.setattr(nets, "CHANNELS", nets.SIDE)
    pair = build_pair(KINDS, SKIPS, 2)
    wrong = seed_fault(pair.pytorch, guilty, FAULTS[fault])
    record = localize(pair.tensorflow, wrong, make_request(tmp_path)).record
    assert [d.pytorch for d in record.divergences] == [guilty]
    assert record.divergences[0].tensorflow == pair.partners[guilty]


@LOCAL
@given(kinds=NETS, data=st.data(), seed=st.integers(0, 99))
def test_a_fault_in_a_random_net_is_found(tmp_path, kinds, data, seed):
    skips = data.draw(st.lists(st.integers(0, 3), min_size=len(kinds), max_size=len(kinds)))
    pair = build_pair(kinds, skips, seed)
    guilty = data.draw(st.sampled_from(sorted(pair.partners)))
    fault = data.draw(st.sampled_from(sorted(FAULTS)))
    wrong = seed_fault(pair.pytorch, guilty, FAULTS[fault])
    record = localize(pair.tensorflow, wrong, make_request(tmp_path, seed)).record
    assert [d.pytorch for d in record.divergences] == [guilty]
    assert record.divergences[0].tensorflow == pair.partners[guilty]


@LOCAL
@given(kinds=NETS, data=st.data(), seed=st.integers(0, 99))
def test_a_random_net_without_a_fault_passes(tmp_path, kinds, data, seed):
    skips = data.draw(st.lists(st.integers(0, 3), min_size=len(kinds), max_size=len(kinds)))
    pair = build_pair(kinds, skips, seed)
    record = localize(pair.tensorflow, pair.pytorch, make_request(tmp_path, seed)).record
    assert (record.verdict, record.divergences) == ("PASS", ())


@LOCAL
@given(data=st.data(), seed=st.integers(0, 99))
def test_two_faults_are_both_found_the_first_one_first(tmp_path, data, seed):
    pair = build_pair(KINDS, SKIPS, seed)
    names = [op.name for op in pair.pytorch.ops if op.name in pair.partners]
    one, other = sorted(
        data.draw(st.lists(st.sampled_from(range(len(names))), min_size=2, max_size=2, unique=True))
    )
    # Between the two there is a value that is right but for the first: else they are one place.
    takers = {name for op in pair.pytorch.ops if names[one] in op.inputs for name in (op.name,)}
    assume(names[other] not in takers | {f"{taker.removesuffix('.sub')}" for taker in takers})
    faults = ["plus 1", "times 2", "leaky"]
    wrong = seed_fault(pair.pytorch, names[one], FAULTS[data.draw(st.sampled_from(faults))])
    wrong = seed_fault(wrong, names[other], FAULTS[data.draw(st.sampled_from(faults))])
    record = localize(pair.tensorflow, wrong, make_request(tmp_path, seed)).record
    assert [d.pytorch for d in record.divergences] == [names[one], names[other]]


def test_faults_side_by_side_are_healed_together(tmp_path):
    def make(side, one, other):
        return NumpyNet(
            side,
            [Op("a", one, op="a"), Op("b", other, op="b"), Op("c", np.multiply, ("a", "b")),
             Op("d", np.tanh, ("c",))],
            {"out" if side == "tensorflow" else "output": "d"},
        )  # fmt: skip

    ours = make("tensorflow", np.tanh, np.cos)
    theirs = make("pytorch", lambda x: np.tanh(x) * 1.5, lambda x: np.cos(x) - 0.2)
    record = localize(ours, theirs, make_request(tmp_path)).record
    assert [(d.tensorflow, d.pytorch) for d in record.divergences] == [("a", "a"), ("b", "b")]
    assert all(d.proven for d in record.divergences)


def test_what_pytorch_leaves_out_is_named(tmp_path):
    pair = build_pair(["dense", "tanh", "dense"], [0, 0, 0], 3)
    ops = [
        replace(op, inputs=("right0",)) if op.name == "right2" else op
        for op in pair.pytorch.ops
        if op.name != "right1"
    ]
    record = localize(
        pair.tensorflow, replace(pair.pytorch, ops=ops), make_request(tmp_path)
    ).record
    first = record.divergences[0]
    assert (first.tensorflow, first.pytorch) == ("left1", "right0")
    assert (first.cause, first.tensorflow_op) == ("activation variant", "Tanh")
    assert "PyTorch has nothing" in first.detail


def test_what_pytorch_does_besides_is_named(tmp_path):
    pair = build_pair(["dense", "dense"], [0, 0], 4)
    ops = list(pair.pytorch.ops)
    ops.insert(2, Op("extra", np.tanh, ("right0",), "tanh"))
    ops[3] = replace(ops[3], inputs=("extra",))
    record = localize(
        pair.tensorflow, replace(pair.pytorch, ops=ops), make_request(tmp_path)
    ).record
    assert (record.divergences[0].tensorflow, record.divergences[0].pytorch) == ("left0", "extra")


def test_preprocessing_that_differs_is_found_at_the_first_operation(tmp_path):
    pair = build_pair(KINDS, SKIPS, 5)
    wrong = seed_fault(pair.pytorch, "x0", lambda y: y / 255)
    record = localize(pair.tensorflow, wrong, make_request(tmp_path)).record
    assert record.divergences[0].pytorch == "x0"
    assert record.verdict == "FAIL"


def test_inputs_that_differ_are_named(tmp_path):
    pair = build_pair(KINDS, SKIPS, 5)
    request = make_request(tmp_path)
    with np.load(request.inputs["tensorflow"]) as file:
        np.savez(tmp_path / "other.npz", x=file["x"] * 2)
    inputs = {**request.inputs, "pytorch": tmp_path / "other.npz"}
    record = localize(pair.tensorflow, pair.pytorch, replace(request, inputs=inputs)).record
    assert record.divergences[0].pytorch == "input x"
    assert record.verdict == "FAIL"


def test_another_shape_behind_a_fault_is_no_error(tmp_path):
    pair = build_pair(["dense", "shift", "tanh"], [0, 0, 0], 6)
    wrong = seed_fault(pair.pytorch, "right1", lambda y: y[..., 1:])
    record = localize(pair.tensorflow, wrong, make_request(tmp_path)).record
    first = record.divergences[0]
    assert (first.tensorflow, first.pytorch, first.proven) == ("left1", "right1", False)
    assert any("shape" in line for line in first.evidence)
    assert record.verdict == "FAIL"


def test_an_output_that_is_another_one_is_found(tmp_path):
    pair = build_pair(KINDS, SKIPS, 7)
    wrong = replace(pair.pytorch, outputs={"output": "right6+"})
    record = localize(pair.tensorflow, wrong, make_request(tmp_path)).record
    assert record.divergences[0].tensorflow == "left_end"
    assert record.divergences[0].pytorch == "right6+"


def test_an_output_in_another_order_than_declared_is_no_match(tmp_path):
    ops = [Op("a", np.tanh)]
    ours = NumpyNet("tensorflow", ops, {"out": "a"})
    theirs = NumpyNet(
        "pytorch", [Op("a", lambda x: np.tanh(x).transpose(0, 3, 1, 2))], {"output": "a"}
    )
    request = make_request(tmp_path)
    assert localize(ours, theirs, request).record.verdict == "FAIL"
    declared = PairOutput(name="out", tensorflow="out", pytorch="output", axes=(0, 2, 3, 1))
    right = replace(request, outputs=(declared,))
    assert localize(ours, theirs, right).record.verdict == "PASS"


def test_a_constant_pairs_with_nothing(tmp_path):
    pair = build_pair(["dense", "tanh"], [0, 0], 8)
    wrong = seed_fault(pair.pytorch, "right1", lambda y: np.full_like(y, 0.25))
    record = localize(pair.tensorflow, wrong, make_request(tmp_path)).record
    assert record.divergences[0].pytorch == "right1"


def test_extra_outputs_are_let_be(tmp_path):
    pair = build_pair(KINDS, SKIPS, 9)
    more = replace(pair.pytorch, outputs={**pair.pytorch.outputs, "aux": "right1"})
    assert localize(pair.tensorflow, more, make_request(tmp_path)).record.verdict == "PASS"


@pytest.mark.parametrize("guilty", ["right0", "right3", "right_end"])
def test_what_float32_alone_shows_is_found_in_it(tmp_path, guilty):
    pair = build_pair(KINDS, SKIPS, 10)

    def cut(value):
        return np.round(value * 256) / 256

    wrong = replace(pair.pytorch, rounding={guilty: cut})
    record = localize(pair.tensorflow, wrong, make_request(tmp_path)).record
    assert [(d.pytorch, d.found_in, d.cause) for d in record.divergences] == [
        (guilty, "float32", "dtype")
    ]
    verdicts = {layer.pytorch: layer.verdict for layer in record.layers}
    assert verdicts[guilty] == "local"
    assert list(verdicts.values()).count("local") == 1
    places = list(verdicts)
    behind = places[places.index(guilty) + 1 :]
    assert all(verdicts[name] in ("inherited", "rounding", "same") for name in behind)
    assert not behind or "inherited" in verdicts.values()


def test_small_windows_measure_the_same(tmp_path):
    pair = build_pair(KINDS, SKIPS, 11)
    wrong = replace(pair.pytorch, rounding={"right2": lambda value: np.round(value * 64) / 64})
    whole = localize(pair.tensorflow, wrong, make_request(tmp_path)).record
    parts = localize(pair.tensorflow, wrong, make_request(tmp_path, budget=700)).record
    assert whole.layers == parts.layers
    assert wrong.asked.count("replay") > 4


def test_what_is_known_is_json_and_spares_float64(tmp_path):
    pair = build_pair(KINDS, SKIPS, 12)
    request = make_request(tmp_path)
    first = localize(pair.tensorflow, pair.pytorch, request)
    kept = msgspec.json.decode(msgspec.json.encode(first.known), type=Known)
    assert kept == first.known
    pair.tensorflow.asked.clear()
    pair.pytorch.asked.clear()
    again = localize(pair.tensorflow, pair.pytorch, replace(request, known=kept))
    assert pair.tensorflow.asked == ["values"]
    assert pair.pytorch.asked == ["replay", "replay"]
    assert [x.pytorch for x in again.record.layers] == [x.pytorch for x in first.record.layers]
    assert again.record.verdict == "PASS"


def test_a_checkpoint_that_stands_out_has_every_layer_measured(tmp_path):
    pair = build_pair(KINDS * 3, SKIPS * 3, 15)
    request = make_request(tmp_path)
    known = localize(pair.tensorflow, pair.pytorch, request).known
    assert len(known.checkpoints) < len(known.pairs)
    recalled = replace(request, known=known)
    right = localize(pair.tensorflow, pair.pytorch, recalled).record
    unmeasured = [layer for layer in right.layers if layer.local is None]
    assert unmeasured
    assert all("stretch" in layer.note for layer in unmeasured)
    wrong = replace(pair.pytorch, rounding={"right8": lambda value: np.round(value * 64) / 64})
    record = localize(pair.tensorflow, wrong, recalled).record
    assert [d.pytorch for d in record.divergences] == ["right8"]
    assert all(layer.local is not None for layer in record.layers)


def test_without_floors_it_is_inconclusive(tmp_path):
    class Deaf(NumpyNet):
        def do_noise(self, request):
            from parityhub.errors import EvidenceError

            raise EvidenceError("no noise", hint="none")

    pair = build_pair(KINDS, SKIPS, 13)
    deaf = Deaf("pytorch", pair.pytorch.ops, pair.pytorch.outputs)
    record = localize(pair.tensorflow, deaf, make_request(tmp_path)).record
    assert record.verdict == "INCONCLUSIVE"
    assert "no noise" in record.reason


def test_layers_without_a_partner_are_said(tmp_path):
    pair = build_pair(["dense", "tanh"], [0, 0], 14)
    ops = list(pair.pytorch.ops)
    ops[1:2] = [
        Op("half.mul", lambda x, f=ops[1].function: 0.5 * f(x), ("x0",), "mul"),
        Op("right0", lambda x: 2 * x, ("half.mul",), "mul"),
    ]
    record = localize(
        pair.tensorflow, replace(pair.pytorch, ops=ops), make_request(tmp_path)
    ).record
    assert record.verdict == "PASS"
    assert [(x.pytorch, x.verdict) for x in record.layers if x.tensorflow is None] == [
        ("half", "unpaired")
    ]

from parityhub.compare.referee.match import DECLARE, match_outputs
from tests.compare.referee.fakes import declare


def give(*names, named=True):
    return [
        {"name": n, "named": named, "file": "", "shape": [], "dtype": "float32", "spread": 0.0}
        for n in names
    ]


def name_pairs(matching):
    return [(pair.name, here["name"], there["name"]) for pair, here, there in matching.pairs]


def test_outputs_of_the_same_name_match_in_any_order():
    matching = match_outputs([], give("a", "b"), give("b", "a"))
    assert name_pairs(matching) == [("a", "a", "a"), ("b", "b", "b")]
    assert matching.unmatched == ()


def test_declared_names_come_first_and_the_others_match_by_name():
    matching = match_outputs([declare("logits", "z", "0")], give("a", "z"), give("a", "0"))
    assert name_pairs(matching) == [("logits", "z", "0"), ("a", "a", "a")]


def test_crossed_declarations_are_taken_as_they_are():
    declared = [declare("x", "a", "b"), declare("y", "b", "a")]
    matching = match_outputs(declared, give("a", "b"), give("a", "b"))
    assert name_pairs(matching) == [("x", "a", "b"), ("y", "b", "a")]


def test_a_name_that_is_declared_on_one_side_is_not_taken_again():
    matching = match_outputs([declare("x", "a", "b")], give("a", "b"), give("a", "b"))
    assert name_pairs(matching) == [("x", "a", "b")]
    assert [record.name for record in matching.unmatched] == ["b", "a"]


def test_unnamed_outputs_are_never_matched_by_position():
    matching = match_outputs([], give("0", "1", named=False), give("0", "1", named=False))
    assert matching.pairs == ()
    assert len(matching.unmatched) == 4
    declared = [declare("x", "0", "1")]
    matching = match_outputs(declared, give("0", named=False), give("1", named=False))
    assert name_pairs(matching) == [("x", "0", "1")]


def test_an_unmatched_output_is_inconclusive_with_both_lists():
    matching = match_outputs([], give("a", "b"), give("b", "c"))
    assert [record.verdict for record in matching.unmatched] == ["INCONCLUSIVE"] * 2
    assert matching.unmatched[0].reason == (
        f"TensorFlow's 'a' is unmatched: TensorFlow has a, b; PyTorch has b, c; {DECLARE}"
    )
    assert matching.unmatched[1].reason == "PyTorch's 'c' is unmatched"
    assert matching.unmatched[1].reason.startswith("PyTorch's 'c' is unmatched")


def test_a_declaration_of_what_is_not_there_is_inconclusive():
    matching = match_outputs([declare("x", "a", "gone")], give("a"), give("b"))
    assert matching.pairs == ()
    assert matching.unmatched[0].name == "x"
    assert "'gone'" in matching.unmatched[0].reason
    assert "PyTorch's 'b' is unmatched" in matching.unmatched[1].reason


def test_no_outputs_match_nothing():
    assert match_outputs([], [], []).pairs == ()

from parityhub.audit.extract.path_forms import MOST_ALTERNATIVES, expand_braces, find_close


def test_alternatives_have_the_place_of_the_innermost():
    token = "a/{b,{c,d}x}.txt"
    found = [(token[start:end], path) for start, end, path in expand_braces(token)]
    assert found == [("b", "a/b.txt"), ("c", "a/cx.txt"), ("d", "a/dx.txt")]


def test_a_placeholder_is_no_list():
    assert [path for _, _, path in expand_braces("{out}/a.json")] == ["{out}/a.json"]


def test_alternatives_are_bounded():
    assert len(expand_braces("{a,b}" * 40)) <= MOST_ALTERNATIVES


def test_braces_without_an_end_are_left_as_they_are():
    assert [path for _, _, path in expand_braces("a/{b,c")] == ["a/{b,c"]
    assert find_close("{" * 100, 0, 1000) == -1

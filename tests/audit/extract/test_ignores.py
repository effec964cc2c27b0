import pytest

from parityhub.audit.extract.ignores import find_ignores
from tests.audit.extract.builders import find_claims


@pytest.mark.parametrize(
    "line",
    [
        "<!-- parityhub: ignore[PH301, PH401] moved -->",
        "# parityhub: ignore[PH301,PH401] moved",
        "  - <!-- parityhub: ignore[PH301,PH401] moved-->",
    ],
)
def test_a_comment_covers_the_next_line_with_text(line):
    (ignore,) = find_ignores(["x", line, "", "y"])
    assert (ignore.line, ignore.covers, ignore.codes) == (2, 4, ("PH301", "PH401"))
    assert ignore.reason == "moved"


def test_a_wish_without_codes_or_reason_is_kept_to_be_refused():
    found = list(find_ignores(["# parityhub: ignore[PH301]", "# parityhub: ignore", "y"]))
    assert [(ignore.codes, ignore.reason) for ignore in found] == [(("PH301",), ""), ((), "")]


def test_claims_of_the_line_bear_the_reason_and_others_do_not():
    text = "mean=1.5\n\n<!-- parityhub: ignore[PH401] by hand -->\n\nmean=2.5\n"
    found = [(claim.ignored, claim.ignored_codes) for claim in find_claims(text, "number")]
    assert found == [("", ()), ("by hand", ("PH401",))]


def test_without_a_reason_nothing_is_silenced():
    (claim,) = find_claims("# parityhub: ignore[PH401]\nmean=2.5\n", "number", file="a.txt")
    assert claim.ignored_codes == ()


def test_the_comment_itself_makes_no_claim():
    assert find_claims("<!-- parityhub: ignore[PH401] see a/b.log:3 of 2025-11-14 -->") == []

import pytest

from tests.audit.extract.builders import find_claims


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("`a.log` was written", "said"),
        ("1. **Log** (`a.log`) — NOT RUN", "denied"),
        ("Missing: `a.log`", "denied"),
        ("the file a.log does not exist", "denied"),
        ("## Missing artifacts\n\n- `a.log`", "denied"),
        ("Next: run it and write `a.log`", "planned"),
        ("It should write `a.log`", "planned"),
        ("- [ ] `a.log` is there", "planned"),
        ("# Report\n\n## Next steps\n\n1. write `a.log`", "planned"),
        ("# Report\n\n## Recommendation\n\nPhase B3 used `a.log`", "said"),
        ("# Mitigation options tried\n\n`a.log` was written", "said"),
        ("the previous log `a.log`", "earlier"),
        ("```\ntee a.log\n```", "quoted"),
    ],
)
def test_the_words_around_say_how_it_is_meant(text, mood):
    (claim,) = find_claims(text, "path")
    assert claim.mood == mood


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("the scale is 1.5", "said"),
        ("scale 2.5 (not 1.5!)", "denied"),
        ("no longer defaults to 1.5", "denied"),
        ("## Comparison with previous runs\n\n- mean=1.5", "earlier"),
        ("## Comparison with previous runs\n\nThis run shows:\n\n- mean=1.5", "said"),
        ("run it --epochs 1.5", "quoted"),
    ],
)
def test_numbers_have_moods_too(text, mood):
    (claim,) = [claim for claim in find_claims(text, "number") if claim.value == "1.5"]
    assert claim.mood == mood

import pytest

from parityhub.audit.claims import Claim, Spot, Subject
from parityhub.audit.facts.owners import find_owner

SPOT = Spot(file="r.md", line=1, column=1, end_column=2)
OWNERS = frozenset({"surge", "wind", "torch", "dice", "dice_loss"})


@pytest.mark.parametrize(
    ("sentence", "more", "owner"),
    [
        ("the wind has rms 8.8", {}, "wind"),
        ("surge 0.3, wind rms 8.8", {}, "wind"),
        ("rms 8.8 of the wind", {}, "wind"),
        ("PyTorch: rms 8.8", {}, "torch"),
        ("dice loss 8.8", {}, "dice_loss"),
        ("rms 8.8", {"row": "wind"}, "wind"),
        ("rms 8.8", {"subject": Subject(under=("2. Surge",))}, "surge"),
        ("rms 8.8", {"subject": Subject(headings=("Report", "Wind"))}, "wind"),
        ("rms 8.8", {}, ""),
    ],
)
def test_the_owner_is_what_the_words_nearest_to_a_number_name(sentence, more, owner):
    more = {"subject": Subject(), **more}
    claim = Claim(kind="number", spot=SPOT, text="8.8", value="8.8", sentence=sentence, **more)
    assert find_owner(claim, OWNERS) == owner
    assert find_owner(claim, frozenset()) == ""

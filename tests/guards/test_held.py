from parityhub.guards.held import Held, HeldNumber, describe_accepted, describe_held
from parityhub.guards.reference import Reference, UpdateRecord


def test_a_guard_shows_what_was_and_what_is():
    numbers = (
        HeldNumber(name="max", accepted=1.5e-7, now=0.25, tolerance="1e-6: rounding"),
        HeldNumber(name="sha256", accepted="ab", now=None),
    )
    text = describe_held(
        Held(
            guard="P/same",
            title="both agree",
            verdict="FAIL",
            reason="they do not",
            accepted="T in reports/1/net",
            numbers=numbers,
            guilty="TensorFlow's a and PyTorch's b",
        )
    )
    assert text.splitlines() == [
        "P/same: FAIL: both agree",
        "  they do not",
        "  guilty layer: TensorFlow's a and PyTorch's b",
        "  max: accepted 1.5e-07, now 0.25",
        "    tolerance: 1e-6: rounding",
        "  sha256: accepted ab, now missing",
        "  accepted: T in reports/1/net",
    ]


def test_what_was_accepted_says_when_and_how_often_it_changed():
    update = UpdateRecord(time="T2", reason="meant", commit=None, changed=("x",))
    reference = Reference(
        plan="p", phase="P", hub="h", accepted="T", commit="a" * 40, checks=(), updates=(update,)
    )
    told = describe_accepted(reference)
    assert told == "T in h, commit aaaaaaaaaaaa; changed 1 times since"

"""One thing in a report made false: a digit, a character of a digest, a line, a path, a word."""

import re
from collections.abc import Callable, Sequence
from random import Random

from parityhub.audit.campaign.scan import Form, Place

HEX = b"0123456789abcdef"
DIGITS = b"0123456789"
LETTERS = b"abcdefghijklmnopqrstuvwxyz"
OTHER_WORDS: dict[bytes, tuple[bytes, ...]] = {
    b"PASS": (b"FAIL", b"INCONCLUSIVE"),
    b"FAIL": (b"PASS", b"INCONCLUSIVE"),
    b"INCONCLUSIVE": (b"PASS", b"FAIL"),
    b"passed": (b"failed",),
    b"failed": (b"passed",),
    b"partial": (b"passed", b"failed"),
    b"done": (b"blocked", b"deferred"),
    b"blocked": (b"done",),
    b"deferred": (b"done",),
    b"one-sided": (b"done",),
    b"green": (b"red",),
    b"red": (b"green",),
    b"self-reported": (b"launcher",),
    b"launcher": (b"self-reported",),
    b"byte-identical": (b"different",),
    b"equals": (b"differs",),
    b"alive": (b"constant",),
    b"within": (b"outside",),
    b"outside": (b"within",),
}
DERIVED: dict[Form, tuple[Form, ...]] = {
    "digest": ("digest", "digest-half", "digest-whole"),
    "path": ("path", "path-other"),
}
"""forms of which one place bears several"""

Mutation = Callable[[Place, Random, Sequence[bytes]], bytes | None]


def list_forms(place: Place) -> tuple[Form, ...]:
    """Return the forms in which a place can be made false."""
    return DERIVED.get(place.form, (place.form,))


def mutate(place: Place, form: Form, rng: Random, paths: Sequence[bytes]) -> bytes | None:
    """Return other bytes for a place; None where it has no false form of that kind.

    Args:
        place: what stands there.
        form: one of its forms.
        rng: what decides.
        paths: paths of files that are there, as the report would write them.
    """
    changed = MUTATIONS[form](place, rng, paths)
    return None if changed == place.text else changed


def change_character(text: bytes, allowed: bytes, rng: Random) -> bytes | None:
    """Exchange one character of those allowed for another of the same kind."""
    spots = [at for at, byte in enumerate(text) if byte in allowed]
    if not spots:
        return None
    at = rng.choice(spots)
    other = rng.choice([byte for byte in allowed if byte != text[at]])
    return text[:at] + bytes([other]) + text[at + 1 :]


def change_digit(place: Place, rng: Random, _: Sequence[bytes]) -> bytes | None:
    """Exchange one digit."""
    return change_character(place.text, DIGITS, rng)


def change_digest(place: Place, rng: Random, _: Sequence[bytes]) -> bytes | None:
    """Exchange one character of a digest."""
    return change_character(place.text, HEX, rng)


def invent_half(place: Place, rng: Random, _: Sequence[bytes]) -> bytes | None:
    """Keep the first half of a digest and make up the second."""
    half = len(place.text) // 2
    return place.text[:half] + bytes(rng.choices(HEX, k=len(place.text) - half))


def invent_whole(place: Place, rng: Random, _: Sequence[bytes]) -> bytes | None:
    """Make up a digest."""
    return bytes(rng.choices(HEX, k=len(place.text)))


def change_line(place: Place, rng: Random, _: Sequence[bytes]) -> bytes | None:
    """Cite a line nearby, or any other."""
    line = int(place.text)
    near = [line + step for step in (-3, -2, -1, 1, 2, 3) if line + step > 0]
    return b"%d" % rng.choice([*near, line + rng.randrange(4, 1000)])


def change_name(place: Place, rng: Random, _: Sequence[bytes]) -> bytes | None:
    """Exchange one letter or digit of a path or pointer."""
    return change_character(place.text, rng.choice((DIGITS, LETTERS)), rng) or change_character(
        place.text, LETTERS, rng
    )


def take_other_path(place: Place, rng: Random, paths: Sequence[bytes]) -> bytes | None:
    """Name another file that is there: of the same name elsewhere, else of the same kind."""
    name, kind = place.text.rpartition(b"/")[2], place.text.rpartition(b".")[2]
    if b"/" not in place.text:
        return None
    others = [path for path in paths if path != place.text]
    same = [path for path in others if path.rpartition(b"/")[2] == name]
    alike = same or [path for path in others if path.endswith(b"." + kind)]
    return rng.choice(alike) if alike else None


def change_status(place: Place, rng: Random, _: Sequence[bytes]) -> bytes | None:
    """Say the opposite."""
    return rng.choice(OTHER_WORDS[place.text]) if place.text in OTHER_WORDS else None


def change_value(place: Place, rng: Random, _: Sequence[bytes]) -> bytes | None:
    """Exchange one digit of a variable's value, or one letter where it has none."""
    return change_character(place.text, DIGITS, rng) or change_character(place.text, LETTERS, rng)


def change_time(place: Place, rng: Random, _: Sequence[bytes]) -> bytes | None:
    """Exchange one digit of a time for one that leaves a time."""
    text = place.text
    spots = [(found.start(), b"0123456789") for found in re.finditer(rb"\d", text)]
    at, allowed = rng.choice(spots[3:])
    before = text[:at].rpartition(b"T")[2] if b"T" in text[:at] else b""
    tens = len(re.findall(rb"\d", before)) in (2, 4)
    changed = change_character(text[at : at + 1], b"012345" if tens else allowed, rng)
    return None if changed is None else text[:at] + changed + text[at + 1 :]


def change_quoted(place: Place, rng: Random, paths: Sequence[bytes]) -> bytes | None:
    """Exchange a digit of what is quoted, else a word, else a letter."""
    return (
        change_character(place.text, DIGITS, rng)
        or change_status(place, rng, paths)
        or change_character(place.text, LETTERS, rng)
    )


MUTATIONS: dict[Form, Mutation] = {
    "number": change_digit,
    "digest": change_digest,
    "digest-half": invent_half,
    "digest-whole": invent_whole,
    "commit": change_digest,
    "line": change_line,
    "pointer": change_name,
    "path": change_name,
    "path-other": take_other_path,
    "status": change_status,
    "environment": change_value,
    "time": change_time,
    "quoted": change_quoted,
    "command": change_quoted,
}


def change_byte(data: bytes, rng: Random) -> bytes:
    """Change one byte of a file; give one to a file that has none."""
    if not data:
        return bytes([rng.randrange(256)])
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ rng.randrange(1, 256)]) + data[at + 1 :]

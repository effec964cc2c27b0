"""Which unit of one side is which of the other: by name first, then by shape and order."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parityhub.compare.weights.names import Name, drop_prefix, drop_wrappers, sort_words
from parityhub.compare.weights.pairs import Confidence, Found
from parityhub.compare.weights.rules import AmbiguousOrderError, Move, fit_units
from parityhub.compare.weights.units import Unit

Spelling = Callable[[list[Name]], list[Name]]
SPELLINGS: tuple[Spelling, ...] = (
    list,
    drop_prefix,
    lambda names: [drop_wrappers(name) for name in names],
    lambda names: [sort_words(drop_wrappers(name)) for name in drop_prefix(names)],
)
"""how names are read, the strictest first"""


@dataclass(frozen=True)
class Match:
    """Two units that are the same, by their places, and how that was found."""

    left: int
    right: int
    found: Found
    confidence: Confidence


@dataclass
class Matching:
    """Units of both sides, and the matches found so far."""

    left: Sequence[Unit]
    right: Sequence[Unit]
    matches: list[Match] = field(default_factory=list)
    fits: dict[tuple[object, object], dict[str, Move] | None] = field(default_factory=dict)
    undecided: set[tuple[object, object]] = field(default_factory=set)

    def fit(self, left: int, right: int) -> bool:
        """Return whether two units could be the same by kind, roles and shapes."""
        key = (self.left[left].signature, self.right[right].signature)
        if key not in self.fits:
            try:
                self.fits[key] = fit_units(self.left[left], self.right[right])
            except AmbiguousOrderError:
                self.fits[key] = {}
                self.undecided.add(key)
        return self.fits[key] is not None

    def find_moves(self, left: int, right: int) -> dict[str, Move]:
        """Return how each slot of a matched unit goes over.

        Raises:
            AmbiguousOrderError: two rules fit.
        """
        key = (self.left[left].signature, self.right[right].signature)
        if not self.fit(left, right) or key in self.undecided:
            raise AmbiguousOrderError
        return self.fits[key] or {}

    def list_open(self) -> tuple[list[int], list[int]]:
        """Return the places of the units that have no match yet."""
        left = {match.left for match in self.matches}
        right = {match.right for match in self.matches}
        return (
            [place for place in range(len(self.left)) if place not in left],
            [place for place in range(len(self.right)) if place not in right],
        )

    def is_unique(self, left: int, right: int) -> bool:
        """Return whether neither unit fits another one of the whole model."""
        return (
            sum(self.fit(left, other) for other in range(len(self.right))) == 1
            and sum(self.fit(other, right) for other in range(len(self.left))) == 1
        )


def match_units(left: Sequence[Unit], right: Sequence[Unit]) -> Matching:
    """Match what can be matched without a guess; the rest stays open."""
    matching = Matching(left, right)
    for spell in SPELLINGS:
        _match_by_name(matching, spell)
    found = -1
    while found != len(matching.matches):
        found = len(matching.matches)
        _match_by_shape(matching)
    _match_by_order(matching)
    return matching


def _match_by_name(matching: Matching, spell: Spelling) -> None:
    groups = [
        _group_by_stem(places, spell([units[place].name for place in range(len(units))]))
        for places, units in zip(matching.list_open(), (matching.left, matching.right), strict=True)
    ]
    for stem, left in groups[0].items():
        right = groups[1].get(stem, {})
        pairs = _pair_numbers(left, right)
        if not pairs or not all(matching.fit(*pair) for pair in pairs):
            continue
        same = set(left) == set(right)
        words = Name(stem, ()).words
        ordered = all(a[1] < b[1] for a, b in pairwise(sorted(pairs)))
        alone = all(matching.is_unique(*pair) for pair in pairs)
        if not (alone or ordered or (same and words)):
            continue
        sure: Confidence = "certain" if alone or (same and (words or len(pairs) == 1)) else "likely"
        matching.matches += [Match(*pair, "by name", sure) for pair in pairs]


def _group_by_stem(
    places: Iterable[int], names: Sequence[Name]
) -> dict[tuple[str, ...], dict[tuple[int, ...], int]]:
    """Return the open units by stem and number; what comes twice is left out."""
    seen = Counter(names)
    groups: dict[tuple[str, ...], dict[tuple[int, ...], int]] = {}
    for place in places:
        name = names[place]
        if seen[name] == 1:
            groups.setdefault(name.stem, {})[name.numbers] = place
    return groups


def _pair_numbers(
    left: dict[tuple[int, ...], int], right: dict[tuple[int, ...], int]
) -> list[tuple[int, int]]:
    """Pair units of one stem: the same numbers, else as many, wherever the counting starts."""
    if set(left) == set(right):
        return [(left[number], right[number]) for number in left]
    if len(left) != len(right):
        return []
    return [
        (left[mine], right[theirs])
        for mine, theirs in zip(sorted(left), sorted(right), strict=True)
    ]


def _match_by_shape(matching: Matching) -> None:
    """Match units that fit no other that is still open."""
    left, right = matching.list_open()
    for mine in left:
        fitting = [theirs for theirs in right if matching.fit(mine, theirs)]
        if len(fitting) != 1:
            continue
        if sum(matching.fit(other, fitting[0]) for other in left) != 1:
            continue
        sure: Confidence = "certain" if matching.is_unique(mine, fitting[0]) else "likely"
        matching.matches.append(Match(mine, fitting[0], "by shape and order", sure))


def _match_by_order(matching: Matching) -> None:
    """Match, between neighbours that have a match, units whose order is the same on both sides."""
    anchors = sorted((match.left, match.right) for match in matching.matches)
    if any(a[1] > b[1] for a, b in pairwise(anchors)):
        return
    found: list[tuple[int, int]] = []
    ends = [(-1, -1), *anchors, (len(matching.left), len(matching.right))]
    for (left_start, right_start), (left_stop, right_stop) in pairwise(ends):
        left, right = range(left_start + 1, left_stop), range(right_start + 1, right_stop)
        pairs = list(zip(left, right, strict=False))
        if len(left) == len(right) and all(matching.fit(*pair) for pair in pairs):
            found += pairs
    sound = [pair for pair in found if not _contradicts(matching, pair, found)]
    matching.matches += [Match(*pair, "by shape and order", "likely") for pair in sound]


def _contradicts(
    matching: Matching, pair: tuple[int, int], found: Sequence[tuple[int, int]]
) -> bool:
    """Return whether names would have a unit exchanged with another of the same shape."""
    return any(
        matching.fit(pair[0], other[1])
        and matching.fit(other[0], pair[1])
        and _prefers_exchange(
            matching.left[pair[0]].name,
            matching.left[other[0]].name,
            matching.right[pair[1]].name,
            matching.right[other[1]].name,
        )
        for other in found
        if other != pair
    )


def _prefers_exchange(left: Name, other_left: Name, right: Name, other_right: Name) -> bool:
    straight = len(left.words & right.words) + len(other_left.words & other_right.words)
    crossed = len(left.words & other_right.words) + len(other_left.words & right.words)
    if crossed != straight:
        return crossed > straight
    if left.stem != other_left.stem or right.stem != other_right.stem:
        return False
    return (left.numbers < other_left.numbers) != (right.numbers < other_right.numbers)

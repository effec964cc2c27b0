"""Weights gathered by what pairs as a whole: a layer, a direction of one, a projection of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from parityhub.capture.protocol import WeightInfo
from parityhub.compare.weights import kinds
from parityhub.compare.weights.names import Name, read_name
from parityhub.compare.weights.pairs import Shape


@dataclass(frozen=True)
class Slot:
    """A weight, or the part of one that has a partner of its own."""

    weight: str
    whole: Shape
    """shape of the weight"""
    shape: Shape
    """of the part"""
    row: int | None = None
    start: int = 0


@dataclass(frozen=True)
class Unit:
    """What pairs as a whole: slots by role."""

    path: str
    name: Name
    kind: str
    slots: dict[str, Slot]
    direction: str = ""
    """`forward`, `backward` or none"""

    @cached_property
    def signature(self) -> tuple[object, ...]:
        """Return what decides which units of the other side fit."""
        slots = tuple((role, slot.shape, slot.whole) for role, slot in sorted(self.slots.items()))
        return self.kind, self.direction, slots


def list_tensorflow_units(weights: Sequence[WeightInfo]) -> list[Unit]:
    """Gather Keras's weights: a separable convolution is two units, a direction one."""
    units: list[Unit] = []
    for owner, members in _group_by_owner(weights).items():
        kind = kinds.TENSORFLOW_KINDS.get(members[0]["kind"], kinds.FREE)
        roles = {_role_of(info): info for info in members}
        if kind == "separable":
            units += _split_separable(owner, roles)
        elif kind in kinds.RECURRENT:
            units.append(_gather_recurrent(owner, kind, roles))
        elif kind == kinds.FREE and not set(roles) <= kinds.COMMON_ROLES:
            units += [_make_free(info) for info in members]
        else:
            units.append(_make_unit(owner, kind, roles))
    return units


def list_pytorch_units(weights: Sequence[WeightInfo], split_fused: bool) -> list[Unit]:
    """Gather PyTorch's weights: each layer and direction of an RNN, each projection of attention.

    Args:
        weights: as PyTorch lists them; counters of batches are left out.
        split_fused: a `qkv` projection is three; else one, as where Keras has it so.
    """
    units: list[Unit] = []
    for owner, members in _group_by_owner(weights).items():
        kind = kinds.PYTORCH_KINDS.get(members[0]["kind"], kinds.FREE)
        roles = {_role_of(info): info for info in members}
        if kind in kinds.RECURRENT:
            units += _split_recurrent(owner, kind, roles)
        elif kind == "attention":
            units += _split_attention(owner, roles)
        elif split_fused and kind == "dense" and read_name(owner).stem[-1:] == ("qkv",):
            units += _split_fused(owner, roles)
        elif kind == kinds.FREE and not set(roles) <= kinds.COMMON_ROLES:
            units += [_make_free(info) for info in members]
        else:
            units.append(_make_unit(owner, kind, roles))
    return units


def _group_by_owner(weights: Sequence[WeightInfo]) -> dict[str, list[WeightInfo]]:
    groups: dict[str, list[WeightInfo]] = {}
    for info in weights:
        if any(
            info["kind"].startswith(kind) and info["role"] == role for kind, role in kinds.COUNTERS
        ):
            continue
        groups.setdefault(_owner_of(info), []).append(info)
    return groups


def _owner_of(info: WeightInfo) -> str:
    name, role = info["name"], info["role"]
    cut = len(name) - len(role)
    if role and cut > 1 and name.endswith(role) and name[cut - 1] in "/.":
        return name[: cut - 1]
    return "" if name == role else info["owner"]


def _role_of(info: WeightInfo) -> str:
    return kinds.ROLES.get(info["role"], info["role"])


def _make_slot(info: WeightInfo, row: int | None = None) -> Slot:
    shape = tuple(info["shape"])
    return Slot(info["name"], shape, shape if row is None else shape[1:], row)


def _make_unit(owner: str, kind: str, roles: dict[str, WeightInfo]) -> Unit:
    slots = {role: _make_slot(info) for role, info in roles.items()}
    return Unit(owner, read_name(owner), kind, slots)


def _make_free(info: WeightInfo) -> Unit:
    return Unit(info["name"], read_name(info["name"]), kinds.FREE, {"weight": _make_slot(info)})


def _split_separable(owner: str, roles: dict[str, WeightInfo]) -> Iterator[Unit]:
    parts = (
        ("depthwise", "depthwise", {"depthwise_kernel": "weight"}),
        ("pointwise", "conv", {"pointwise_kernel": "weight", "bias": "bias"}),
    )
    for part, kind, called in parts:
        slots = {called[role]: _make_slot(info) for role, info in roles.items() if role in called}
        if slots:
            path = f"{owner}/{part}"
            yield Unit(path, read_name(path), kind, slots)


def _gather_recurrent(owner: str, kind: str, roles: dict[str, WeightInfo]) -> Unit:
    slots = {role: _make_slot(info) for role, info in roles.items() if role != "bias"}
    bias = roles.get("bias")
    if bias and len(bias["shape"]) == 2:
        slots |= {"bias": _make_slot(bias, 0), "recurrent bias": _make_slot(bias, 1)}
    elif bias:
        slots["bias"] = _make_slot(bias)
    path, direction = _read_direction(owner)
    return Unit(owner, read_name(f"{path} {direction}"), kind, slots, direction)


def _read_direction(owner: str) -> tuple[str, str]:
    """Return the path without its cell, and the direction where it is one of two."""
    segments = owner.split("/")
    if len(segments) > 1 and kinds.CELL.fullmatch(segments[-1]):
        segments.pop()
    match = kinds.DIRECTION.fullmatch(segments[-1])
    if not match or len(segments) < 2:
        return "/".join(segments), ""
    outer = segments[:-1]
    if read_name(outer[-1]).stem == ("bidirectional",):
        outer[-1] = match.group(2)
    return "/".join(outer), match.group(1)


def _split_recurrent(owner: str, kind: str, roles: dict[str, WeightInfo]) -> Iterator[Unit]:
    groups: dict[tuple[str, bool], dict[str, Slot]] = {}
    other = {}
    for role, info in roles.items():
        match = kinds.RECURRENT_ROLE.fullmatch(role)
        if not match:
            other[role] = _make_slot(info)
            continue
        what, where, layer, back = match.groups()
        called = {"weightih": "weight", "weighthh": "recurrent", "biasih": "bias"}
        slots = groups.setdefault((layer or "0", bool(back)), {})
        slots[called.get(what + where, "recurrent bias")] = _make_slot(info)
    layers = {layer for layer, _ in groups}
    both = any(back for _, back in groups)
    for (layer, back), slots in groups.items():
        path = owner if len(layers) == 1 else f"{owner}.{layer}"
        direction = ("backward" if back else "forward") if both else ""
        yield Unit(path, read_name(f"{path} {direction}"), kind, slots | other, direction)


def _split_attention(owner: str, roles: dict[str, WeightInfo]) -> Iterator[Unit]:
    rest = set(roles)
    for place, projection in enumerate(kinds.PROJECTIONS):
        slots = {}
        fused, own = "in_proj_weight", f"{projection[0]}_proj_weight"
        if fused in roles:
            slots["weight"] = _cut(roles[fused], place)
        elif own in roles:
            slots["weight"] = _make_slot(roles[own])
        if "in_proj_bias" in roles:
            slots["bias"] = _cut(roles["in_proj_bias"], place)
        rest -= {fused, own, "in_proj_bias"}
        if slots:
            path = f"{owner}.{projection}"
            yield Unit(path, read_name(path), "dense", slots)
    for role in sorted(rest):
        yield _make_free(roles[role])


def _split_fused(owner: str, roles: dict[str, WeightInfo]) -> Iterator[Unit]:
    outer = owner.rpartition(".")[0]
    for place, projection in enumerate(kinds.PROJECTIONS):
        path = f"{outer}.{projection}" if outer else projection
        slots = {role: _cut(info, place) for role, info in roles.items()}
        yield Unit(path, read_name(path), "dense", slots)


def _cut(info: WeightInfo, place: int) -> Slot:
    """Return one third of a weight, along its first axis."""
    rows, *others = info["shape"]
    third = rows // 3
    return Slot(info["name"], (rows, *others), (third, *others), start=place * third)

"""Digests and commit ids: runs of hexadecimal digits, told apart by the words beside them."""

import re
from collections.abc import Iterator

from parityhub.audit.extract.found import Found, Reading

HEX = re.compile(
    r"(?<![\w.\-/])(?:(?P<label>sha-?(?:1|224|256|384|512)|md5|blake2b|crc32):)?"
    r"(?P<hex>[0-9a-fA-F]{4,128})(?P<cut>(?:…|\.{2,3})(?P<tail>[0-9a-fA-F]{0,64}))?(?![\w/]|\.\w)",
)
POST = re.compile(r"(?<=post-|.pre-)[0-9a-f]{7,40}(?![\w-])")
ALGORITHM = re.compile(
    r"\b(sha-?(?:1|224|256|384|512)|md5|blake2b|crc32)(?:sum)?\b[\s:=(`\"']{0,6}(?:of |is "
    r"|was )?[`\"']?$",
    re.IGNORECASE,
)
DIGEST_WORD = re.compile(r"\b(?:digest|checksum|hash|fingerprint)s?\b[\s:=(`\"'is]{0,6}$", re.I)
COMMIT_WORD = re.compile(
    r"\b(?:commit|revision|rev|git|sha|HEAD|branch|fix|merge[d]?|cherry-pick\w*|revert\w*|after"
    r"|since"
    r"|before|from|until|post|pre)\b[^.;\n]{0,24}$",
    re.IGNORECASE,
)
LENGTHS = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
FLOAT = re.compile(r"\d{1,40}[eE]\d{1,6}$")
OF_BEHIND = re.compile(r"[`\"')]{0,2}[ ](?:is |was )?(?:that )?(?:of|for)[ ](?:the )?[`\"']{0,2}")
MAY_HOLD = re.compile(r"[0-9a-fA-F]{4}")
SHORTEST_COMMIT = 7
AROUND = 48
FAR, NEAR = 64, 12


def find_digests(reading: Reading) -> None:
    """Keep the digests and commit ids of a passage."""
    text = reading.left
    if not MAY_HOLD.search(text):
        return
    finds = []
    for match in POST.finditer(text):
        if not match[0].isdigit():
            finds.append(_make(match.start(), match.end(), "commit", "", match[0]))
    reading.keep(finds)
    reading.keep(list(_read_hex(reading)))


def _read_hex(reading: Reading) -> Iterator[Found]:
    text = reading.left
    for match in HEX.finditer(text):
        if _is_span(match):
            for key in ("hex", "tail"):
                yield _make(match.start(key), match.end(key), "commit", "", match[key])
            continue
        digits, start = match["hex"], match.start("hex")
        end = match.end() if match["cut"] else match.end("hex")
        before = text[max(0, start - AROUND) : start]
        label = match["label"] or _algorithm_before(before) or _algorithm_of_cell(reading)
        if label:
            if len(digits) >= 4:
                yield _make(start, end, "digest", _canonical(label), text[start:end])
            continue
        plain = digits.isdigit() or FLOAT.match(digits)
        if digits.isalpha() or (plain and len(digits) not in LENGTHS):
            continue
        named = DIGEST_WORD.search(before)
        commit = COMMIT_WORD.search(before) or reading.passage.column.lower() == "commit"
        if len(digits) in LENGTHS and not (len(digits) == 40 and commit and not named):
            yield _make(start, end, "digest", LENGTHS[len(digits)], text[start:end])
        elif named or (match["cut"] and len(digits) >= 6):
            yield _make(start, end, "digest", "", text[start:end])
        elif SHORTEST_COMMIT <= len(digits) <= 40 and digits.islower():
            yield _make(start, end, "commit", "", digits)


def _is_span(match: "re.Match[str]") -> bool:
    """Is it two commits with dots between them, not a digest cut short?"""
    dots = match["cut"] and match["cut"].startswith("..") and not match["label"]
    return bool(dots) and min(len(match["hex"]), len(match["tail"])) >= SHORTEST_COMMIT


def _make(start: int, end: int, kind: str, name: str, value: str) -> Found:
    if kind == "digest":
        return Found(kind="digest", start=start, end=end, name=name, value=value)
    return Found(kind="commit", start=start, end=end, name=name, value=value)


def _algorithm_before(before: str) -> str:
    match = ALGORITHM.search(before)
    return match[1] if match else ""


def _algorithm_of_cell(reading: Reading) -> str:
    words = reading.passage.column.lower().split()
    for word in words:
        if re.fullmatch(r"sha-?(?:1|224|256|384|512)|md5|blake2b|crc32", word):
            return word
    return ""


def _canonical(label: str) -> str:
    return label.lower().replace("-", "")


BRACKET = re.compile(r"[\s`*]{0,3}\((?:of |from |see )?[`\[]{0,2}")
OTHER = re.compile(r"\b[0-9a-f]{7,64}\b")
"""a digest between a path and this one: the path has had its own"""


def attach_digests(reading: Reading, earlier: list[Found]) -> None:
    """Give each digest the path it stands next to.

    Args:
        reading: with its paths.
        earlier: paths of the lines it stands under, nearest last; used where its own line has none.
    """
    for find in reading.found:
        if find.kind == "digest" and not find.path:
            find.path = _find_owner(reading, find, earlier)


def _find_owner(reading: Reading, find: Found, earlier: list[Found]) -> str:
    text = reading.text
    near = reading.paths_between(find.end, find.end + FAR)
    # A line or value that is pointed at is where the digest was read, not what it is of.
    pointed = any(one.kind == "citation" and one.start < near[0].end for one in near)
    behind = [] if pointed else near
    leads = not text[: find.start].strip(" \t*\\(") if find.start <= AROUND else False
    if behind and (leads or OF_BEHIND.fullmatch(text, find.end, behind[0].start)):
        return behind[0].target or behind[0].path
    before = reading.path_before(find.start)
    bracketed = behind and BRACKET.fullmatch(text, find.end, behind[0].start)
    if bracketed and before is not None and OTHER.search(text, before.end, find.start):
        return behind[0].target or behind[0].path
    if before is not None:
        return before.target or before.path
    if behind and behind[0].start - find.end <= NEAR:
        return behind[0].target or behind[0].path
    return earlier[-1].path if earlier else ""

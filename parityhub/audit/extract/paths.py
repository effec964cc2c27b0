"""Paths and citations: `a/{b,c}.txt`, `file:29`, `file#/pointer`, `file line 29`, links."""

import re
from collections.abc import Iterator

from parityhub.audit.extract.found import Found, Reading
from parityhub.audit.extract.path_forms import expand_braces, find_close, is_path, split_pair

URL = re.compile(r"(?:https?|ftp|s3|gs|file|mailto|ssh|git)://?[^\s)>\]\"'`]{1,4000}")
QUOTED_VARIABLE = re.compile(r"\\?\"\$\{?\w{1,64}\}?\\?\"(?=/)")
TOKEN = re.compile(r"[^\s\"'`|;,()→\x00]{1,4096}")
BEARS = re.compile(r"[/.:#]")
TAIL = re.compile(
    r"(?P<path>[^:#\x00]{3,4096}?)"
    r"(?:(?::|#L)(?P<lines>\d{1,9}(?:[-–]L?\d{1,9})?)(?P<end>:\d{1,9})?"
    r"|#(?P<pointer>/[^\s]{0,1000}|)"
    r"|::?(?P<symbol>[A-Za-z_][\w:.\[\]<>-]{0,500})|)$"
)
MORE_LINES = re.compile(r",(\d{1,9}(?:[-–]\d{1,9})?)(?![\w–-]|\.\d)")
LINES_BEHIND = re.compile(
    r"[`*\"']{0,3},?[ ]{0,2}\(?(?:at |on |see |from )?[Ll](?:ines?|n\.?)[ ]{0,2}"
    r"(\d{1,9})(?:[ ]?(?:-|–|to|and|,)[ ]?(\d{1,9}))?(?![\w.:])"
)
LONE_LINES = re.compile(
    r"\b[Ll]ines?[ ]{1,2}(\d{1,9})(?:[ ]?(?:-|–|to)[ ]?(\d{1,9}))?(?![\w.])(?:(?:, "
    r"| and )(\d{1,9})\b)?"
)
OF_FILE = re.compile(r"[ ](?:of|in)[ ](?:the )?[`\"']?")
LOG_BEFORE = re.compile(r"((?:[\w-]{1,30} ){0,3}(?:log|file|output|report|inventory))[ ,(]{0,3}$")
TRIM_LEFT, TRIM_RIGHT = "([{<*_\"'", ".,:;!?)]}>*\"'…"


def find_paths(reading: Reading) -> None:
    """Keep the paths and citations of a passage, and what it says of links."""
    reading.take([match.span() for match in URL.finditer(reading.text)])
    linked = list(_read_links(reading))
    targets = {find.start: find.value for find in linked}
    finds = list(_read_tokens(reading))
    for find in finds:
        link = reading.link_at(find.start)
        if link is not None and find.end <= link.end:
            find.target = targets.get(link.start, "")
    reading.keep_paths([*linked, *finds])
    lone = list(_read_lone_lines(reading))
    reading.keep(lone)


def _read_links(reading: Reading) -> Iterator[Found]:
    """The targets of links; a link's text may hold the line or pointer meant."""
    for link in reading.passage.links:
        target = link.target
        if not target or target.startswith("#") or URL.match(target):
            continue
        match = TAIL.match(target)
        path = match["path"] if match else target
        if not (is_path(path, code=True) or "." in path or "/" in path):
            continue
        find = Found(kind="path", start=link.start, end=link.end, path=path, value=target)
        find.place = (link.line, link.column)
        if match and match["lines"]:
            find.kind = "citation"
            find.first_line, find.last_line = _read_span(match["lines"])
        elif match and match["pointer"]:
            find.kind, find.pointer = "citation", match["pointer"]
        yield find


def _read_tokens(reading: Reading) -> Iterator[Found]:
    text, codes = reading.left, reading.passage.codes
    in_code = reading.passage.role == "code"
    at = code = 0
    while match := TOKEN.search(text, at):
        start = match.start()
        while code < len(codes) and codes[code][1] <= start:
            code += 1
        inside = in_code or (code < len(codes) and codes[code][0] <= start)
        edge = len(text)
        if not in_code and code < len(codes):
            edge = codes[code][1] if inside else codes[code][0]
        if text[start] == "/" and code and start == codes[code - 1][1]:
            start += 1
        token_end = _extend(text, start, max(start, min(match.end(), edge)), edge)
        at = max(token_end, match.start() + 1)
        token = text[start:token_end]
        if not BEARS.search(token):
            continue
        before = _variable_before(text, start)
        yield from _read_token(reading, before, start, token, inside)


def _extend(text: str, start: int, end: int, edge: int) -> int:
    """The end of a token whose brace list holds commas and spaces."""
    opened = text.find("{", start, end)
    while opened >= 0:
        close = find_close(text, opened, 1 << 14)
        if close < 0 or close >= edge or "," not in text[opened:close]:
            return end
        if not _is_list(text[opened + 1 : close]):
            return end
        if close >= end:
            more = TOKEN.match(text, close + 1, edge)
            end = more.end() if more else close + 1
        opened = text.find("{", close, end)
    return end


def _is_list(inner: str) -> bool:
    """Is it a list of names, not a dictionary or a set of values?"""
    return not re.search(r"[:=\"']|,\s*\.\.\.|\{\{", inner)


def _variable_before(text: str, start: int) -> str:
    """A quoted variable that a path begins with: `"$HUB"/cli`."""
    if text[start] != "/":
        return ""
    begin = max(0, start - 72)
    for match in QUOTED_VARIABLE.finditer(text, begin, start + 1):
        if match.end() == start:
            return match[0].replace('"', "").replace("\\", "")
    return ""


def _read_token(
    reading: Reading, before: str, start: int, token: str, code: bool
) -> Iterator[Found]:
    start, token = _trim(start, token)
    if "=" in token and not token.startswith(("/", ".", "$")):
        name, _, rest = token.partition("=")
        if "/" not in name and "." not in name:
            shift = len(name) + 1 + len(rest) - len(rest.lstrip("\"'"))
            start, token = start + shift, rest.lstrip("\"'")
    if len(token) + len(before) < 3:
        return
    finds: list[Found] = []
    for first, last, path in expand_braces(token):
        for offset, part in split_pair(path):
            pair = part != path
            begin = start + (first + offset if pair else first)
            end = begin + len(part) if pair else start + last
            finds += _read_path(reading, before + part, begin, end, code)
    if finds and "{" in token:
        reading.take([(start, start + len(token))])
    yield from finds


def _trim(start: int, token: str) -> tuple[int, str]:
    """A token without the punctuation around it."""
    while token and token[0] in TRIM_LEFT:
        if re.match(r"[<\[{][\w-]{1,64}[>\]}]/", token):
            break
        start, token = start + 1, token[1:]
    while token and token[-1] in TRIM_RIGHT:
        opened = {"}": "{", "]": "[", ">": "<"}.get(token[-1])
        if opened and opened in token:
            break
        token = token[:-1]
    return start, token


def _read_path(reading: Reading, token: str, start: int, end: int, code: bool) -> Iterator[Found]:
    match = TAIL.match(token)
    if match is None or not is_path(match["path"].split("!", 1)[0], code):
        return
    path, text = match["path"], reading.text
    if text[end : end + 1] in ("[", "(") and "/" not in path:
        return
    find = Found(kind="path", start=start, end=end, path=path, value=token)
    if match["symbol"]:
        find.name = match["symbol"]
    if match["pointer"] is not None and "#" in token:
        find.kind, find.pointer = "citation", match["pointer"]
    if not match["lines"]:
        yield from _cite_behind(find, text)
        return
    find.kind = "citation"
    find.first_line, find.last_line = _read_span(match["lines"])
    if match["end"]:
        find.end -= len(match["end"])
    yield find
    at = end
    while more := MORE_LINES.match(text, at):
        first, last = _read_span(more[1])
        at = more.end()
        yield Found(
            kind="citation",
            start=more.start(1),
            end=at,
            path=path,
            value=more[1],
            first_line=first,
            last_line=last,
        )


def _cite_behind(find: Found, text: str) -> Iterator[Found]:
    """A path, or the citation that it is with `line 29` behind it."""
    yield find
    match = LINES_BEHIND.match(text, find.end)
    if match and find.kind == "path":
        last = int(match[2]) if match[2] else int(match[1])
        yield Found(
            kind="citation",
            start=match.start(1),
            end=match.end(2) if match[2] else match.end(1),
            begin=find.start,
            path=find.path,
            value=match[0].strip(" `,(*\"'"),
            first_line=int(match[1]),
            last_line=last,
        )


def _read_lone_lines(reading: Reading) -> Iterator[Found]:
    """`line 29` where the file is named before, or elsewhere: `inference log line 29`."""
    starts = {path.start: path for path in reading.paths}
    for match in LONE_LINES.finditer(reading.left):
        of = OF_FILE.match(reading.text, match.end())
        source = starts.get(of.end()) if of else None
        before = LOG_BEFORE.search(reading.left, max(0, match.start() - 120), match.start())
        first = int(match[1])
        last = int(match[2]) if match[2] else first
        yield Found(
            kind="citation",
            start=match.start(1),
            end=match.end(2) if match[2] else match.end(1),
            begin=before.start(1) if before else match.start(),
            name=before[1] if before and source is None else "",
            path=source.path if source else "",
            value=match[0],
            first_line=first,
            last_line=last,
        )
        if match[3]:
            yield Found(
                kind="citation",
                start=match.start(3),
                end=match.end(3),
                begin=match.start(),
                value=match[3],
                first_line=int(match[3]),
                last_line=int(match[3]),
            )


def _read_span(text: str) -> tuple[int, int]:
    numbers = [int(part) for part in re.findall(r"\d{1,9}", text)]
    return numbers[0], numbers[-1]

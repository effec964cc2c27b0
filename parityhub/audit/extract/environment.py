"""Environment: `NAME=value`, "X was set", versions of programs, options that are not numbers."""

import re
from collections.abc import Iterator

from parityhub.audit.extract.found import Found, Reading

VALUE = (
    r"(?:\\?\"(?P<quoted>[^\"\\\n\x00]{0,500})\\?\"|"
    r"'(?P<single>[^'\n\x00]{0,500})'|(?P<plain>[^\s`\"',;()\x00]{1,500}))"
)
ASSIGNED = re.compile(
    rf"(?<![\w.$/-])(?P<name>FLAGS_\w{{1,60}}|[A-Z][A-Z0-9_]{{1,63}})(?P<sign>=){VALUE}"
)
LISTED = re.compile(
    r"^[\s`]*(?P<name>[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){1,8})`?[ ]?"
    r"(?P<sign>=[ ]`?(?P<plain>[^`\n\x00]{1,500}?)|(?::|is"
    r"|was)[ ]`?(?P<single>[^`\s\x00]{1,500}))`?"
    r"(?=$|\n|[ ](?:✅|✓|\())"
)
ABSENT = re.compile(
    r"(?P<name>\b[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){1,8})`?[ ](?:was |is |were |be |has been )?"
    r"(?:(?:confirmed|verified|proven|found|seen|indeed|correctly|properly) (?:to be )?)?"
    r"(?P<word>absent|unset|not set|removed|cleared|set(?! to)|exported|enabled|disabled|defined)\b"
)
EMPTY = re.compile(
    r"(?P<name>\b[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){1,8})`?[ ]=[ ]?\((?P<word>empty)\)"
)
VERSION = re.compile(
    r"\b(?P<name>PyTorch|torch|TensorFlow|tensorflow|tensorflow-cpu|Keras|keras|NumPy|numpy|Python"
    r"|python|CUDA|cuDNN|Lightning|lightning|jax|JAX|scipy|SciPy|pytest|Linux|parityhub)"
    r"(?P<mid>[ ]?(?:version|v)?[ ]?(?:==|=|:|-| )[ ]?`?v?)"
    r"(?P<plain>\d{1,4}(?:\.\d{1,6}){1,4}[\w.+-]{0,40})"
)
DEVICE = re.compile(
    r"^[\s]*(?P<name>GPU|CPU|Device|OS|Platform|Accelerator|Host|Driver|Machine)[ ]?:[ ]?"
    r"(?P<plain>[^\n\x00]{2,120})"
)
OPTION = re.compile(
    r"(?<![\w.$/-])(?P<name>[a-z][a-z0-9]{0,30}(?:_[a-z0-9]{1,30}){0,8})[ ]?(?P<sign>=|:)[ ]?"
    r"(?P<plain>True|False|None|true|false|null|(?:yes|no|on|off)(?=[,;.)]?$))\b"
)
ITEM = re.compile(r"\[['\"](?P<name>\w{1,64})['\"]\][ ]?=[ ]?(?P<plain>True|False|None|\d{1,9})\b")
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,63}")
MAY_HOLD = re.compile(r"[A-Z][A-Z0-9_]|[=:]|\d\.\d|flags|env|switches", re.IGNORECASE)
FLAGS = re.compile(
    r"\b(?P<name>(?:flags|(?:environment|env)(?: variables| vars| overrides)?|switches)"
    r"(?: for [\w ]{1,20}?)?) (?:were |are |all |have been )?"
    r"(?P<word>(?:confirmed|verified|proven)(?: to be)?(?: set| active| in effect)?"
    r"|set(?! to| of)|exported|in effect)(?![\w-])",
    re.IGNORECASE,
)
"""variables that are not named, said to have been set: `flags confirmed set`"""
SET_TO = re.compile(
    r"(?P<name>\b[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){1,8})`?[ ]"
    r"(?:(?:was |is |were |be |has been )?set to|="
    r"|set as)[ ][`\"']?(?P<plain>[^\s`\"',;()\x00]{1,500})"
)
FORMS = (SET_TO, FLAGS, ABSENT, EMPTY, VERSION, ITEM, OPTION)


def find_environment(reading: Reading) -> None:
    """Keep what a passage says of variables, versions and switches."""
    if reading.passage.role == "value" and VARIABLE.fullmatch(reading.passage.column):
        find = Found(kind="environment", start=0, end=len(reading.text), value=reading.text)
        find.name = reading.passage.column
        reading.keep([find])
        return
    if not MAY_HOLD.search(reading.text):
        return
    finds: list[Found] = []
    for match in ASSIGNED.finditer(reading.text):
        if reading.left[match.start()] != "\x00":
            finds.append(_make(match))
    reading.keep(finds)
    listed = LISTED.match(reading.text)
    if listed and reading.left[listed.start("name")] != "\x00":
        reading.keep([_make(listed)])
    for form in FORMS:
        reading.keep([_make(match) for match in form.finditer(reading.left)])
    device = DEVICE.match(reading.left)
    if device:
        reading.keep(list(_read_device(reading, device)))


def _make(match: "re.Match[str]") -> Found:
    groups = match.groupdict()
    for key in ("quoted", "single", "plain", "word"):
        if groups.get(key) is not None:
            value, start, end = groups[key], match.start(key), match.end(key)
            break
    if key == "plain":
        trimmed = value.rstrip(".,:!?*_")
        value, end = trimmed or value, end - len(value) + len(trimmed or value)
    return Found(
        kind="environment",
        start=start if start < end else match.start(),
        end=end if start < end else match.end(),
        begin=match.start("name"),
        finish=match.end(),
        name=match["name"],
        value=value,
        unit="state" if key == "word" else "",
    )


def _read_device(reading: Reading, match: "re.Match[str]") -> Iterator[Found]:
    """`GPU: NVIDIA RTX (22259 MB)`: the device, without what is said of it in brackets."""
    value = match["plain"].split(" (", 1)[0].rstrip()
    start = match.start("plain")
    if value:
        yield Found(
            kind="environment",
            start=start,
            end=start + len(value),
            begin=match.start("name"),
            name=match["name"],
            value=value,
        )

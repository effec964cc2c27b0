"""Status words: what a report calls a run, a test, a file or a comparison."""

import re
from collections.abc import Iterator
from itertools import islice

from parityhub.audit.extract.found import TAKEN, Found, Reading
from parityhub.audit.extract.passages import MOST_IN_PIECE
from parityhub.audit.extract.sentences import sentence_end, sentence_start

LOUD = re.compile(
    r"(?<![\w-])(?P<word>NOT (?:RUN|GENERATED|PERFORMED|STARTED|DONE|FOUND|CAPTURED|AVAILABLE)"
    r"|INCOMPLETE"
    r"|INCONCLUSIVE|PASS(?:ED|ES|ING)?|FAIL(?:ED|URE|S|ING)?|GREEN|RED|SUCCESS(?:FUL|FULLY)?"
    r"|SUCCEEDED|COMPLETE(?:D)?|BLOCKED|OK|DONE|PENDING|DEFERRED|SKIPPED|ERROR|MISSING|STALE|FRESH"
    r"|COLLAPSED|EQUAL|IDENTICAL|VERIFIED|CONFIRMED)(?![\w-]|[ ]?=)"
)
PHRASE = re.compile(
    r"(?<![\w-])(?P<word>identical cop(?:y|ies)|same (?:dataset|data set|data|weights|split"
    r"|checkpoint|batches|commit|config(?:uration)?)"
    r"|(?:no|without|zero) (?:divergences?|differences?|mismatch(?:es)?|regressions?|failures?"
    r"|errors?)"
    r"|bit[- ](?:identical|exact)|byte[- ]identical|bitwise (?:equal|identical)|one-sided"
    r"|all[- ]zero(?:s)?"
    r"|(?:near|essentially|effectively|nearly) zero|non-?zero|not (?:run|generated|performed"
    r"|available|comparable)"
    r"|does not exist|do not exist|did not run|completed? successfully|successfully completed"
    r"|fail(?:s|ed|ing)?"
    r"|passe[sd]|pass|green|succe(?:eded|ssful(?:ly)?)|success|completed?|blocked|pending"
    r"|deferred|done|ok|learned|learnt|fresh|freshly"
    r"|identical|unchanged|up[- ]to[- ]date|stale|validated|verified|confirmed|resolved"
    r"|reproduced|reproducible"
    r"|collapsed|healthy|in agreement|agree(?:s|d)?|matche[sd]|match|equals?|compared|alive"
    r"|inconclusive"
    r"|missing|incomplete|self-reported|unproven|red)(?![\w-]|[ ]?=|\()",
    re.IGNORECASE,
)
STATE_LABEL = re.compile(
    r"(?:^|[\n|.;:(]|- )[ ]{0,3}(?P<name>(?:[\w -]{0,40} )?(?:status|result|verdict|state|outcome"
    r"|proof))"
    r"[ ]?[:=][ ]{0,4}(?P<word>(?:not |fully )?(?!the |this |see "
    r"|all )[A-Za-z][\w-]{1,24}(?: successfully)?)",
    re.IGNORECASE,
)
QUIET = frozenset(
    re.findall(
        r"\S+",
        "red green pass fail fails match done ok complete error missing equal equals compared"
        " pending deferred resolved agree failing alive",
    )
)
"""ordinary words: a status only as the whole of a cell, behind a label, or at an edge"""
EDGE_BEFORE = re.compile(
    r"(?:^|[:(|→,=—–;]|[ ]-|\bis|\bare|\bwas|\bwere|\bstayed|\bselector|\bgate|\btests?|\bpytest"
    r"|\bguards?|\ball|\bchecks?)[\s*`]{0,3}$",
    re.I,
)
NOUN_BEFORE = re.compile(r"(?P<noun>[\w.`:\[\]-]{2,120})[\s*`(:=—–-]{0,4}$")
NOUN_BEHIND = re.compile(r"[ `*]{1,3}(?P<noun>[A-Za-z][\w.-]{1,80})")
FILLER_TAIL = re.compile(
    r"(?:\b(?:also|is|are|was|were|has|have|been|be|still|remains?|stayed|and|now|it|all|an?|the"
    r"|on|of|with)[ ]){1,6}$"
)
OPENING_LABEL = re.compile(r"[ ]{0,6}(?:\[[ xX]\] )?([A-Za-z][^:\n.,;]{0,60}?)[ ]{0,3}:")
WORD = re.compile(r"[A-Za-z]+")
COUNTED = re.compile(r"[ ]?:[ ]\d{1,9}\b(?![./:]\d)")
"""`passed: 4`: the name of a number"""
FIRST_WORDS = frozenset(
    WORD.findall(
        "not incomplete inconclusive pass passed passes passing fail failed failure fails failing"
        " green red success successful successfully succeeded complete completed completes blocked"
        " ok done pending deferred skipped error missing stale fresh freshly collapsed equal equals"
        " identical verified confirmed same no without zero bit byte bitwise one all near"
        " essentially effectively nearly non nonzero does do did learned learnt unchanged up"
        " validated resolved reproduced reproducible healthy in agree agrees agreed matched matches"
        " match compared alive self unproven status result verdict state outcome proof"
    )
)
"""lower case: what statuses begin with, and labels of them end in"""
ADJECTIVES = frozenset(
    re.findall(
        r"\S+",
        "fresh learned learnt healthy stale identical collapsed non-zero nonzero",
    )
)


def find_statuses(reading: Reading) -> None:
    """Keep the status words of a passage and the tick of a checklist item."""
    if reading.passage.ticked is not None:
        value = "x" if reading.passage.ticked else " "
        text = reading.text[4:124].strip()
        reading.keep(
            [
                Found(
                    kind="status",
                    start=1,
                    end=2,
                    begin=0,
                    finish=len(text) + 4,
                    name=text,
                    value=value,
                )
            ]
        )
    if reading.passage.role == "value" and reading.left in ("true", "false", "null"):
        find = Found(kind="status", start=0, end=len(reading.text), value=reading.text)
        find.name = reading.passage.column
        reading.keep([find])
        return
    if not _may_hold(reading.left):
        return
    labelled = [
        _make(reading, match, match["name"].strip("*_`- "))
        for match in STATE_LABEL.finditer(reading.left)
        if _is_state(match["word"], match["name"])
    ]
    reading.keep([find for find in labelled if find is not None])
    for form in (LOUD, PHRASE):
        reading.keep(list(islice(_read_words(reading, form), MOST_IN_PIECE)))


def _may_hold(text: str) -> bool:
    """Does any word stand there that a status begins with, or a label of one?"""
    return not FIRST_WORDS.isdisjoint(word.lower() for word in WORD.findall(text))


def _read_words(reading: Reading, form: "re.Pattern[str]") -> Iterator[Found]:
    for match in form.finditer(reading.left):
        word = match["word"]
        quiet = form is PHRASE and word.lower() in QUIET
        if quiet and (reading.passage.role == "heading" or not _stands_out(reading, match)):
            continue
        if (
            form is LOUD
            and word in ("RED", "ERROR", "FAIL", "FAILURE")
            and _is_name(reading.text, match)
        ):
            continue
        if COUNTED.match(reading.text, match.end()):
            continue
        find = _make(reading, match, _name_status(reading, match))
        if find is not None:
            yield find


def _is_state(word: str, label: str) -> bool:
    """Is it a status that stands behind a label, not the first word of a sentence?"""
    known = LOUD.match(word) or PHRASE.match(word)
    return bool(known) or "_" in word or label.lower().endswith(("status", "state", "verdict"))


def _make(reading: Reading, match: "re.Match[str]", name: str) -> Found | None:
    if TAKEN in match["word"]:
        return None
    start = sentence_start(reading.text, match.start("word"))
    end = min(sentence_end(reading.text, match.end("word")), match.end("word") + 200)
    return Found(
        kind="status",
        start=match.start("word"),
        end=match.end("word"),
        begin=max(start, match.start("word") - 200),
        finish=end,
        name=name,
        value=match["word"],
    )


def _stands_out(reading: Reading, match: "re.Match[str]") -> bool:
    text = reading.left
    before = text[max(0, match.start() - 24) : match.start()]
    behind = text[match.end() : match.end() + 3].lstrip(" *`")
    whole = not text[: match.start()].strip(" *`") and not text[match.end() :].strip(" *`")
    edge = not behind or behind[0] in ",.;:()|—–[/" or behind[0] in (TAKEN, "\n")
    return whole or (bool(EDGE_BEFORE.search(before)) and edge)


def _is_name(text: str, match: "re.Match[str]") -> bool:
    """`RET_CHECK failure`, `ERROR:`: a word of an error's own text."""
    return (
        text[match.end() : match.end() + 1] == ":"
        or text[max(0, match.start() - 1) : match.start()] == '"'
    )


def _name_status(reading: Reading, match: "re.Match[str]") -> str:
    """What is said to have the status: a learned what, a fresh what; or the words before."""
    word = match["word"].lower()
    describes = word in ADJECTIVES or word.startswith("same ")
    if describes and (behind := NOUN_BEHIND.match(reading.text, match.end())):
        return behind["noun"]
    cell = {"cell": reading.passage.row, "value": reading.passage.column}.get(reading.passage.role)
    if cell:
        return cell
    start = max(sentence_start(reading.text, match.start()), match.start() - 100)
    before = reading.text[start : match.start()]
    label = re.search(r"([^:,;()\n]{2,80})[:=—–][ *`]{0,4}$", before)
    if label:
        return label[1].strip(" *_`-")
    noun = NOUN_BEFORE.search(FILLER_TAIL.sub("", before))
    if noun and not noun["noun"][0].isdigit():
        return noun["noun"].strip("`*:")
    opened = OPENING_LABEL.match(reading.text) if start == 0 else None
    return opened[1].strip() if opened else ""

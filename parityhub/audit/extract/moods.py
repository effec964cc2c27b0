"""Moods: whether a claim is asserted, denied, planned, of an earlier run, or quoted."""

import re
from functools import lru_cache

from parityhub.audit.claims import Mood
from parityhub.audit.extract.found import Found
from parityhub.audit.extract.passages import Passage
from parityhub.audit.extract.sentences import sentence_end, sentence_start

PLAN_HEADING = re.compile(
    r"\b(?:next|to ?do|do now|required fix|mitigation options?|mitigations to come|recommend\w*"
    r"|proposed|retry|hypothes[ei]s|option \d"
    r"|option [A-C]\b|requirements?|acceptance|evidence to capture|what is next|sub-steps"
    r"|follow-?up|outlook)\b",
    re.IGNORECASE,
)
PLAN_SENTENCE = re.compile(
    r"^[\s*`-]{0,8}(?:next|to ?do|then|plan|action|immediate|if (?:successful"
    r"|blocked))\b[^:.\n]{0,40}[:.]",
    re.IGNORECASE,
)
PLAN_ITEM = re.compile(
    r"^[\s*`-]{0,8}(?:next(?: steps?)?|to ?do|still to do)[*`]{0,3}:", re.IGNORECASE
)
"""an item of which all is yet to be done, sentence after sentence"""
PLAN_WORD = re.compile(
    r"\b(?:would|should|must|will|need(?:s)? to|shall|to be|can be|could|may|might|please|so that"
    r"|in order to|retry|rerun with)\b",
    re.IGNORECASE,
)
FACT = re.compile(
    r"\b(?:used|is|are|was|were|did|does|already|failed|passed|succeeded|exists|captured|showed"
    r"|shows|indicates?)\b"
)
DENIAL = re.compile(
    r"\b(?:no longer|not|never|instead of|rather than|without|lacks?|isn't|doesn't|didn't|wasn't"
    r"|no|missing"
    r"|absent|neither|defaulting to|default(?:s|ed)? to)\b[^.,;:\n]{0,40}$",
    re.IGNORECASE,
)
DENIAL_BEHIND = re.compile(
    r"^[`*\"'\s)]{0,4}(?:[(—–:-]{1,2}[ ]?)?(?:(?:\([^()\n]{0,60}\)[ ])?[—–-]{1,2}[ ])?"
    r"(?:,? ?(?:but|yet|and|which) )?(?:(?:that|this|the|it) )?(?:(?:file|folder|data ?set) )?"
    r"(?:NOT (?:RUN|GENERATED|PERFORMED|FOUND|CREATED)|does not exist|do not exist|is missing"
    r"|are missing|was not|were not|missing\b"
    r"|(?:was|were|is|are|has been|have been) (?:left|deleted|removed|dropped|discarded|lost|moved"
    r"|only on|elsewhere|too large|kept (?:on|outside|elsewhere))\b)",
)
MISSING_LABEL = re.compile(
    r"^[\s*`-]{0,6}(?:missing|absent|not (?:generated|found|run))\b", re.IGNORECASE
)
MISSING_HEADING = re.compile(r"\b(?:missing|not (?:generated|produced))\b", re.IGNORECASE)
EARLIER = re.compile(
    r"\b(?:previous(?:ly)?|prior|earlier|formerly|used to|before that|last (?:run|time)"
    r"|old(?:er)? (?:runs?|logs?|values?|results?|versions?|numbers?|hubs?"
    r"|reports?|files?|cop(?:y|ies)))\b",
    re.IGNORECASE,
)

THIS = re.compile(r"\b[Tt]his\b[^.\n]{0,20}\b(?:run|hub|version)\b")


@lru_cache(maxsize=512)
def _is_plan(heading: str) -> bool:
    return PLAN_HEADING.search(heading[:200]) is not None


@lru_cache(maxsize=512)
def _is_earlier(words: str) -> bool:
    return EARLIER.search(words) is not None


@lru_cache(maxsize=512)
def _is_planned_item(words: str) -> bool:
    return PLAN_SENTENCE.match(words) is not None


def find_mood(passage: Passage, find: Found) -> Mood:
    """How a claim is meant, by the words before and behind it and those it stands under."""
    if find.mood is not None:
        return find.mood
    if passage.role == "code":
        return "quoted"
    text = passage.text
    start = sentence_start(text, find.start)
    end = sentence_end(text, find.end)
    before = text[start : find.start]
    if _is_denied(passage, find, before, text[find.end : end]):
        return "denied"
    if passage.ticked is False or _is_planned(passage, text[start:end], before):
        return "planned"
    if before and EARLIER.search(before):
        return "earlier"
    return "earlier" if _stands_under_earlier(passage, find) else "said"


def _stands_under_earlier(passage: Passage, find: Found) -> bool:
    if any(_is_earlier(one.text) for one in passage.parents):
        return not any(THIS.search(one.text) for one in passage.parents)
    headed = any(_is_earlier(heading.text) for heading in passage.headings)
    return (
        headed
        and find.kind == "number"
        and not any(THIS.search(one.text) for one in passage.parents)
    )


def _is_denied(passage: Passage, find: Found, before: str, behind: str) -> bool:
    if behind and DENIAL_BEHIND.match(behind):
        return True
    if before and find.kind != "commit" and DENIAL.search(before[-80:]):
        return True
    if find.kind != "path":
        return False
    if MISSING_LABEL.match(passage.text):
        return True
    return any(MISSING_HEADING.search(heading.text) for heading in passage.headings[-1:])


def _is_planned(passage: Passage, sentence: str, before: str) -> bool:
    if before and (PLAN_SENTENCE.match(sentence) or PLAN_WORD.search(before)):
        return True
    if PLAN_ITEM.match(passage.text) and "\n" not in passage.text:
        return True
    if any(_is_planned_item(one.text) for one in passage.parents):
        return True
    headings = passage.headings[1:] or passage.headings
    planned = any(_is_plan(heading.text) for heading in headings)
    return planned and not FACT.search(sentence)

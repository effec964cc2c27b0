"""What status words come to: good, bad, or neither."""

import re

GOOD = re.compile(
    r"^(?:pass(?:ed|es|ing)?|green|success(?:ful|fully)?|succeeded|completed?(?: successfully)?|"
    r"successfully completed|ok|done|validated|verified|confirmed|x)$",
    re.IGNORECASE,
)
TEST_WORDS = re.compile(r"^(?:pass(?:ed|es|ing)?|green|x|ok|success\w*)$", re.IGNORECASE)
BAD = re.compile(r"^(?:fail(?:ed|ure|s|ing)?|red|error|blocked|incomplete)$", re.IGNORECASE)
VERDICT_LABEL = re.compile(
    r"status|verdict|result|overall|outcome|ratio|delta|conclusion", re.IGNORECASE
)
PHASE_LABEL = re.compile(r"\bphase\b|\b(?:overall|initiative) status\b", re.IGNORECASE)
RUN_FAILED = re.compile(
    r"^(?:Traceback \(most recent call last\):|\w*(?:\.\w+)*(?:Error|Exception): |"
    r"Segmentation fault|Killed$)"
)
RUN_ENDED = re.compile(
    r"completed successfully|saved to|training (?:is )?complete|inference complete", re.IGNORECASE
)


def is_good(word: str) -> bool:
    """Tell whether a status says that something went well."""
    return GOOD.match(word.strip()) is not None


def is_bad(word: str) -> bool:
    """Tell whether a status says that something went wrong."""
    return BAD.match(word.strip()) is not None

import re

import pytest

from parityhub.audit.rules.registry import CLAIM_RULES, HUB_RULES, RULES, find_rules
from parityhub.audit.rules.rule import ClaimRule
from parityhub.errors import UsageError

PROMISED = (
    "PH001 PH101 PH102 PH103 PH201 PH202 PH203 PH204 PH205 PH206 PH207 PH301 PH302 PH401 PH402 "
    "PH403 PH404 PH501 PH502 PH601 PH602 PH603 PH701 PH702 PH703 PH801 PH802 PH803"
)


def test_every_promised_code_has_a_rule():
    assert {rule.code for rule in RULES} == set(PROMISED.split())


def test_every_rule_says_what_and_why_with_an_example():
    for rule in RULES:
        assert rule.__doc__
        assert len(rule.__doc__.strip().splitlines()) >= 3
        assert rule.example
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.slug)


def test_a_code_has_one_slug():
    slugs = {}
    for rule in RULES:
        assert slugs.setdefault(rule.code, rule.slug) == rule.slug


def test_claim_rules_say_which_claims_they_are_for():
    assert all(isinstance(rule, ClaimRule) and rule.kinds for rule in CLAIM_RULES)
    assert not any(isinstance(rule, ClaimRule) for rule in HUB_RULES)


def test_a_rule_is_found_by_its_code_and_an_unknown_one_is_refused():
    assert {rule.slug for rule in find_rules("ph602")} == {"status-contradicted"}
    with pytest.raises(UsageError, match="PH999"):
        find_rules("PH999")

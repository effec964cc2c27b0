"""A mutation campaign on a user's own hub: would its audit see a lie?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parityhub.audit.campaign.drive import CampaignResult, Mutant, Told, run_campaign
from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots
from parityhub.audit.targets import is_hub
from parityhub.errors import UsageError
from parityhub.hub.records import Verdict
from parityhub.workflow.audit import Audit, make_context, name_cache

LEAST_CAUGHT = 0.99
MUTANTS_A_REWORDING = 10


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A campaign as it was asked for."""

    audit: Audit
    mutants: int
    seed: int
    tell: Callable[[str], None]


def try_hub(campaign: Campaign) -> tuple[Path, CampaignResult]:
    """Try the audit of a hub on lies and rewordings in a copy of it.

    Returns:
        The hub, and what came of it. There is a rewording for each ten mutants.

    Raises:
        UsageError: the target is no hub.
    """
    hub = campaign.audit.target
    if not is_hub(hub):
        raise UsageError(f"{hub}: no hub", hint="a campaign needs a hub: name its folder")
    context = make_context(campaign.audit.plan, hub)
    cache = name_cache(campaign.audit.cache, hub / "campaign")

    def audit(copy: Path) -> Iterable[Told]:
        result = audit_hub(copy, Roots(copy), context=context, cache=cache)
        return [
            Told(item.code, item.spot.file, (item.spot.line, *(spot.line for spot in item.also)))
            for item in result.findings
            if item.severity != "note"
        ]

    rewordings = max(1, campaign.mutants // MUTANTS_A_REWORDING)
    tried = run_campaign(
        hub, audit, campaign.mutants, campaign.seed, rewordings=rewordings, tell=campaign.tell
    )
    return hub, tried


def judge_campaign(result: CampaignResult) -> tuple[Verdict, str]:
    """Say what a campaign comes to, and why."""
    false = sum(share.false for share in result.shares)
    caught = sum(share.caught for share in result.shares)
    alarms, tried = len(result.alarms), len(result.rewordings)
    told = f"{caught} of {false} lies caught by a fitting code, {alarms} false alarms in {tried}"
    if result.known:
        return "INCONCLUSIVE", f"the hub has {result.known} findings as it is: mend it first"
    if not false or not tried:
        return "INCONCLUSIVE", "the hub has no report in which anything can be changed"
    passed = result.caught_share >= LEAST_CAUGHT and not alarms
    return ("PASS" if passed else "FAIL"), f"{told} rewordings"


def describe_campaign(hub: Path, seed: int, result: CampaignResult) -> dict[str, Any]:
    """Return the document of `audit --campaign`."""
    verdict, reason = judge_campaign(result)
    return {
        "hub": str(hub),
        "seed": seed,
        "verdict": verdict,
        "reason": reason,
        "forms": [
            {
                "form": share.form,
                "false": share.false,
                "caught": share.caught,
                "misnamed": share.misnamed,
                "missed": share.missed,
                "still_true": share.true,
            }
            for share in result.shares
        ],
        "missed": describe_mutants(result.list_mutants("missed")),
        "misnamed": describe_mutants(result.list_mutants("misnamed")),
        "still_true": describe_mutants(result.list_mutants("true")),
        "rewordings": len(result.rewordings),
        "alarms": [
            {"rewording": alarm.rewording, "code": alarm.code, "file": alarm.file}
            for alarm in result.alarms
        ],
    }


def describe_mutants(mutants: Iterable[Mutant]) -> list[dict[str, Any]]:
    """Return mutants as scripts read them."""
    return [
        {
            "form": mutant.form,
            "file": mutant.file,
            "line": mutant.line,
            "old": mutant.old,
            "new": mutant.new,
            "codes": list(mutant.codes),
            "why_true": mutant.why_true,
        }
        for mutant in mutants
    ]

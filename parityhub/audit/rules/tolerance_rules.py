"""Tolerances against those of the hub before."""

import tomllib
from collections.abc import Iterator
from typing import Any

from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding
from parityhub.audit.rules.rule import HubRule, Said, spot_of
from parityhub.hub.records import Place

LOOSER_ABOVE = ("rel", "abs", "rtol", "atol", "max_abs", "rms", "ratio_max", "below", "tolerance")
"""bounds that let more through the larger they are"""
LOOSER_BELOW = ("above", "ratio_min", "at_least", "ssim", "psnr", "margin", "correlation")


class ToleranceLoosened(HubRule):
    """A tolerance of the plan is no looser than in the hub before, or its reason is another one.

    A bound that grows until the check passes decides nothing.
    """

    code, slug, severity = "PH803", "tolerance-loosened", "error"
    requires = frozenset({"manifest", "previous"})
    example = "`rel = 1e-2` where the hub before had 1e-5, with the same reason"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        assert facts.previous is not None
        before = read_checks(facts.previous)
        for key, (check, file) in read_checks(facts).items():
            old = before.get(key)
            if old is None:
                continue
            was, now = old[0], check
            told = now.get("reason") != was.get("reason") and bool(now.get("reason"))
            for name in list_loosened(was, now):
                if not told:
                    yield self.find(
                        spot_of(file),
                        f"{key[0]} {key[1]}: {name} = {now.get(name)}",
                        Said(
                            found=f"it was {was.get(name)} in the hub before, with the same reason",
                            hint="say in `reason` why the bound is another one",
                            evidence=Place(file=file),
                        ),
                    )


def read_checks(facts: Facts) -> dict[tuple[str, str], tuple[dict[str, Any], str]]:
    """Read the checks of the newest plan that a hub keeps: (phase, check) to its table and file."""
    if facts.manifest is None:
        return {}
    newest = facts.manifest.plans[-1:] or ("",)
    file = f"plan/plan_{newest[0][:12]}.toml"
    text = facts.texts.read(file) if file in facts.table.files else None
    if text is None:
        return {}
    try:
        plan = tomllib.loads(text.data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return {
        (str(phase.get("id")), str(check.get("id"))): (check, file)
        for phase in plan.get("phase", ())
        if isinstance(phase, dict)
        for check in phase.get("checks", ())
        if isinstance(check, dict)
    }


def list_loosened(was: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """List the bounds that let more through than before; one that is gone lets all through."""
    for names, sign in ((LOOSER_ABOVE, 1), (LOOSER_BELOW, -1)):
        for name in names:
            old, new = was.get(name), now.get(name)
            if not isinstance(old, int | float) or isinstance(old, bool):
                continue
            if new is None or (isinstance(new, int | float) and sign * (new - old) > 0):
                yield name

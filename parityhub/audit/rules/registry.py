"""All rules, in the order of their codes."""

from parityhub.audit.rules.blocker_rules import BlockerChanged
from parityhub.audit.rules.changed_rules import DataChanged, PlanChanged
from parityhub.audit.rules.citation_rules import CitationMismatch, CitationOutOfRange
from parityhub.audit.rules.contradiction_rules import BlockerWithoutEvidence, Contradiction
from parityhub.audit.rules.derived_rules import Arithmetic
from parityhub.audit.rules.digest_rules import (
    DigestAbbreviationAmbiguous,
    DigestMismatch,
    DigestUnsupported,
)
from parityhub.audit.rules.entry_rules import EntryShown
from parityhub.audit.rules.environment_rules import EnvironmentMismatch, EnvironmentUnproven
from parityhub.audit.rules.field_rules import FieldAbsent
from parityhub.audit.rules.fresh_rules import Repeated
from parityhub.audit.rules.hub_rules import (
    ArtifactChanged,
    ArtifactUnlisted,
    ArtifactUnreported,
    MirrorMismatch,
    SidecarMismatch,
)
from parityhub.audit.rules.inventory_rules import (
    InventoryAttempt,
    InventoryPath,
    InventoryTwice,
)
from parityhub.audit.rules.learned_rules import NotLearned
from parityhub.audit.rules.number_rules import NumberMismatch, NumberUnsupported
from parityhub.audit.rules.origin_rules import Name, Origin
from parityhub.audit.rules.path_rules import PathMissing, SizeOrCountMismatch
from parityhub.audit.rules.proof_rules import ProofShown
from parityhub.audit.rules.quote_rules import QuoteChanged
from parityhub.audit.rules.record_order import PhaseOrder
from parityhub.audit.rules.rule import ClaimRule, HubRule, Rule
from parityhub.audit.rules.sentence_rules import SentenceDigest, SentenceNumber, SentenceWord
from parityhub.audit.rules.shown_rules import CheckNamed, DigestPointed, GateShown, LinkOfRun
from parityhub.audit.rules.status_rules import (
    GateMisplaced,
    StatusContradicted,
    VacuousPass,
)
from parityhub.audit.rules.time_rules import Order, Stale, TimeConfirmed, TimeZone
from parityhub.audit.rules.told_counts import CountTold
from parityhub.audit.rules.told_statuses import StatusTold
from parityhub.audit.rules.tolerance_rules import ToleranceLoosened
from parityhub.audit.rules.unread_rules import ReportUnread
from parityhub.errors import UsageError

CLAIM_RULES: tuple[ClaimRule, ...] = (
    DigestMismatch(),
    DigestUnsupported(),
    DigestAbbreviationAmbiguous(),
    PathMissing(),
    MirrorMismatch(),
    SizeOrCountMismatch(),
    CitationMismatch(),
    CitationOutOfRange(),
    NumberMismatch(),
    NumberUnsupported(),
    CountTold(),
    Arithmetic(),
    FieldAbsent(),
    EnvironmentMismatch(),
    EnvironmentUnproven(),
    VacuousPass(),
    StatusContradicted(),
    StatusTold(),
    NotLearned(),
    Stale(),
    Repeated(),
    Origin(),
    TimeConfirmed(),
    TimeZone(),
)
HUB_RULES: tuple[HubRule, ...] = (
    ReportUnread(),
    ArtifactUnlisted(),
    ArtifactChanged(),
    SidecarMismatch(),
    ArtifactUnreported(),
    GateMisplaced(),
    Order(),
    Name(),
    PhaseOrder(),
    PlanChanged(),
    DataChanged(),
    ProofShown(),
    BlockerChanged(),
    InventoryPath(),
    InventoryTwice(),
    InventoryAttempt(),
    LinkOfRun(),
    CheckNamed(),
    GateShown(),
    DigestPointed(),
    QuoteChanged(),
    EntryShown(),
    SentenceNumber(),
    SentenceDigest(),
    SentenceWord(),
    Contradiction(),
    BlockerWithoutEvidence(),
    ToleranceLoosened(),
)
RULES: tuple[Rule, ...] = tuple(sorted((*CLAIM_RULES, *HUB_RULES), key=lambda rule: rule.code))


def find_rules(code: str) -> tuple[Rule, ...]:
    """Return the rules of a code.

    Raises:
        UsageError: there is none.
    """
    found = tuple(rule for rule in RULES if rule.code == code.strip().upper())
    if not found:
        known = ", ".join(dict.fromkeys(rule.code for rule in RULES))
        raise UsageError(f"{code}: no rule has this code", hint=f"the codes are {known}")
    return found

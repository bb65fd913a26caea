"""What the gate is told, what it is asked and what it answers.

A fact that is unknown is a value with its own rule; one that could not be loaded is named in `Facts.unavailable`,
and denies (D-04).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from ritorno.consents.rules.ledger import State, StateKey
from ritorno.consents.rules.packs import RulePack
from ritorno.consents.rules.terms import (
    FOR_ALL_CHANNELS,
    MARKETING_PURPOSES,
    AssessmentKind,
    Channel,
    Family,
    LegalBasis,
    Level,
    Purpose,
    Reason,
    ServiceKind,
    SuppressionReason,
    SuppressionScope,
    TemplateClass,
    Term,
    Verdict,
)

ANY_GROUP = "*"
"""Asks for the person in general, before any template exists: is there something similar we could write about?"""


class Fact(Term):
    """The groups in which facts are loaded, so that a failed load can be named."""

    PERSON = "PERSON"
    CONTACTS = "CONTACTS"
    STATES = "STATES"
    SUPPRESSIONS = "SUPPRESSIONS"
    PURCHASES = "PURCHASES"
    SOFT_OPTIN = "SOFT_OPTIN"
    ASSESSMENT = "ASSESSMENT"
    MESSAGES = "MESSAGES"
    RPO = "RPO"
    READINESS = "READINESS"
    RECIPIENTS = "RECIPIENTS"
    CONTRACT = "CONTRACT"


class Evidence(NamedTuple):
    """A row that supports a decision, by id only."""

    kind: str
    id: UUID | None
    at: datetime | None


class Suppression(NamedTuple):
    """One match in the do-not-contact list."""

    id: UUID
    reason: SuppressionReason
    scope: SuppressionScope
    since: datetime


class Contact(NamedTuple):
    """The contact point a channel would use."""

    id: UUID
    level: Level
    source: str | None
    invalid_at: datetime | None = None
    hard_bounced_at: datetime | None = None
    complained_at: datetime | None = None
    suppressions: tuple[Suppression, ...] = ()
    shared_with: tuple["Facts", ...] = ()
    """The other people who use the same address or number (D-11)."""
    register: "RegisterCheck | None" = None
    """The last answer of the opposition register about this number or address (D-T7, D-P3)."""
    pack: RulePack | None = None
    """The rules of the country this contact lies in, where it is not the person's (D-03)."""
    states: Mapping[StateKey, State] | None = None
    """What was said for this address, where a merge brought it and that is less than what was said on the card."""


class SoftOptin(NamedTuple):
    """The record of C-06: an address given in the context of a sale, with the offer to refuse."""

    id: UUID
    contact_point_id: UUID | None
    offers_opt_out: bool
    offered_at: datetime


class Assessment(NamedTuple):
    """A signed legitimate-interest assessment."""

    id: UUID
    signed_on: date


class RegisterCheck(NamedTuple):
    """An answer of the opposition register about a phone number or a postal address (D-T1…T7, D-P3)."""

    id: UUID
    checked_at: datetime
    first_listed_at: datetime | None


class Contract(NamedTuple):
    """A supply contract with the person: what was agreed within it outlives the register until it is over (D-T4)."""

    id: UUID
    since: datetime
    ended_at: datetime | None = None


class Readiness(NamedTuple):
    """Whether a channel may be used at all (G1), and since when that is so."""

    is_ready: bool
    since: datetime | None = None
    is_ready_for_marketing: bool = True
    """Receivers would refuse what nobody waits for, as long as the sender's domain is not in order (E-07)."""


class Sent(NamedTuple):
    """One message that already went out and counts against a limit: marketing, or something the person asked for."""

    channel: Channel
    at: datetime
    is_requested: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the gate may look at for one person; a default is what holds when nothing is known."""

    customer_id: UUID
    pack: RulePack
    """The rules of the person's country and of the business's, the stricter of each (D-03)."""
    sector: str | None = None
    """The trade of the business, where the law narrows its contacts further (G14)."""
    business_zone: str = "Europe/Rome"
    exists: bool = True
    is_merged: bool = False
    """The card is part of another one, which is asked about instead."""
    erased_at: datetime | None = None
    deceased_at: datetime | None = None
    restricted_at: datetime | None = None
    born_on: date | None = None
    is_minor_flagged: bool = False
    zone: str | None = None
    contacts: Mapping[Channel, Contact] = field(default_factory=dict)
    states: Mapping[StateKey, State] = field(default_factory=dict)
    third_party: Mapping[UUID, State] = field(default_factory=dict)
    """Named recipient → where the permission to pass the data to them stands (C-19)."""
    readiness: Mapping[Channel, Readiness] = field(default_factory=dict)
    is_informed: bool = False
    last_purchase_at: datetime | None = None
    purchases: Mapping[str, datetime] = field(default_factory=dict)
    """Similarity group → the last purchase in it (C-07)."""
    enquiries: Mapping[str, datetime] = field(default_factory=dict)
    """Similarity group → the last enquiry or quote in it, which counts as a sale in some countries (D-E4)."""
    soft_optin: SoftOptin | None = None
    assessments: Mapping[AssessmentKind, Assessment] = field(default_factory=dict)
    contract: Contract | None = None
    sent: tuple[Sent, ...] = ()
    unavailable: frozenset[Fact] = frozenset()


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to the gate: this purpose, on this channel, with this kind of text."""

    purpose: Purpose
    channel: Channel | None
    template_class: TemplateClass | None = None
    similarity_group: str | None = None
    is_own_product: bool = True
    uses_purchases: bool = False
    has_promo: bool = False
    is_urgent: bool = False
    to_heirs: bool = False
    service_kind: ServiceKind | None = None
    """What a service message is about; it decides the purpose where it is no service at all, and is then forgotten."""
    recipient: UUID | None = None
    """The third party the data would go to (D-R1)."""
    key: StateKey = field(init=False, repr=False)
    """The purpose and channel under which the ledger keeps the answer."""
    is_marketing: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.service_kind is not None:
            object.__setattr__(self, "uses_purchases", self.uses_purchases or self.service_kind in _FROM_BEHAVIOUR)
            object.__setattr__(self, "is_urgent", self.is_urgent or self.service_kind is ServiceKind.CODE)
            object.__setattr__(self, "purpose", purpose_of(self.purpose, self.service_kind))
            if self.purpose is not Purpose.SERVICE:
                object.__setattr__(self, "service_kind", None)
        channel = None if self.purpose in FOR_ALL_CHANNELS or self.channel is None else Channel(self.channel)
        object.__setattr__(self, "purpose", Purpose(self.purpose))
        object.__setattr__(self, "channel", channel)
        object.__setattr__(self, "key", (self.purpose, channel))
        object.__setattr__(self, "is_marketing", self.purpose in MARKETING_PURPOSES)


def purpose_of(purpose: Purpose, kind: ServiceKind | None) -> Purpose:
    """Return what a message is for, whatever it calls itself: a survey is research, a win-back is marketing (D-S7,
    D-S8).
    """
    return _TREATED_AS.get(kind, purpose) if kind is not None else purpose


_TREATED_AS = {
    ServiceKind.SURVEY: Purpose.MARKET_RESEARCH,
    ServiceKind.WISH: Purpose.MKT_OWN,
    ServiceKind.CART: Purpose.MKT_OWN,
    ServiceKind.WIN_BACK: Purpose.MKT_OWN,
}
_FROM_BEHAVIOUR = frozenset({ServiceKind.CART, ServiceKind.WIN_BACK})
"""What a cart or a long absence is known from is behaviour, so it needs PROFILING as well (C-18, D-S8)."""


class Decision(NamedTuple):
    """The gate's answer, with everything needed to explain and to defend it; ids only, no personal data (D-01)."""

    verdict: Verdict
    family: Family
    reason: Reason | None
    rule_id: str
    basis: LegalBasis
    evidence: tuple[Evidence, ...] = ()
    also: tuple[Reason, ...] = ()
    until: datetime | None = None
    since: datetime | None = None
    sent_count: int | None = None
    days: int | None = None

    @property
    def is_allowed(self) -> bool:
        """Tell whether the message may leave now."""
        return self.verdict is Verdict.ALLOW

    def snapshot(self) -> dict[str, Any]:
        """Return the answer as JSON to keep beside the message it decided (D-01)."""
        return {
            "verdict": self.verdict.value,
            "family": self.family.value,
            "reason": self.reason.value if self.reason else None,
            "rule_id": self.rule_id,
            "basis": self.basis.value,
            "evidence": [
                {
                    "kind": each.kind,
                    "id": str(each.id) if each.id else None,
                    "at": each.at.isoformat() if each.at else None,
                }
                for each in self.evidence
            ],
            "also": [reason.value for reason in self.also],
            "until": self.until.isoformat() if self.until else None,
            "since": self.since.isoformat() if self.since else None,
        }

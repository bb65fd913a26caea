"""The gate's answers as the API speaks them, each with its words (D-09)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from ritorno.consents import words
from ritorno.consents.rules import (
    Ask,
    Channel,
    Decision,
    Evidence,
    Family,
    LegalBasis,
    Passage,
    Purpose,
    Reason,
    ServiceKind,
    Verdict,
)
from ritorno.kit.schemas import Input, Instant, InstantIn, Schema

MAX_PEOPLE = 1000


class EvidenceRead(Schema):
    kind: str
    id: UUID | None
    label: str
    at: Instant | None

    @classmethod
    def all_of(cls, evidence: Iterable[Evidence], language: str, zone: str) -> list[Self]:
        return [
            cls(kind=each.kind, id=each.id, label=words.label_of(each, language, zone), at=each.at) for each in evidence
        ]


class PermissionCell(Schema):
    """One answer: may we, and if not, why not and what would change it."""

    channel: Channel | None
    recipient_id: UUID | None
    """The third party this answer is about, where it is about one (D-R1)."""
    verdict: Verdict
    family: Family
    reason: Reason | None
    rule_id: str
    basis: LegalBasis
    sentence: str
    remedy: str
    until: Instant | None
    evidence: list[EvidenceRead]
    also: list[Reason]

    @classmethod
    def of(cls, decision: Decision, ask: Ask, *, language: str, zone: str) -> Self:
        said = words.explain(decision, language=language, zone=zone, purpose=ask.purpose, channel=ask.channel)
        return cls(
            channel=ask.channel,
            recipient_id=ask.recipient,
            verdict=decision.verdict,
            family=decision.family,
            reason=decision.reason,
            rule_id=decision.rule_id,
            basis=decision.basis,
            sentence=said.sentence,
            remedy=said.remedy,
            until=decision.until,
            evidence=EvidenceRead.all_of(decision.evidence, language, zone),
            also=list(decision.also),
        )


class PermissionRow(Schema):
    purpose: Purpose
    cells: list[PermissionCell]


class PermissionMatrix(Schema):
    """The gate's answer for every purpose and channel, as of a moment."""

    at: Instant
    rows: list[PermissionRow]


class DecisionsAsk(Input):
    """The same question about many people."""

    customer_ids: list[UUID] = Field(min_length=1, max_length=MAX_PEOPLE)
    purpose: Purpose
    channel: Channel | None = None
    template_id: UUID | None = Field(default=None, description="Its class, group and promo lint go into the question.")
    similarity_group: str | None = Field(default=None, max_length=200)
    uses_purchases: bool = Field(default=False, description="The audience or the text used purchases (C-18).")
    service_kind: ServiceKind | None = Field(default=None, description="What a service message is about (D-S1…S9).")
    recipient_id: UUID | None = Field(default=None, description="The third party the data would go to (D-R1).")
    at: InstantIn | None = None


class ContactDecision(PermissionCell):
    customer_id: UUID
    decision: Verdict


class ContactDecisions(Schema):
    at: Instant
    items: list[ContactDecision]


class ExplanationAsk(Input):
    """One question about one person, at any moment."""

    customer_id: UUID
    purpose: Purpose
    channel: Channel | None = None
    template_id: UUID | None = Field(default=None, description="Its class, group and promo lint go into the question.")
    similarity_group: str | None = Field(default=None, max_length=200)
    uses_purchases: bool = Field(default=False, description="The audience or the text used purchases (C-18).")
    service_kind: ServiceKind | None = Field(default=None, description="What a service message is about (D-S1…S9).")
    recipient_id: UUID | None = Field(default=None, description="The third party the data would go to (D-R1).")
    is_own_product: bool = Field(default=True, description="The goods are ours, not a third party's (D-E3).")
    is_urgent: bool = Field(default=False, description="A one-time code or the like: no quiet hours (G15).")
    to_heirs: bool = Field(default=False, description="Written to the heirs of somebody deceased (G3).")
    at: InstantIn | None = None


class GateStepRead(Schema):
    """What one gate found, in the order in which they are passed (D-02)."""

    gate: str = Field(examples=["G10"])
    title: str
    passage: Passage
    rule_id: str
    reason: Reason | None
    basis: LegalBasis
    sentence: str
    remedy: str
    until: Instant | None
    evidence: list[EvidenceRead]


class GateExplanation(Schema):
    """The gate's answer with every step that led to it."""

    at: Instant
    purpose: Purpose
    """As the gate takes it: a survey sent as a service is market research (D-S7)."""
    country: str
    """Whose rules were joined with those of the business: the recipient's (D-03)."""
    decision: PermissionCell
    steps: list[GateStepRead]


def cells(asks: Iterable[Ask], decisions: Iterable[Decision], *, language: str, zone: str) -> list[PermissionCell]:
    """Return the answers to a row of questions."""
    return [
        PermissionCell.of(decision, ask, language=language, zone=zone)
        for ask, decision in zip(asks, decisions, strict=True)
    ]


def matrix(
    rows: Iterable[tuple[Purpose, list[Ask], list[Decision]]], *, at: datetime, language: str, zone: str
) -> PermissionMatrix:
    """Return all the rows with their words."""
    return PermissionMatrix(
        at=at,
        rows=[
            PermissionRow(purpose=purpose, cells=cells(asks, decisions, language=language, zone=zone))
            for purpose, asks, decisions in rows
        ],
    )

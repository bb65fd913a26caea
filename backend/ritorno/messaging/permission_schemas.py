"""The gate's answers as the API speaks them, each with its words (D-09)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from ritorno.consents import words
from ritorno.consents.rules import Ask, Channel, Decision, Family, LegalBasis, Purpose, Reason, Verdict
from ritorno.kit.schemas import Input, Instant, InstantIn, Schema

MAX_PEOPLE = 1000


class EvidenceRead(Schema):
    kind: str
    id: UUID | None
    label: str
    at: Instant | None


class PermissionCell(Schema):
    """One answer: may we, and if not, why not and what would change it."""

    channel: Channel | None
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
            verdict=decision.verdict,
            family=decision.family,
            reason=decision.reason,
            rule_id=decision.rule_id,
            basis=decision.basis,
            sentence=said.sentence,
            remedy=said.remedy,
            until=decision.until,
            evidence=[
                EvidenceRead(kind=each.kind, id=each.id, label=words.label_of(each, language, zone), at=each.at)
                for each in decision.evidence
            ],
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
    at: InstantIn | None = None


class ContactDecision(PermissionCell):
    customer_id: UUID
    decision: Verdict


class ContactDecisions(Schema):
    at: Instant
    items: list[ContactDecision]


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

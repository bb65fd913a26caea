"""Tables of consent. The database itself refuses to change the ledger; `consent_states` is its projection.

Ledger rows hold ids, never a name or a contact value, so an erased card leaves them whole (DESIGN §2).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.consents.rules import (
    Action,
    AssessmentKind,
    Channel,
    LegalBasis,
    Method,
    Party,
    Purpose,
    Standing,
    SuppressionReason,
    SuppressionScope,
)
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7

EVERY_CHANNEL = ""
"""The channel of a state that holds for all channels; a primary key cannot hold a null."""


class Notice(Base):
    """A text shown to people before they choose, under a code that integrations use (C-20)."""

    __tablename__ = "notices"
    __table_args__ = (one_of("purpose", Purpose),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    purpose: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class NoticeVersion(Base):
    """The exact words of one version in one language; they never change, because a consent points at their hash."""

    __tablename__ = "notice_versions"
    __table_args__ = (UniqueConstraint("notice_id", "version", "language"), Index(None, "text_sha256"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    version: Mapped[int] = mapped_column(Integer)
    language: Mapped[str]
    text: Mapped[str]
    text_sha256: Mapped[str]
    offers_opt_out: Mapped[bool]
    """It says that one may refuse at once and at any time, which soft opt-in needs (C-06)."""
    effective_from: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class NoticeDelivery(Base):
    """That a person was informed, with which text and when (C-20)."""

    __tablename__ = "notice_deliveries"
    __table_args__ = (one_of("method", Method),)

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    notice_version_id: Mapped[UUID] = mapped_column(ForeignKey("notice_versions.id"), primary_key=True)
    delivered_at: Mapped[datetime]
    method: Mapped[str]


class ConsentEvent(Base):
    """One entry of the ledger (C-08), chained to the one before it of the same person."""

    __tablename__ = "consent_events"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("channel", Channel),
        one_of("action", Action),
        one_of("legal_basis", LegalBasis),
        one_of("party", Party),
        one_of("method", Method),
        UniqueConstraint("customer_id", "seq"),
        CheckConstraint("seq > 0 and (seq = 1) = (prev_hash is null)", name="chain_begins_once"),
        Index("ix_consent_events_newest", "customer_id", text("occurred_at desc"), text("id desc")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID]
    """No foreign key: the proof outlives the card (C-24)."""
    seq: Mapped[int] = mapped_column(Integer)
    contact_point_id: Mapped[UUID | None]
    purpose: Mapped[str]
    channel: Mapped[str | None]
    action: Mapped[str]
    legal_basis: Mapped[str]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    zone: Mapped[str]
    """Where the instant was a local time, such as Europe/Rome."""
    party: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    method: Mapped[str]
    notice_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("notice_versions.id"))
    text_sha256: Mapped[str | None]
    locale: Mapped[str | None]
    source: Mapped[str | None]
    ip: Mapped[str | None]
    user_agent: Mapped[str | None]
    evidence: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    is_proven: Mapped[bool]
    prev_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class ConsentState(Base):
    """Where each purpose on each channel stands: a projection that can always be rebuilt from the ledger (C-10)."""

    __tablename__ = "consent_states"
    __table_args__ = (one_of("purpose", Purpose), one_of("standing", Standing), one_of("method", Method))

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    standing: Mapped[str]
    since: Mapped[datetime]
    event_id: Mapped[UUID]
    method: Mapped[str]
    party: Mapped[str]
    contact_point_id: Mapped[UUID | None]


class Suppression(Base):
    """An address nobody may write to, kept as a keyed hash so that it survives the erasure of the card (C-25)."""

    __tablename__ = "suppressions"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("reason", SuppressionReason),
        one_of("scope", SuppressionScope),
        Index("uq_suppressions_standing", "hash", "reason", unique=True, postgresql_where=text("lifted_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    channel: Mapped[str]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    kid: Mapped[str]
    reason: Mapped[str]
    scope: Mapped[str]
    since: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class SoftOptin(Base):
    """An address given in the context of a sale, with the offer to refuse: the record art. 130(4) asks for (C-06)."""

    __tablename__ = "soft_optins"
    __table_args__ = (
        UniqueConstraint("customer_id", "contact_point_id", "order_source", "order_external_id"),
        CheckConstraint("offers_opt_out or opt_out_offered_at is null", name="offer_needs_text"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    contact_point_id: Mapped[UUID] = mapped_column(ForeignKey("contact_points.id", ondelete="CASCADE"))
    order_source: Mapped[str]
    order_external_id: Mapped[str]
    notice_version_id: Mapped[UUID] = mapped_column(ForeignKey("notice_versions.id"))
    offers_opt_out: Mapped[bool]
    opt_out_offered_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class AssessmentRecord(Base):
    """A signed and dated assessment; the newest one signed counts (D-P1, C-30)."""

    __tablename__ = "assessments"
    __table_args__ = (
        one_of("kind", AssessmentKind),
        CheckConstraint("(kind = 'RETENTION') = (months is not null)", name="months_of_retention"),
        Index(None, "kind", "signed_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    signed_on: Mapped[date]
    approver: Mapped[str]
    document_sha256: Mapped[str | None]
    months: Mapped[int | None] = mapped_column(SmallInteger)
    """How long purchases may be traced to a person; only an assessment of retention says so."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]

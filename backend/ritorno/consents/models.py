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
    EvidenceKind,
    FormMedium,
    LegalBasis,
    Method,
    Party,
    Purpose,
    ReplyKind,
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
    __table_args__ = (
        one_of("purpose", Purpose),
        CheckConstraint("recipient_id is null or purpose = 'THIRD_PARTY'", name="recipient_is_a_third_party"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    purpose: Mapped[str]
    recipient_id: Mapped[UUID | None]
    """The third party the text names (C-19); no foreign key, because recipients live above."""
    recipient_name: Mapped[str | None]
    merchandise: Mapped[str | None]
    """What the third party sells, as the text says it (C-05)."""
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
    recipient_id: Mapped[UUID | None]
    """The third party an entry about THIRD_PARTY names; a no without one covers them all (C-19)."""
    prev_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class ConsentCheckpoint(Base):
    """A signed link of a person's chain: the end a verification saw, or the link after which the chain may begin
    because what came before was dropped when its time was over (C-31).
    """

    __tablename__ = "consent_checkpoints"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_beginning: Mapped[bool] = mapped_column(primary_key=True, default=False, server_default="false")
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    kid: Mapped[str]
    made_at: Mapped[datetime]


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


class RecipientState(Base):
    """Where the consent to each third party stands: the projection of the entries that name one, or all (C-19)."""

    __tablename__ = "recipient_states"
    __table_args__ = (
        one_of("standing", Standing),
        one_of("method", Method),
        one_of("party", Party),
        Index(None, "recipient_id", "standing"),
    )

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient_id: Mapped[UUID] = mapped_column(primary_key=True)
    standing: Mapped[str]
    since: Mapped[datetime]
    event_id: Mapped[UUID]
    method: Mapped[str]
    party: Mapped[str]


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
    until: Mapped[datetime | None]
    """When an address that only rests may be tried again (E-12)."""
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
    contact_point_id: Mapped[UUID]
    """No foreign key: the record is proof, and outlives the address (C-24)."""
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


class EvidenceFile(Base):
    """A scan or a signature we hold, by the hash of its bytes (C-13); erasing a card leaves it, as proof (C-24)."""

    __tablename__ = "evidence_files"
    __table_args__ = (one_of("kind", EvidenceKind),)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    kind: Mapped[str]
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ConsentForm(Base):
    """A sheet or a screen on which people choose, known by its code; what it says is in its versions."""

    __tablename__ = "consent_forms"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ConsentFormVersion(Base):
    """What a form says: a draft until it is published, and from then on never changed, by a trigger."""

    __tablename__ = "consent_form_versions"
    __table_args__ = (
        one_of("medium", FormMedium),
        UniqueConstraint("form_id", "version"),
        Index("uq_consent_form_versions_draft", "form_id", unique=True, postgresql_where=text("published_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    form_id: Mapped[UUID] = mapped_column(ForeignKey("consent_forms.id"))
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str]
    medium: Mapped[str]
    texts: Mapped[dict[str, Any]]
    """Language → title and introduction."""
    boxes: Mapped[list[Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]


class Reply(Base):
    """What a person answered to a message, word for word, and how it was understood (B-36)."""

    __tablename__ = "replies"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("kind", ReplyKind),
        Index(None, "customer_id", "received_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    channel: Mapped[str]
    text: Mapped[str]
    kind: Mapped[str]
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    recorded_by: Mapped[str]

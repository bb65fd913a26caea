"""Tables of accountability. Versions, events, acceptances and printed documents are append-only: the database refuses
to change them.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.accountability.rules import DocumentFormat, DocumentKind, Notification, ProcessingSide, Risk, TransferTool
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class ProcessingActivity(Base):
    """One row of the register (art. 30) in its present version; every text in Italian and English."""

    __tablename__ = "processing_activities"
    __table_args__ = (
        one_of("side", ProcessingSide),
        CheckConstraint("(side = 'PROCESSOR') = (client is not null)", name="processor_names_its_client"),
        CheckConstraint("ended_on is null or ended_on >= since", name="ends_after_it_began"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    side: Mapped[str]
    client: Mapped[str | None]
    """In whose name, when we only process."""
    purpose: Mapped[str | None]
    """A purpose of C-02; none for what runs beside them, such as the accounts of the staff."""
    channels: Mapped[list[Any]] = mapped_column(JSONB)
    legal_bases: Mapped[list[Any]] = mapped_column(JSONB)
    name: Mapped[dict[str, Any]]
    aim: Mapped[dict[str, Any]]
    people: Mapped[dict[str, Any]]
    data_categories: Mapped[dict[str, Any]]
    recipients: Mapped[dict[str, Any]]
    recipient_ids: Mapped[list[Any]] = mapped_column(JSONB)
    """The third parties by id: a recipient that stands in no row cannot be activated (C-34)."""
    transfers: Mapped[dict[str, Any]]
    retention: Mapped[dict[str, Any]]
    retention_periods: Mapped[dict[str, Any]]
    """Clock → ISO 8601 duration: a value that stands in no row cannot be put in force (C-34)."""
    security: Mapped[dict[str, Any]]
    since: Mapped[date]
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]


class ProcessingActivityVersion(Base):
    """A row of the register as it stood from a moment on."""

    __tablename__ = "processing_activity_versions"

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("processing_activities.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class Processor(Base):
    """Who processes for us, where, under which agreement, and through whom (art. 28, C-36)."""

    __tablename__ = "processors"
    __table_args__ = (
        one_of("transfer_tool", TransferTool),
        CheckConstraint("dpa_sha256 is null or dpa_signed_on is not null", name="agreement_has_its_day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(unique=True)
    service: Mapped[dict[str, Any]]
    country: Mapped[str]
    transfer_tool: Mapped[str]
    transfer_note: Mapped[str]
    """What the tool rests on, such as the name in the DPF list or the date of the clauses."""
    activities: Mapped[list[Any]] = mapped_column(JSONB)
    """Codes of the register's rows it serves."""
    dpa_signed_on: Mapped[date | None]
    dpa_sha256: Mapped[str | None]
    sub_processors: Mapped[list[Any]] = mapped_column(JSONB)
    since: Mapped[date]
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]


class TermsAcceptance(Base):
    """That somebody accepted, for the business, what the operator of this installation undertakes (C-01)."""

    __tablename__ = "terms_acceptances"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    version: Mapped[str]
    text_sha256: Mapped[str]
    accepted_on: Mapped[date]
    accepted_by: Mapped[str]
    document_sha256: Mapped[str | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class IncidentRecord(Base):
    """A personal data breach as it is known now (art. 33(5)); how it came to be known is in its events."""

    __tablename__ = "incidents"
    __table_args__ = (
        one_of("side", ProcessingSide),
        one_of("risk", Risk),
        one_of("decision", Notification),
        CheckConstraint("decision <> 'NOT_NOTIFY' or decision_reason <> ''", name="silence_has_a_reason"),
        Index(None, "became_aware_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    title: Mapped[str]
    side: Mapped[str]
    became_aware_at: Mapped[datetime]
    happened_at: Mapped[datetime | None]
    facts: Mapped[str]
    effects: Mapped[str]
    measures: Mapped[str]
    people_count: Mapped[int | None] = mapped_column(Integer)
    data_categories: Mapped[str]
    risk: Mapped[str | None]
    decision: Mapped[str]
    decision_reason: Mapped[str]
    notified_at: Mapped[datetime | None]
    people_told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=1)


class IncidentEvent(Base):
    """One thing that was written about an incident."""

    __tablename__ = "incident_events"

    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    actor_name: Mapped[str]
    changes: Mapped[dict[str, Any]]


class Document(Base):
    """One printed version; its file lies in `kit/storage.py` under its hash, and is never written over."""

    __tablename__ = "documents"
    __table_args__ = (
        one_of("kind", DocumentKind),
        one_of("format", DocumentFormat),
        UniqueConstraint("kind", "language", "format", "version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    language: Mapped[str]
    format: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    inputs_sha256: Mapped[str]
    """The digest of what it says, by which a second printing of the same is recognised."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]

"""Requests with their ledger of what was done, and the packs made for them.

A request outlives the card it is about: it shows that we answered, and in time (C-29).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.privacy.rules import (
    IdentityMethod,
    Outcome,
    PackKind,
    PackState,
    RequestChannel,
    RequestEventKind,
    RequestKind,
    RequestState,
)


class PrivacyRequest(Base):
    """One request of one person, from the day it reached us to the answer."""

    __tablename__ = "privacy_requests"
    __table_args__ = (
        one_of("kind", RequestKind),
        one_of("channel", RequestChannel),
        one_of("state", RequestState),
        one_of("identity_method", IdentityMethod),
        one_of("outcome", Outcome),
        CheckConstraint("(state = 'answered') = (outcome is not null)", name="answer_has_an_outcome"),
        CheckConstraint("outcome is null or outcome = 'GRANTED' or answer_reason is not null", name="no_has_a_reason"),
        CheckConstraint("(extended_on is null) = (extension_reason is null)", name="extension_has_a_reason"),
        CheckConstraint("paused_on is null or identified_at is null", name="pause_only_in_doubt"),
        Index("ix_privacy_requests_due", "due_on", "id"),
        Index("ix_privacy_requests_open", "due_on", postgresql_where=text("closed_at is null")),
        Index(None, "customer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    customer_id: Mapped[UUID | None]
    """The card they say is theirs, until `identified_at` is set; none for somebody unknown. No foreign key."""
    claimed_identity: Mapped[str | None]
    """Who they say they are and where an answer reaches them, where no card is named; as little as possible (C-22)."""
    channel: Mapped[str]
    received_on: Mapped[date]
    """The day it reached us, not the day it was typed."""
    wish: Mapped[str | None]
    """What they ask, in short, such as the value to correct."""
    evidence_sha256: Mapped[str | None]
    """The scan of the letter, in `kit.storage` under `evidence`."""
    state: Mapped[str] = mapped_column(default=RequestState.RECEIVED, server_default=RequestState.RECEIVED)
    due_on: Mapped[date]
    """By the clock as it stood at the last change; while it is paused, `rules.read_clock` tells the day."""
    paused_on: Mapped[date | None]
    pause_reason: Mapped[str | None]
    paused_days: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    extended_on: Mapped[date | None]
    extension_reason: Mapped[str | None]
    identity_method: Mapped[str | None]
    identified_at: Mapped[datetime | None]
    handler_id: Mapped[UUID | None]
    handler_name: Mapped[str | None]
    outcome: Mapped[str | None]
    answer_reason: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    received_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PrivacyRequestEvent(Base):
    """Who did what to a request and when; append-only, with codes and ids, never a person's words."""

    __tablename__ = "privacy_request_events"
    __table_args__ = (
        one_of("kind", RequestEventKind),
        Index(None, "request_id", "id"),
        Index("uq_privacy_request_events_message", "message_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_requests.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    message_id: Mapped[UUID | None]
    """The mail that was sent with it: a press on its link finds the request by this."""
    details: Mapped[dict[str, Any]]


class PrivacyPack(Base):
    """One ZIP with what is kept about one person; the row outlives the file (C-28)."""

    __tablename__ = "privacy_packs"
    __table_args__ = (
        one_of("kind", PackKind),
        one_of("state", PackState),
        CheckConstraint("(state = 'done') = (stored_name is not null)", name="done_has_a_file"),
        Index(None, "request_id"),
        Index(None, "customer_id"),
        Index("ix_privacy_packs_kept_until", "expires_at", postgresql_where=text("state = 'done'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_requests.id"))
    customer_id: Mapped[UUID]
    kind: Mapped[str]
    language: Mapped[str]
    copy_number: Mapped[int] = mapped_column(Integer)
    """1 is free for the person; a further copy may cost a reasonable fee (art. 15)."""
    state: Mapped[str] = mapped_column(default=PackState.WAITING, server_default=PackState.WAITING)
    run_id: Mapped[UUID | None]
    """The run that builds it; a worker that finds another's here steps back."""
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Section → how many rows: what the screen lists before it is sent."""
    size_bytes: Mapped[int | None]
    sha256: Mapped[str | None]
    stored_name: Mapped[str | None]
    failure: Mapped[str | None]
    requested_by: Mapped[UUID | None]
    requested_by_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    """When the link went to the stored address."""
    fetched_at: Mapped[datetime | None]

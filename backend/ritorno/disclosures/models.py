"""Tables of disclosures. What was given away is append-only, holds ids and the names of fields, never a value."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.disclosures.rules import NoticeCause, NoticeState
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class Recipient(Base):
    """A third party by name: to whom data may go once a notice and the register name it (C-05, C-19, C-34)."""

    __tablename__ = "recipients"
    __table_args__ = (CheckConstraint("ended_at is null or activated_at is not null", name="ends_after_it_began"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(unique=True)
    category: Mapped[str]
    """What it is, such as an insurer."""
    merchandise_category: Mapped[str]
    """What it would offer."""
    country: Mapped[str]
    privacy_contact: Mapped[str]
    """The mail address that is told of withdrawals and erasures."""
    stated_use: Mapped[str]
    activated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime]


class Handover(Base):
    """One file that was made for a recipient; its id is the run that wrote it, whose people it closes.

    People noted by a run that did not end in a handover were given to nobody.
    """

    __tablename__ = "handovers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipients.id"))
    export_id: Mapped[UUID] = mapped_column(unique=True)
    fields: Mapped[list[Any]] = mapped_column(JSONB)
    people_count: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class Disclosure(Base):
    """One person in one handover, and the yes it rested on."""

    __tablename__ = "disclosures"
    __table_args__ = (Index(None, "customer_id"),)

    handover_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    """No foreign key: whom a recipient must be told about outlives the card (art. 19)."""
    consent_event_id: Mapped[UUID | None]


class DisclosureNotice(Base):
    """Something a recipient must be told about a person; the person is named by the id that stood in the file."""

    __tablename__ = "disclosure_notices"
    __table_args__ = (
        one_of("cause", NoticeCause),
        one_of("state", NoticeState),
        CheckConstraint("(state = 'pending') = (settled_at is null)", name="settled_has_its_moment"),
        Index(
            "uq_disclosure_notices_pending",
            "recipient_id",
            "customer_id",
            "cause",
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
        Index(None, "customer_id"),
        Index(None, "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipients.id"))
    customer_id: Mapped[UUID]
    cause: Mapped[str]
    state: Mapped[str] = mapped_column(default=NoticeState.PENDING, server_default=NoticeState.PENDING)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]

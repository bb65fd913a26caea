"""Texts people sent us, and what the networks said of ours (M-05, M-10)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.consents.rules import ReplyKind
from ritorno.inbound.text_rules import Handling, ReceiptStatus
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class InboundText(Base):
    """One text that reached one of our numbers; the provider's own id makes it one row however often it is told."""

    __tablename__ = "inbound_texts"
    __table_args__ = (
        one_of("kind", ReplyKind),
        one_of("handled_as", Handling),
        CheckConstraint("(handled_at is null) = (handled_as is null)", name="handled_somehow"),
        Index("ix_inbound_texts_newest", text("received_at desc"), text("id desc")),
        Index(None, "customer_id"),
        Index(None, "from_number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    provider_id: Mapped[str] = mapped_column(unique=True)
    received_at: Mapped[datetime]
    from_number: Mapped[str]
    to_number: Mapped[str]
    text: Mapped[str]
    kind: Mapped[str]
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    """Who holds the number: of several, whoever was written to last; none where nobody is known by it."""
    message_id: Mapped[UUID | None]
    """The last text we sent to the number: what this one most likely answers."""
    reply_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    """The replies it became, one for each person who uses the number."""
    handled_at: Mapped[datetime | None]
    """Empty while a person has to read it."""
    handled_by: Mapped[str | None]
    handled_as: Mapped[str | None]


class TextReceipt(Base):
    """How far one of our texts came, as the network last told; it only ever moves forward (M-10)."""

    __tablename__ = "text_receipts"
    __table_args__ = (
        one_of("status", ReceiptStatus),
        Index(None, "changed_at", postgresql_where=text("applied_at is null")),
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    provider_id: Mapped[str | None]
    status: Mapped[str]
    code: Mapped[str | None]
    """The provider's number for what went wrong."""
    changed_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    """When the message itself was told: a receipt may overtake the worker that sent it."""

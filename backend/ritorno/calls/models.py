"""Tables of the telephone: who is being called now, and every call that was made.

`calls` is a ledger of codes and ids; the words of a call stand beside it, because they go with the person (C-24).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.calls.rules import CallOutcome, CallResult
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class OpenCall(Base):
    """A person whose number an operator sees: one each, for as long as the lease of the queue row lasts."""

    __tablename__ = "open_calls"
    __table_args__ = (UniqueConstraint("operator_id"),)

    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    operator_id: Mapped[UUID]
    started_at: Mapped[datetime]
    decision: Mapped[dict[str, Any]]
    """The yes of the gate at that moment."""
    rpo_checked_at: Mapped[datetime | None]


class Call(Base):
    """One call that was made, with the proof that it was allowed when it began; append-only."""

    __tablename__ = "calls"
    __table_args__ = (
        one_of("outcome", CallOutcome),
        one_of("result", CallResult),
        CheckConstraint("(outcome = 'REACHED') = (result is not null)", name="reached_has_a_result"),
        CheckConstraint("(outcome = 'CALL_BACK') = (callback_at is not null)", name="callback_has_its_moment"),
        Index(None, "customer_id"),
        Index(None, "message_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    message_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    operator_id: Mapped[UUID]
    operator_name: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    outcome: Mapped[str]
    result: Mapped[str | None]
    callback_at: Mapped[datetime | None]
    rpo_checked_at: Mapped[datetime | None]
    decision: Mapped[dict[str, Any]]


class CallNote(Base):
    """What staff wrote down of a call: what was booked, what to remember. It goes with the person."""

    __tablename__ = "call_notes"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    body: Mapped[str]

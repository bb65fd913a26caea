"""Tables of letters: a batch, the parts its pages are made in, its pieces. Which letters a batch holds is told by the
queue rows it claimed: a piece without its row goes nowhere.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.postal.rules import MAX_PIECES, BatchState, PieceState, ReturnReason, Window


class LetterBatch(Base):
    """Letters printed, enveloped and posted together."""

    __tablename__ = "letter_batches"
    __table_args__ = (
        one_of("state", BatchState),
        one_of("window_side", Window),
        CheckConstraint(f"size between 1 and {MAX_PIECES}", name="size_bounded"),
        CheckConstraint("(state = 'posted') = (posted_at is not null)", name="posted_says_when"),
        Index("ix_letter_batches_newest", text("created_at desc"), text("id desc")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    """Also the worker under whose name it claims its messages."""
    state: Mapped[str] = mapped_column(default=BatchState.PREPARING)
    touch_id: Mapped[UUID | None]
    message_id: Mapped[UUID | None]
    """Only this one letter, where it is a batch of one."""
    is_single: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Only letters to one person, of no campaign and no recall."""
    size: Mapped[int] = mapped_column(Integer)
    """How many pieces it takes at most."""
    window_side: Mapped[str]
    is_duplex: Mapped[bool]
    left_out: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Reason code → letters that were asked about and did not come in."""
    currency: Mapped[str]
    job_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str]
    prepared_at: Mapped[datetime | None]
    printed_at: Mapped[datetime | None]
    """When its pages were first fetched: from then on a piece that drops out is taken from the pile by hand."""
    posted_at: Mapped[datetime | None]
    posted_by: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    files_forgotten_at: Mapped[datetime | None]


class LetterPart(Base):
    """Some pieces of a batch whose pages are made together, so that memory does not grow with the batch and one piece
    that drops out costs one part.
    """

    __tablename__ = "letter_parts"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("letter_batches.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    pdf_sha256: Mapped[str | None]
    """None while its pages are still to be made, and once they are thrown away."""
    is_stale: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Somebody on its pages has dropped out."""


class LetterPiece(Base):
    """One letter in its envelope."""

    __tablename__ = "letter_pieces"
    __table_args__ = (
        one_of("state", PieceState),
        one_of("return_reason", ReturnReason),
        CheckConstraint("(state = 'dropped') = (reason is not null)", name="dropped_has_a_reason"),
        CheckConstraint("(state = 'returned') = (return_reason is not null)", name="returned_has_a_reason"),
        UniqueConstraint("batch_id", "number"),
        UniqueConstraint("code"),
        Index("uq_letter_pieces_live", "message_id", unique=True, postgresql_where=text("state <> 'dropped'")),
        Index(None, "customer_id"),
        Index("ix_letter_pieces_household", "touch_id", "household", postgresql_where=text("household is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("letter_batches.id", ondelete="CASCADE"))
    part: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    code: Mapped[str]
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    touch_id: Mapped[UUID | None]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    language: Mapped[str]
    recipient: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Name and address as they are printed; forgotten a month after posting."""
    household: Mapped[bytes | None]
    """A keyed digest of the letter box, where one copy for each is enough (D-11)."""
    pages: Mapped[int | None] = mapped_column(SmallInteger)
    cost_minor: Mapped[int]
    state: Mapped[str] = mapped_column(default=PieceState.READY)
    reason: Mapped[str | None]
    was_printed: Mapped[bool] = mapped_column(default=False, server_default="false")
    returned_at: Mapped[datetime | None]
    return_reason: Mapped[str | None]

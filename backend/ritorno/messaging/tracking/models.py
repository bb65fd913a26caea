"""Tables of measuring: where links lead, which messages are measured, and what happened to them.

No network address and no browser is kept; who a row is about is only known through its message.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.messaging.tracking.rules import EventKind


class MessageLink(Base):
    """One web address a text leads to: the only places a measured link can go (E-22)."""

    __tablename__ = "message_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["template_id", "version", "language"],
            ["template_texts.template_id", "template_texts.version", "template_texts.language"],
            ondelete="CASCADE",
        ),
    )

    template_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    link_index: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    url: Mapped[str]


class MeasuredMessage(Base):
    """A message that was written with a picture or with links that tell: how many could have answered."""

    __tablename__ = "measured_messages"

    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    opens: Mapped[bool]
    clicks: Mapped[bool]


class MessageEvent(Base):
    """One opening or click; rows are never changed, and go with their person or their message."""

    __tablename__ = "message_events"
    __table_args__ = (one_of("kind", EventKind), Index(None, "message_id", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    kind: Mapped[str]
    link_index: Mapped[int | None] = mapped_column(SmallInteger)
    at: Mapped[datetime]
    is_machine: Mapped[bool]

"""How many messages arrived, hour by hour: a small sum of what `messages` says, so that no screen has to read it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.kit.db import Base, one_of


class DeliveryHour(Base):
    """What became of the messages one stream handed to one receiver within an hour."""

    __tablename__ = "delivery_hours"
    __table_args__ = (one_of("channel", Channel), one_of("stream", TemplateClass))

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    stream: Mapped[str] = mapped_column(primary_key=True)
    receiver: Mapped[str] = mapped_column(primary_key=True)
    """A mail host that many share; empty for everybody else, so that the table stays small."""
    sent: Mapped[int] = mapped_column(Integer)
    """Taken in by the receiver, whatever came back later."""
    bounced: Mapped[int] = mapped_column(Integer)
    """Refused while it was handed over, because nobody is there."""
    refused: Mapped[int] = mapped_column(Integer)
    """Refused for good while the address is not to blame."""
    refused_by_policy: Mapped[int] = mapped_column(Integer)
    """Of those, because of what we are (5.7.x)."""
    deferred: Mapped[int] = mapped_column(Integer)
    """Messages that were put off at least once before they ended."""


class DoubtfulMessage(Base):
    """A message that nobody knows the end of, until somebody says it (E-15): found without reading the others."""

    __tablename__ = "doubtful_messages"

    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]


class DeliveryCount(Base):
    """Until when messages are summed: one row, locked by whoever counts, so that none is counted twice."""

    __tablename__ = "delivery_counts"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    counted_until: Mapped[datetime]

"""Tables of what comes back. The words of a mail are kept only while a person must look at them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.inbound.rules import HandledAs, MailKind, MailSource
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.messaging.refusals import Blame


class InboundMail(Base):
    """One mail that came in, by whichever way it came first."""

    __tablename__ = "inbound_mails"
    __table_args__ = (
        one_of("source", MailSource),
        one_of("kind", MailKind),
        one_of("blame", Blame),
        one_of("handled_as", HandledAs),
        CheckConstraint("(handled_at is null) = (handled_by is null)", name="handled_by_somebody"),
        CheckConstraint(
            "handled_at is null or (raw is null and sender is null and subject is null)", name="words_go_when_handled"
        ),
        UniqueConstraint("digest"),
        Index("ix_inbound_mails_newest", text("received_at desc"), text("id desc")),
        Index(None, "customer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    received_at: Mapped[datetime]
    source: Mapped[str]
    kind: Mapped[str]
    message_id: Mapped[UUID | None]
    """The message whose token it carried. No foreign key: messages are let go of earlier."""
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    receiver: Mapped[str | None]
    """The domain that bounced it."""
    blame: Mapped[str | None]
    """Of a bounce: whose fault it was (E-11)."""
    status_code: Mapped[str | None]
    diagnostic: Mapped[str] = mapped_column(default="")
    """What the server said, without addresses."""
    sender: Mapped[str | None]
    subject: Mapped[str | None]
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str | None]
    handled_as: Mapped[str | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary)

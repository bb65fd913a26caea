"""Files that were asked for: why, by whom, with what in them, and what became of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.consents.rules import Channel, Purpose
from ritorno.exports.rules import ExportFormat, ExportKind, ExportState, ExportUse
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class Export(Base):
    """One file. The row outlives it: what left, and why, stays known (S-16)."""

    __tablename__ = "exports"
    __table_args__ = (
        one_of("kind", ExportKind),
        one_of("format", ExportFormat),
        one_of("use", ExportUse),
        one_of("purpose", Purpose),
        one_of("channel", Channel),
        one_of("state", ExportState),
        CheckConstraint(
            "(use = 'CONTACT') = (purpose is not null and channel is not null)", name="contact_says_why_and_how"
        ),
        CheckConstraint("(state = 'done') = (stored_name is not null)", name="done_has_a_file"),
        CheckConstraint("(use = 'DISCLOSURE') = (recipient_id is not null)", name="disclosure_names_its_recipient"),
        Index(None, "created_at", "id"),
        Index("ix_exports_kept_until", "expires_at", postgresql_where=text("state = 'done'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    format: Mapped[str]
    filters: Mapped[dict[str, Any]]
    """Ids, codes and days, never a person."""
    columns: Mapped[list[Any]]
    use: Mapped[str]
    purpose: Mapped[str | None]
    channel: Mapped[str | None]
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("recipients.id"))
    reason: Mapped[str]
    """Why, in the words of whoever asked."""
    state: Mapped[str] = mapped_column(default=ExportState.WAITING, server_default=ExportState.WAITING)
    run_id: Mapped[UUID | None]
    """The run that writes the file; a worker that finds another's here steps back."""
    rows_total: Mapped[int | None]
    rows_written: Mapped[int] = mapped_column(default=0, server_default="0")
    left_out: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Reason code → rows that were not written."""
    size_bytes: Mapped[int | None]
    sha256: Mapped[str | None]
    stored_name: Mapped[str | None]
    failure: Mapped[str | None]
    job_id: Mapped[UUID | None]
    requested_by: Mapped[UUID | None]
    requested_by_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    downloaded_at: Mapped[datetime | None]

"""What the operator of the register answered: each file, and its answer for each of our addresses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.oppositions.rules import RegisterKind


class OppositionUpload(Base):
    """One answer of the operator. The file itself is not kept: its digest tells which one was read."""

    __tablename__ = "opposition_uploads"
    __table_args__ = (
        one_of("kind", RegisterKind),
        UniqueConstraint("sha256", "kind", "answered_at"),
        Index(None, "uploaded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    answered_at: Mapped[datetime]
    """The beginning of the day the operator answered on: from then on the answer ages."""
    file_name: Mapped[str]
    sha256: Mapped[str]
    rows_count: Mapped[int]
    numbers_count: Mapped[int]
    listed_count: Mapped[int]
    matched_count: Mapped[int]
    """Contact points of ours the answer speaks of."""
    refused_count: Mapped[int]
    refused: Mapped[list[Any]]
    """The first rows that could not be read: their place and why, never what they say."""
    revoked_count: Mapped[int]
    """Consents that a listing which has ended had revoked, now written into the ledger."""
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[UUID | None]
    uploaded_by_name: Mapped[str]


class OppositionCheck(Base):
    """What one answer says of one address of ours; the newest one not later than a moment holds for it."""

    __tablename__ = "opposition_checks"
    __table_args__ = (one_of("kind", RegisterKind), UniqueConstraint("contact_point_id", "checked_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    contact_point_id: Mapped[UUID] = mapped_column(ForeignKey("contact_points.id", ondelete="CASCADE"))
    kind: Mapped[str]
    checked_at: Mapped[datetime]
    first_listed_at: Mapped[datetime | None]
    """Since when the number has been listed without a break; null when it is not."""
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("opposition_uploads.id"))

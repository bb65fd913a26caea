"""Saved filters."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base
from ritorno.kit.ids import uuid7


class Segment(Base):
    """One saved filter; a removed one is kept, because campaigns and results still name it."""

    __tablename__ = "segments"
    __table_args__ = (Index(None, "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    tree: Mapped[dict[str, Any]]
    uses_purchases: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    last_count: Mapped[int | None]
    counted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

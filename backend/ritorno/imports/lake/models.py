"""What PostgreSQL knows of the lake: which archives are in it, and whose lines are whose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.imports.lake.rules import LoadState
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class LakeLoad(Base):
    """One archive whose lines are written; its files carry the id, so that it can be finished, or taken out again."""

    __tablename__ = "lake_loads"
    __table_args__ = (one_of("state", LoadState), UniqueConstraint("sha256", "dataset"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dataset: Mapped[str]
    source: Mapped[str]
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    state: Mapped[str]
    first_month: Mapped[str | None]
    last_month: Mapped[str | None]
    counts: Mapped[dict[str, Any]]
    """The numbers of `archive.LoadedArchive`."""
    loaded_by: Mapped[str]
    loaded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LakePseudonym(Base):
    """The only link between lines of the lake and a person; somebody merged has several."""

    __tablename__ = "lake_pseudonyms"
    __table_args__ = (Index(None, "customer_id"),)

    pseudonym: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """64 random bits, made of nothing we know."""
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))

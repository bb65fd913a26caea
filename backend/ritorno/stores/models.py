"""The business (one row) and its points of sale."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.stores.rules import Sector


class Business(Base):
    """Who writes: name, address and rights contact stand on every marketing item (RULES D-06)."""

    __tablename__ = "business"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), one_of("sector", Sector))

    id: Mapped[int] = mapped_column(primary_key=True, default=1, autoincrement=False)
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="IT")
    timezone: Mapped[str] = mapped_column(default="Europe/Rome")
    currency: Mapped[str] = mapped_column(default="EUR")
    language: Mapped[str] = mapped_column(default="it")
    sector: Mapped[str | None]
    """A trade whose contacts the law narrows further (G14); most shops have none."""
    is_invented: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class Store(Base):
    """A point of sale, known to tills by its code."""

    __tablename__ = "stores"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    city: Mapped[str | None]
    timezone: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

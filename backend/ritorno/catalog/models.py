"""Products and services, their categories and brands."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.catalog.rules import ProductKind
from ritorno.kit.db import Base, Sorted, one_of
from ritorno.kit.ids import uuid7


class Category(Base):
    """A kind of goods; `usual_interval_days` is the shop's own word on how often it is bought again."""

    __tablename__ = "categories"
    __table_args__ = (
        CheckConstraint("usual_interval_days between 1 and 3650", name="interval_sane"),
        Index(None, "name", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Sorted())
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    similarity_group: Mapped[str | None]
    usual_interval_days: Mapped[int | None]
    is_recallable: Mapped[bool] = mapped_column(default=True, server_default="true")
    """False for what is no decent reason to write: remedies, tobacco, coupons, fuel. It counts in totals, never in a
    recall.
    """
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Brand(Base):
    """Who makes it."""

    __tablename__ = "brands"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Product(Base):
    """What a line sells, known to tills by its sku. Goods of others (`is_own` false) never ride on soft opt-in
    (D-E3).
    """

    __tablename__ = "products"
    __table_args__ = (
        one_of("kind", ProductKind),
        CheckConstraint("usual_interval_days between 1 and 3650", name="interval_sane"),
        Index(None, "category_id", "name", "id"),
        Index(None, "name", "id"),
        Index("ix_products_own_group", "category_id", postgresql_where=text("similarity_group is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    sku: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Sorted())
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    brand_id: Mapped[UUID | None] = mapped_column(ForeignKey("brands.id"))
    kind: Mapped[str] = mapped_column(default=ProductKind.PRODUCT)
    is_own: Mapped[bool] = mapped_column(default=True)
    similarity_group: Mapped[str | None]
    usual_interval_days: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

"""Tables of purchases (DATABASE B, C). Lines carry copies of their transaction's customer and instant and of their
product's category and
brand, so that segments read one covering index; the copies have no foreign keys of their own, because their originals
do."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, Sorted, one_of
from ritorno.kit.ids import uuid7
from ritorno.transactions.rules import HoldKind, TransactionKind


class Transaction(Base):
    """One receipt or order, or one return; known by the key its source gave it."""

    __tablename__ = "transactions"
    __table_args__ = (
        one_of("kind", TransactionKind),
        CheckConstraint("kind = 'SALE' or total_minor <= 0", name="returns_are_negative"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        UniqueConstraint("source", "external_id"),
        Index(
            "ix_transactions_customer_newest",
            "customer_id",
            text("occurred_at desc"),
            text("id desc"),
            postgresql_include=["kind", "business_day", "total_minor"],
        ),
        Index(None, "store_id", "occurred_at", postgresql_include=["customer_id"]),
        Index(None, "original_id", postgresql_where=text("original_id is not null")),
        Index(
            "ix_transactions_original_awaited",
            "original_source",
            "original_external_id",
            postgresql_where=text("original_id is null and original_external_id is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    """Empty once it may be traced to nobody any more (C-30), or its person was erased (C-24)."""
    source: Mapped[str] = mapped_column(Sorted())
    external_id: Mapped[str] = mapped_column(Sorted())
    kind: Mapped[str]
    occurred_at: Mapped[datetime]
    business_day: Mapped[date]
    """The calendar day in the zone of the business: several receipts of one day are one visit."""
    store_id: Mapped[UUID | None] = mapped_column(ForeignKey("stores.id"))
    channel: Mapped[str | None]
    payment: Mapped[str | None]
    reason: Mapped[str | None]
    currency: Mapped[str]
    total_minor: Mapped[int]
    original_id: Mapped[UUID | None] = mapped_column(ForeignKey("transactions.id"))
    """The purchase a return gives back; linked later when the return came first."""
    original_source: Mapped[str | None] = mapped_column(Sorted())
    original_external_id: Mapped[str | None] = mapped_column(Sorted())
    content_hash: Mapped[int]
    """Digest of the payload: an unchanged repeat costs one comparison and reads no line."""
    source_updated_at: Mapped[datetime | None]
    source_version: Mapped[int | None]
    """With `source_updated_at`, what keeps an older event from overwriting a newer one (B-41)."""
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TransactionLine(Base):
    """One product on a receipt; returned goods have negative quantity and total."""

    __tablename__ = "transaction_lines"
    __table_args__ = (
        Index(None, "category_id", "occurred_at", postgresql_include=["customer_id", "transaction_id", "total_minor"]),
        Index(None, "product_id", "occurred_at", postgresql_include=["customer_id", "transaction_id", "total_minor"]),
    )

    transaction_id: Mapped[UUID] = mapped_column(ForeignKey("transactions.id", ondelete="CASCADE"), primary_key=True)
    line_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    customer_id: Mapped[UUID | None]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    category_id: Mapped[UUID | None]
    brand_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime]
    quantity_milli: Mapped[int]
    discount_minor: Mapped[int]
    total_minor: Mapped[int]


class RunningSums:
    """The columns both projections share: counts, money, and the sums of MODELS §1.2 over visit days (x = visit_days
    − 1 gaps).
    """

    purchases: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    returns: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    revenue_minor: Mapped[int] = mapped_column(default=0, server_default="0")
    first_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    visit_days: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    sl: Mapped[float] = mapped_column(default=0.0, server_default="0")
    sl2: Mapped[float] = mapped_column(default=0.0, server_default="0")


class Profile(RunningSums, Base):
    """What one customer bought so far."""

    __tablename__ = "profiles"
    __table_args__ = (Index(None, "last_day", "customer_id"), Index(None, "revenue_minor", "customer_id"))

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)


class CategoryProfile(RunningSums, Base):
    """What one customer bought so far in one category; no second index and no foreign keys, because every batch
    writes thousands of rows here.
    """

    __tablename__ = "category_profiles"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    category_id: Mapped[UUID] = mapped_column(primary_key=True)


class PastProfile(RunningSums, Base):
    """What one customer bought according to archives that live in the lake: the base of the profile, which the
    transactions are added to.
    """

    __tablename__ = "past_profiles"

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)


class PastCategoryProfile(RunningSums, Base):
    """The same in one category."""

    __tablename__ = "past_category_profiles"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    category_id: Mapped[UUID] = mapped_column(primary_key=True)


class PurchaseWindow(Base):
    """From which moments purchases count for whom, as the last night of retention left it (C-30); one row, or none
    before the first night.

    Every statement that profiles reads `profiled_since`: an older purchase is in no profile, segment or score.
    """

    __tablename__ = "purchase_window"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1, autoincrement=False)
    profiled_since: Mapped[datetime]
    settled_since: Mapped[datetime]
    """As `profiled_since`, once every profile was brought to it."""
    traced_since: Mapped[datetime]
    """An older purchase has no customer."""


class UnclaimedTransaction(Base):
    """A transaction whose customer is absent or not known yet; it counts nowhere until somebody is recognised in it."""

    __tablename__ = "unclaimed_transactions"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index(None, "reference_keys", postgresql_using="gin"),
        Index(None, "received_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    source: Mapped[str] = mapped_column(Sorted())
    external_id: Mapped[str] = mapped_column(Sorted())
    reference_keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Every way it names its customer, as `customers.rules.Reference.key`; empty when it names nobody."""
    occurred_at: Mapped[datetime]
    total_minor: Mapped[int]
    currency: Mapped[str]
    payload: Mapped[dict[str, Any]]
    """The body as it was sent, to be recorded like any other once claimed."""
    content_hash: Mapped[int]
    source_updated_at: Mapped[datetime | None]
    source_version: Mapped[int | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Hold(Base):
    """Receipts of a person that stay theirs, past every window and after an erasure: an invoice is due, a dispute or a
    warranty is open (B-51). Its note is of staff and goes when it ends on an erased card.
    """

    __tablename__ = "holds"
    __table_args__ = (
        one_of("kind", HoldKind),
        Index("ix_holds_standing", "customer_id", postgresql_where=text("lifted_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[str]
    until: Mapped[date | None]
    """The last day it locks; empty until it is lifted."""
    note: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]

"""Purchases as the API speaks of them. The bodies published here are read by `parsing.py`; a test compares the two."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, WrapValidator

from ritorno.customers.schemas import MAX_BATCH, ProblemBody
from ritorno.kit.money import MoneyRead, MoneyText
from ritorno.kit.schemas import Input, Instant, InstantIn, Schema
from ritorno.transactions.rules import TransactionKind

Key = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(max_length=300)]
Quantity = Annotated[str, Field(pattern=r"^-?\d{1,12}(\.\d{1,3})?$", examples=["1.250"])]
UnitPrice = Annotated[str, Field(pattern=r"^-?\d{1,14}(\.\d{1,4})?$", examples=["1.2345"])]


class LineWrite(Input):
    sku: Key
    name: Text | None = None
    category: Text | None = None
    brand: Text | None = None
    quantity: Quantity = "1"
    unit_price: UnitPrice | None = Field(default=None, description="Informs only; the total is authoritative.")
    discount: MoneyText | None = None
    total: MoneyText


class CustomerNamed(Input):
    """Any way of recognising the customer; with a name, an unknown one gets a card."""

    customer_id: UUID | None = None
    card: Key | None = None
    source: Key | None = None
    external_id: Key | None = None
    email: str | None = Field(default=None, max_length=1000)
    phone: str | None = Field(default=None, max_length=100)
    given_name: Text | None = None
    family_name: Text | None = None


class OriginalNamed(Input):
    """The purchase a return gives back."""

    source: Key
    external_id: Key


class TransactionWrite(Input):
    occurred_at: InstantIn
    lines: list[LineWrite] = Field(min_length=1, max_length=1000)
    customer: CustomerNamed | None = None
    store: Key | None = Field(default=None, description="The code of a store.")
    channel: Text | None = None
    payment: Text | None = None
    reason: Text | None = None
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    kind: TransactionKind | None = None
    original: OriginalNamed | None = None
    total: MoneyText | None = Field(default=None, description="Checked against the sum of the lines.")
    updated_at: InstantIn | None = Field(default=None, description="Older news never overwrites newer (B-41).")
    version: int | None = Field(default=None, ge=0, description="Counts like updated_at, and before it.")


class TransactionBatchRow(TransactionWrite):
    """One row of a batch: a transaction and the key its source knows it by."""

    source: Key
    external_id: Key


def _unparsed(value: Any, _handler: Any) -> Any:
    return value


Unparsed = WrapValidator(_unparsed)
"""Published with its schema, handed over as it came: `parsing.py` reads it."""


class TransactionBatch(Input):
    verbatim = frozenset({"items"})

    items: list[Annotated[TransactionBatchRow, Unparsed]] = Field(min_length=1, max_length=MAX_BATCH)


class TransactionWritten(Schema):
    status: Literal["created", "updated", "unchanged", "unclaimed"]
    id: UUID | None
    customer_id: UUID | None


class TransactionRowOutcome(Schema):
    """What became of one row of a batch."""

    index: int
    status: Literal["created", "updated", "unchanged", "unclaimed", "rejected"]
    id: UUID | None
    customer_id: UUID | None
    problem: ProblemBody | None


class TransactionBatchOutcome(Schema):
    items: list[TransactionRowOutcome]
    counts: dict[str, int]


class LineRead(Schema):
    line_no: int
    sku: str
    name: str
    category_name: str | None
    quantity: str
    discount: MoneyRead
    total: MoneyRead


class TransactionRead(Schema):
    id: UUID
    customer_id: UUID | None
    """Null once the receipt may be traced to nobody any more."""
    source: str
    external_id: str
    kind: TransactionKind
    occurred_at: Instant
    business_day: date
    store_name: str | None
    channel: str | None
    payment: str | None
    reason: str | None
    total: MoneyRead
    lines: list[LineRead]
    original_id: UUID | None


class UnclaimedRead(Schema):
    """A transaction nobody was recognised in; how it named its customer is told by kind only."""

    id: UUID
    source: str
    external_id: str
    occurred_at: Instant
    total: MoneyRead
    named_by: list[str]
    received_at: Instant

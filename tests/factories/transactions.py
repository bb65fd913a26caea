"""Purchases and returns, recorded as a till would, so that the profiles stay in step."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer
from ritorno.kit.actor import Actor
from ritorno.transactions import service
from ritorno.transactions.models import Transaction

_numbers = count(1)
TILL = Actor.system("tests")


def a_line(sku: str = "bread", total: str = "3.00", **more: Any) -> dict[str, Any]:
    """Return a line of a body; a sku's category is `<sku>s` unless told."""
    return {"sku": sku, "name": sku.title(), "category": f"{sku}s", "brand": "Own", "total": total} | more


def a_body(
    *lines: dict[str, Any], at: datetime | str = "2026-01-05T10:00:00+01:00", customer: Any = None, **more: Any
) -> dict[str, Any]:
    """Return the body of a transaction as a client sends it."""
    occurred_at = at if isinstance(at, str) else at.isoformat()
    body = {"occurred_at": occurred_at, "lines": list(lines) or [a_line()]} | more
    return body | ({"customer": customer} if customer else {})


async def make_transaction(
    session: AsyncSession,
    customer: Customer,
    *lines: dict[str, Any],
    at: datetime = datetime(2026, 1, 5, 10, tzinfo=UTC),
    source: str = "till",
    external_id: str | None = None,
    **more: Any,
) -> Transaction:
    """Record a purchase of a customer; `lines` are made by `a_line`."""
    body = a_body(*lines, at=at, customer={"customer_id": str(customer.id)}, **more)
    key = external_id or f"receipt-{next(_numbers)}"
    written = await service.put(session, source, key, body, actor=TILL)
    return await session.get_one(Transaction, written.id)

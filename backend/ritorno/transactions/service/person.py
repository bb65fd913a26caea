"""The rights of the person over their purchases: receipts are told line by line, and an erasure makes them nobody's.

What is held for a tax duty, a dispute or a warranty stays with the empty card until the hold ends (B-51).
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Category, Product
from ritorno.kit import clock, outbox
from ritorno.kit.db import driver
from ritorno.stores.models import Store
from ritorno.transactions import queries
from ritorno.transactions.models import (
    CategoryProfile,
    Hold,
    PastCategoryProfile,
    PastProfile,
    Profile,
    Transaction,
    TransactionLine,
)


async def export(session: AsyncSession, customer_id: UUID) -> dict[str, Any]:
    """Return what one person bought, line by line, what was counted from it, and why any of it is held."""
    receipts = await session.execute(
        select(Transaction, Store.name)
        .outerjoin(Store, Store.id == Transaction.store_id)
        .where(Transaction.customer_id == customer_id)
        .order_by(Transaction.occurred_at)
    )
    lines = await session.execute(
        select(TransactionLine, Transaction.source, Transaction.external_id, Product.name)
        .join(Transaction, Transaction.id == TransactionLine.transaction_id)
        .join(Product, Product.id == TransactionLine.product_id)
        .where(Transaction.customer_id == customer_id)
        .order_by(TransactionLine.occurred_at, TransactionLine.transaction_id, TransactionLine.line_no)
    )
    profile = await session.get(Profile, customer_id)
    by_category = await session.execute(
        select(CategoryProfile, Category.name)
        .outerjoin(Category, Category.id == CategoryProfile.category_id)
        .where(CategoryProfile.customer_id == customer_id)
        .order_by(Category.name)
    )
    holds = await session.scalars(select(Hold).where(Hold.customer_id == customer_id).order_by(Hold.created_at))
    return {
        "purchases": [
            {
                "receipt": each.external_id,
                "source": each.source,
                "kind": each.kind,
                "occurred_at": each.occurred_at.isoformat(),
                "store": store,
                "channel": each.channel,
                "payment": each.payment,
                "reason": each.reason,
                "total_minor": each.total_minor,
                "currency": each.currency,
            }
            for each, store in receipts
        ],
        "purchase_lines": [
            {
                "receipt": external_id,
                "source": source,
                "line": each.line_no,
                "product": product,
                "quantity": each.quantity_milli / 1000,
                "discount_minor": each.discount_minor,
                "total_minor": each.total_minor,
            }
            for each, source, external_id, product in lines
        ],
        "purchase_profile": [{"category": None} | _sums(profile)] * bool(profile)
        + [{"category": name} | _sums(each) for each, name in by_category],
        "holds": [
            {
                "kind": each.kind,
                "note": each.note,
                "since": each.created_at.isoformat(),
                "until": each.until.isoformat() if each.until else None,
                "lifted_at": each.lifted_at.isoformat() if each.lifted_at else None,
            }
            for each in holds
        ],
    }


def _sums(profile: Profile | CategoryProfile | None) -> dict[str, Any]:
    if profile is None:
        return {}
    return {
        "purchases": profile.purchases,
        "returns": profile.returns,
        "spent_minor": profile.revenue_minor,
        "first_visit": profile.first_day.isoformat() if profile.first_day else None,
        "last_visit": profile.last_day.isoformat() if profile.last_day else None,
        "days_with_a_visit": profile.visit_days,
    }


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Make receipts nobody's, those on hold excepted, and forget what was counted from them."""
    await _forget_references(session, customer_id)
    for model in (Profile, CategoryProfile, PastProfile, PastCategoryProfile):
        await session.execute(delete(model).where(model.customer_id == customer_id))
    held = await queries.standing_holds(session, [customer_id])
    await session.execute(
        update(Hold).where(Hold.customer_id == customer_id, Hold.id.not_in([hold.id for hold in held])).values(note="")
    )
    if not held:
        await detach(session, [customer_id])


_DETACH = """
    with gone as (
        update transactions set customer_id = null, reason = null
        where customer_id = any($1::uuid[]) returning id
    )
    update transaction_lines l set customer_id = null from gone where l.transaction_id = gone.id
"""


async def detach(session: AsyncSession, customer_ids: Collection[UUID]) -> None:
    """Take the customer off every receipt and line of these people; the words they gave as a reason go too."""
    await (await driver(session)).execute(_DETACH, list(customer_ids))


_FORGET_REFERENCES = """
    with named (key) as (
        select kind || ':' || case when kind = 'EXTERNAL' then source else '' end || ':' || value
        from identifiers where customer_id = $1
        union select kind || '::' || match_key from contact_points where customer_id = $1
        union select 'CUSTOMER_ID::' || $1::text
    )
    update unclaimed_transactions set reference_keys = '{}', payload = payload - 'customer' - 'reason'
    where reference_keys && (select array_agg(key) from named)
"""


async def _forget_references(session: AsyncSession, customer_id: UUID) -> None:
    """A receipt that waited for this person waits for nobody."""
    await (await driver(session)).execute(_FORGET_REFERENCES, customer_id)


async def lift_hold(session: AsyncSession, hold: Hold, *, by: str) -> None:
    """End a hold; on an erased card what it kept goes with the last one, its note at once."""
    if hold.lifted_at is not None:
        return
    hold.lifted_at, hold.lifted_by = clock.now(), by
    await session.flush()
    await outbox.publish(session, "hold.lifted", {"customer_ids": [str(hold.customer_id)]})

"""Reads of purchases: of one customer, one by one, and those nobody was recognised in."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Category, Product
from ritorno.customers.queries import get_customer
from ritorno.kit import clock
from ritorno.kit.money import MoneyRead
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.stores.models import Store
from ritorno.stores.queries import get_business
from ritorno.transactions.errors import TransactionNotFound
from ritorno.transactions.models import Hold, Transaction, TransactionLine, UnclaimedTransaction
from ritorno.transactions.schemas import LineRead, TransactionRead, UnclaimedRead

Read = TypeVar("Read")


async def get_transaction(session: AsyncSession, transaction_id: UUID) -> TransactionRead:
    transaction = await session.get(Transaction, transaction_id)
    if transaction is None:
        raise TransactionNotFound()
    return (await _read(session, [transaction]))[0]


async def list_transactions(session: AsyncSession, customer_id: UUID, query: PageQuery) -> Page[TransactionRead]:
    """Return a customer's purchases and returns with their lines, newest first."""
    await get_customer(session, customer_id)
    page = await paginate(
        session,
        select(Transaction).where(Transaction.customer_id == customer_id),
        key=[Transaction.occurred_at, Transaction.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )
    return _with_items(page, await _read(session, page.items))


async def list_unclaimed(session: AsyncSession, query: PageQuery) -> Page[UnclaimedRead]:
    """Return what waits for a customer, newest first; whom it names is told by kind, never by value."""
    page = await paginate(
        session,
        select(UnclaimedTransaction),
        key=[UnclaimedTransaction.received_at, UnclaimedTransaction.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )
    return _with_items(
        page,
        [
            UnclaimedRead(
                id=each.id,
                source=each.source,
                external_id=each.external_id,
                occurred_at=each.occurred_at,
                total=MoneyRead.of(each.total_minor, each.currency),
                named_by=sorted({key.partition(":")[0] for key in each.reference_keys}),
                received_at=each.received_at,
            )
            for each in page.items
        ],
    )


def _with_items(page: Page[Any], items: list[Read]) -> Page[Read]:
    return Page(
        items=items,
        next_cursor=page.next_cursor,
        prev_cursor=page.prev_cursor,
        total=page.total,
        total_is_capped=page.total_is_capped,
    )


async def _read(session: AsyncSession, transactions: Sequence[Transaction]) -> list[TransactionRead]:
    """Return transactions as the API shows them, the lines of all of them in one statement."""
    lines = await session.execute(
        select(TransactionLine, Product.sku, Product.name, Category.name)
        .join(Product, Product.id == TransactionLine.product_id)
        .outerjoin(Category, Category.id == TransactionLine.category_id)
        .where(TransactionLine.transaction_id.in_([each.id for each in transactions]))
        .order_by(TransactionLine.transaction_id, TransactionLine.line_no)
    )
    stores = await session.execute(
        select(Store.id, Store.name).where(Store.id.in_({each.store_id for each in transactions if each.store_id}))
    )
    store_names = {row.id: row.name for row in stores}
    currency_of = {each.id: each.currency for each in transactions}
    lines_of: defaultdict[UUID, list[LineRead]] = defaultdict(list)
    for line, sku, name, category_name in lines:
        currency = currency_of[line.transaction_id]
        lines_of[line.transaction_id].append(
            LineRead(
                line_no=line.line_no,
                sku=sku,
                name=name,
                category_name=category_name,
                quantity=f"{Decimal(line.quantity_milli).scaleb(-3).normalize():f}",
                discount=MoneyRead.of(line.discount_minor, currency),
                total=MoneyRead.of(line.total_minor, currency),
            )
        )
    return [
        TransactionRead(
            id=each.id,
            customer_id=each.customer_id,
            source=each.source,
            external_id=each.external_id,
            kind=each.kind,
            occurred_at=each.occurred_at,
            business_day=each.business_day,
            store_name=store_names[each.store_id] if each.store_id else None,
            channel=each.channel,
            payment=each.payment,
            reason=each.reason,
            total=MoneyRead.of(each.total_minor, each.currency),
            lines=lines_of[each.id],
            original_id=each.original_id,
        )
        for each in transactions
    ]


async def standing_holds(session: AsyncSession, customer_ids: Collection[UUID]) -> list[Hold]:
    """Return what locks the receipts of these people today (B-51)."""
    today = clock.today((await get_business(session)).timezone)
    statement = select(Hold).where(
        Hold.customer_id.in_(customer_ids), Hold.lifted_at.is_(None), or_(Hold.until.is_(None), Hold.until >= today)
    )
    return list(await session.scalars(statement.order_by(Hold.created_at)))

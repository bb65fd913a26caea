"""Purchases of the past, by the million: COPY in large units, then every profile in one pass."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.stores.queries import get_business
from ritorno.transactions.rules import TransactionKind
from ritorno.transactions.service import profiling, storing
from ritorno.transactions.service.storing import Connection, LineRow, TransactionRow

UNIT = 20_000

Product = tuple[UUID, UUID | None, UUID | None]


class PastLine(NamedTuple):
    """One product of a past purchase; its sku must be in the catalogue already."""

    sku: str
    quantity_milli: int
    discount_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class PastPurchase:
    """A purchase whose customer and store are known by id; a negative total makes it a return."""

    source: str
    external_id: str
    customer_id: UUID
    occurred_at: datetime
    lines: Sequence[PastLine]
    store_id: UUID | None = None
    channel: str | None = None
    payment: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class LoadedHistory:
    """What a load added; what was there already is `skipped`."""

    purchases: int = 0
    lines: int = 0
    skipped: int = 0


async def load_history(
    session: AsyncSession,
    purchases: Iterable[PastPurchase],
    *,
    on_progress: Callable[[int], None] | None = None,
) -> LoadedHistory:
    """Add past purchases to the caller's unit of work and bring the profiles of their customers up to date.

    Customers, stores and products must exist. A key already recorded is skipped, so a repeated load changes nothing.
    History
    publishes no event: it never triggers a message. `on_progress` hears how many purchases were read so far.
    """
    business = await get_business(session)
    connection = await driver(session)
    products = await _all_products(connection)
    house = _House(ZoneInfo(business.timezone), business.currency)
    is_first = not await connection.fetchval("select exists (select from profiles)")
    loaded = LoadedHistory()
    touched: set[UUID] = set()
    reading = iter(purchases)
    while unit := list(islice(reading, UNIT)):
        touched |= await _load_unit(connection, unit, products, house, loaded)
        if on_progress:
            on_progress(loaded.purchases + loaded.skipped)
    if is_first and touched:
        # The planner must know how much there is now, or it nests loops over everything.
        await connection.execute("analyze transactions, transaction_lines")
        await profiling.fill_profiles(connection)
    elif touched:
        await profiling.keep_in_step(connection, [], disturbed=touched)
    return loaded


class _House(NamedTuple):
    zone: ZoneInfo
    currency: str


async def _all_products(connection: Connection) -> dict[str, Product]:
    rows = await connection.fetch("select sku, id, category_id, brand_id from products")
    return {row["sku"]: (row["id"], row["category_id"], row["brand_id"]) for row in rows}


async def _load_unit(
    connection: Connection,
    unit: list[PastPurchase],
    products: dict[str, Product],
    house: _House,
    loaded: LoadedHistory,
) -> set[UUID]:
    known = await storing.find_known(connection, [(each.source, each.external_id) for each in unit])
    news = {(past.source, past.external_id): past for past in reversed(unit)}
    for key in known:
        del news[key]
    rows = [_row(past, house) for past in news.values()]
    await storing.insert(connection, rows, _lines(rows, news.values(), products))
    loaded.purchases += len(rows)
    loaded.lines += sum(len(past.lines) for past in news.values())
    loaded.skipped += len(unit) - len(rows)
    return {row.customer_id for row in rows}


def _lines(
    rows: Iterable[TransactionRow], pasts: Iterable[PastPurchase], products: dict[str, Product]
) -> Iterator[LineRow]:
    """Yield the lines as COPY takes them: keeping a million rows alive costs more than making them."""
    for row, past in zip(rows, pasts, strict=True):
        for number, (sku, quantity_milli, discount_minor, total_minor) in enumerate(past.lines, 1):
            product_id, category_id, brand_id = products[sku]
            yield (
                row.id,
                number,
                row.customer_id,
                product_id,
                category_id,
                brand_id,
                row.occurred_at,
                quantity_milli,
                discount_minor,
                total_minor,
            )


def _row(past: PastPurchase, house: _House) -> TransactionRow:
    total = sum(line.total_minor for line in past.lines)
    kind = TransactionKind.RETURN if total < 0 else TransactionKind.SALE
    digest = blake2b(f"{past.external_id}:{total}:{len(past.lines)}".encode(), digest_size=8).digest()
    return TransactionRow(
        uuid7(),
        past.customer_id,
        past.source,
        past.external_id,
        kind.value,
        past.occurred_at,
        past.occurred_at.astimezone(house.zone).date(),
        past.store_id,
        past.channel,
        past.payment,
        past.reason,
        house.currency,
        total,
        None,
        None,
        None,
        int.from_bytes(digest, "big", signed=True),
        None,
        None,
    )

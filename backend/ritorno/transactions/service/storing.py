"""The statements that put transactions and lines into their tables: COPY for new ones, set-based statements for
changed ones.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
LineRow: TypeAlias = tuple[UUID, int, UUID, UUID, UUID | None, UUID | None, datetime, int, int, int]


class TransactionRow(NamedTuple):
    """One row of `transactions`, in the order of its columns."""

    id: UUID
    customer_id: UUID
    source: str
    external_id: str
    kind: str
    occurred_at: datetime
    business_day: date
    store_id: UUID | None
    channel: str | None
    payment: str | None
    reason: str | None
    currency: str
    total_minor: int
    original_id: UUID | None
    original_source: str | None
    original_external_id: str | None
    content_hash: int
    source_updated_at: datetime | None
    source_version: int | None


LINE_COLUMNS = (
    "transaction_id",
    "line_no",
    "customer_id",
    "product_id",
    "category_id",
    "brand_id",
    "occurred_at",
    "quantity_milli",
    "discount_minor",
    "total_minor",
)

_TYPES = (
    "uuid",
    "uuid",
    "text",
    "text",
    "text",
    "timestamptz",
    "date",
    "uuid",
    "text",
    "text",
    "text",
    "text",
    "bigint",
    "uuid",
    "text",
    "text",
    "bigint",
    "timestamptz",
    "bigint",
)
_UPDATE = f"""
    update transactions t
    set {", ".join(f"{name} = n.{name}" for name in TransactionRow._fields[1:])}
    from unnest({", ".join(f"${place}::{kind}[]" for place, kind in enumerate(_TYPES, 1))})
        as n ({", ".join(TransactionRow._fields)})
    where t.id = n.id
"""


async def insert(connection: Connection, rows: Sequence[TransactionRow], lines: Iterable[LineRow]) -> None:
    """Add transactions nobody has seen before; a parallel twin makes it fail whole."""
    if rows:
        await connection.copy_records_to_table("transactions", records=rows, columns=TransactionRow._fields)
        await connection.copy_records_to_table("transaction_lines", records=lines, columns=LINE_COLUMNS)


async def replace(connection: Connection, rows: Sequence[TransactionRow], lines: Sequence[LineRow]) -> None:
    """Give known transactions their new values and their new lines."""
    if rows:
        await connection.execute(_UPDATE, *([row[place] for row in rows] for place in range(len(_TYPES))))
        ids = [row.id for row in rows]
        await connection.execute("delete from transaction_lines where transaction_id = any($1::uuid[])", ids)
        await connection.copy_records_to_table("transaction_lines", records=lines, columns=LINE_COLUMNS)


async def link_returns(connection: Connection, rows: Sequence[TransactionRow]) -> None:
    """Point returns that came before their purchase to it, now that it is here."""
    awaited = await connection.fetchval(
        """select exists (select from transactions where original_id is null and original_external_id is not null)"""
    )
    if awaited and rows:
        await connection.execute(
            """update transactions r set original_id = n.id
               from unnest($1::uuid[], $2::text[], $3::text[]) as n (id, source, external_id)
               where r.original_id is null
                 and r.original_source = n.source and r.original_external_id = n.external_id""",
            [row.id for row in rows],
            [row.source for row in rows],
            [row.external_id for row in rows],
        )


class Known(NamedTuple):
    """What is known already under a key: recorded, or waiting unclaimed."""

    id: UUID
    customer_id: UUID | None
    content_hash: int
    updated_at: datetime | None
    version: int | None
    is_recorded: bool = True
    """A receipt that is recorded and has no customer is nobody's for good: its window ended, or its person was
    erased.
    """

    @property
    def is_detached(self) -> bool:
        return self.is_recorded and self.customer_id is None


_KNOWN = """
    with wanted as (select * from unnest($1::text[], $2::text[]) as w (source, external_id))
    select t.source, t.external_id, t.id, t.customer_id, t.content_hash, t.source_updated_at, t.source_version,
           true
    from wanted w join transactions t on t.source = w.source and t.external_id = w.external_id
    union all
    select u.source, u.external_id, u.id, null, u.content_hash, u.source_updated_at, u.source_version, false
    from wanted w join unclaimed_transactions u on u.source = w.source and u.external_id = w.external_id
"""


async def find_known(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    rows = await connection.fetch(_KNOWN, [key[0] for key in keys], [key[1] for key in keys])
    return {(row[0], row[1]): Known(*row[2:]) for row in map(tuple, rows)}


async def lock_known(connection: Connection, ids: Sequence[UUID]) -> dict[tuple[str, str], Known]:
    """Return and lock recorded transactions about to change, in order of ids: whoever else changes them comes after."""
    if not ids:
        return {}
    rows = await connection.fetch(
        """select source, external_id, id, customer_id, content_hash, source_updated_at, source_version
           from transactions where id = any($1::uuid[]) order by id for no key update""",
        ids,
    )
    return {(row[0], row[1]): Known(*row[2:]) for row in map(tuple, rows)}


_WAIT = """
    insert into unclaimed_transactions as u
        (id, source, external_id, reference_keys, occurred_at, total_minor, currency, payload, content_hash,
         source_updated_at, source_version)
    select id, source, external_id, string_to_array(reference_keys, chr(31)), occurred_at, total_minor,
           currency, payload::jsonb, content_hash, source_updated_at, source_version
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[], $7::text[], $8::text[],
                $9::bigint[], $10::timestamptz[], $11::bigint[])
        as n (id, source, external_id, reference_keys, occurred_at, total_minor, currency, payload, content_hash,
              source_updated_at, source_version)
    order by source, external_id
    on conflict (source, external_id) do update set
        reference_keys = excluded.reference_keys, occurred_at = excluded.occurred_at,
        total_minor = excluded.total_minor, currency = excluded.currency, payload = excluded.payload,
        content_hash = excluded.content_hash, source_updated_at = excluded.source_updated_at,
        source_version = excluded.source_version
    where u.content_hash <> excluded.content_hash
"""
REFERENCE_SEPARATOR = chr(31)
"""Between the reference keys of one row: an array of arrays must be rectangular, so they travel as one text."""


async def keep_waiting(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep transactions nobody was recognised in, each once, as last stated."""
    if rows:
        await connection.execute(_WAIT, *([row[place] for row in rows] for place in range(11)))


async def stop_waiting(connection: Connection, ids: Sequence[UUID]) -> None:
    if ids:
        await connection.execute("delete from unclaimed_transactions where id = any($1::uuid[])", ids)

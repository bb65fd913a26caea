"""Shadows: temporary tables under the names of the real ones, on a connection of their own.

PostgreSQL looks for a name among temporary tables first. So the code that applies an import, run on such a connection,
writes into shadows and touches nothing real; what it could meet there is pulled in before each chunk.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from ritorno.customers.service.storing import Connection

_PEOPLE = ("identifiers", "contact_points", "customer_tags", "customer_interests", "customer_notes", "consent_events",
           "consent_states", "notice_deliveries")  # fmt: skip


async def cast_shadows(connection: Connection, tables: Sequence[str]) -> None:
    """Make empty shadows of the tables, with their keys and checks but no foreign keys, triggers or text indexes."""
    for table in tables:
        await connection.execute(f"create temporary table {table} (like public.{table} including all)")
        slow = await connection.fetch(
            """select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
               where i.indrelid = $1::text::regclass and a.amname = 'gin'""",
            f"pg_temp.{table}",
        )
        for row in slow:
            await connection.execute(f'drop index pg_temp."{row[0]}"')


async def pull_people(
    connection: Connection, find: Callable[[], Awaitable[Collection[UUID]]], tables: Sequence[str] = _PEOPLE
) -> None:
    """Copy real cards with all that hangs on them into the shadows; `find` looks at the real tables."""
    found = list(await among_real(connection, find))
    # Whoever was pulled before stays as the rehearsal has left them.
    news = await connection.fetch(
        "select id from unnest($1::uuid[]) as n (id) where not exists (select from customers c where c.id = n.id)",
        found,
    )
    ids = [row[0] for row in news]
    if not ids:
        return
    for table, key in (("customers", "id"), *((name, "customer_id") for name in tables)):
        await pull(connection, table, f"{key} = any($1::uuid[])", ids)


async def among_real(connection: Connection, find: Callable[[], Awaitable[Any]]) -> Any:
    """Run a read with the real tables in front of their shadows."""
    await connection.execute("set search_path = public, pg_temp")
    try:
        return await find()
    finally:
        await connection.execute("reset search_path")


async def pull(connection: Connection, table: str, where: str = "true", *values: Any) -> None:
    """Copy real rows into a shadow; rows that are there already stay as the rehearsal has left them."""
    columns = await connection.fetchval(
        """select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
           where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = ''""",
        f"public.{table}",
    )
    await connection.execute(
        f"""insert into pg_temp.{table} ({columns}) select {columns} from public.{table} where {where}
            on conflict do nothing""",
        *values,
    )

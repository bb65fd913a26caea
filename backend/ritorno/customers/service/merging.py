"""The card itself when it becomes part of another, and when it is separated again.

Every value that changes is seen by comparing both cards before and after, so whatever a merge does can be undone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.customers.models import ContactPoint, Customer, CustomerInterest, CustomerNote, CustomerTag, Identifier
from ritorno.customers.queries import living_of
from ritorno.customers.rules import ContactKind, fold_name
from ritorno.customers.service.storing import Connection
from ritorno.kit import clock, rehoming
from ritorno.kit.db import driver
from ritorno.kit.rehoming import Keys, Moved

Change = dict[str, Any]
"""One column that took another value: table, id, column, before, after."""

Snapshot = dict[tuple[str, str], dict[str, Any]]
"""(table, id) → the values of a row."""


async def lock_two(session: AsyncSession, one: UUID, other: UUID) -> dict[UUID, Customer]:
    """Return and lock two cards against everything, in the order of their ids: whoever adds a row to one waits."""
    statement = select(Customer).where(Customer.id.in_([one, other])).order_by(Customer.id).with_for_update()
    rows = await session.scalars(statement.execution_options(populate_existing=True))
    found = {customer.id: customer for customer in rows}
    if len(found) < 2:
        raise CustomerNotFound()
    return found


async def refuse_gone(session: AsyncSession, customers: Iterable[Customer]) -> None:
    """Refuse cards that were erased or are part of another."""
    for customer in customers:
        if customer.erased_at is not None:
            raise CustomerErased()
        if customer.merged_into_id is not None:
            raise CustomerMerged(merged_into=str((await living_of(session, [customer.id]))[customer.id]))


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

_PLAIN = (Identifier, CustomerTag, CustomerInterest, CustomerNote)


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Move what hangs on a merged card to the living one; what both have stays with each."""
    moved = await rehoming.rehome(session, _PLAIN, customer_id, into=into)
    moved[ContactPoint.__tablename__] = await _rehome_contact_points(await driver(session), customer_id, into)
    return moved


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Give a card that is separated again what it brought."""
    await rehoming.rehome_back(session, _PLAIN, customer_id, out_of=out_of, moved=moved)
    ids = [UUID(each["id"]) for each in moved.get(ContactPoint.__tablename__, ())]
    await (await driver(session)).execute(
        "update contact_points set customer_id = $2 where id = any($1::uuid[]) and customer_id = $3",
        ids,
        customer_id,
        out_of,
    )


# An address both cards have stays on the merged one and ends there; that it bounced or complained counts on the other.
_END_COMMON = """
    with common as (
        select mine.id as mine_id, theirs.id as theirs_id, mine.invalid_at, mine.hard_bounced_at, mine.complained_at
        from contact_points mine
        join contact_points theirs using (kind, match_key)
        where mine.customer_id = $1 and theirs.customer_id = $2 and mine.valid_to is null and theirs.valid_to is null
    ), marked as (
        update contact_points p set invalid_at = coalesce(p.invalid_at, common.invalid_at),
            hard_bounced_at = coalesce(p.hard_bounced_at, common.hard_bounced_at),
            complained_at = coalesce(p.complained_at, common.complained_at)
        from common where p.id = common.theirs_id
    )
    update contact_points p set valid_to = greatest($3, p.valid_from) from common where p.id = common.mine_id
    returning p.id
"""
_DEMOTE = """
    update contact_points mine set is_primary = false
    where mine.customer_id = $1 and mine.is_primary and mine.valid_to is null and exists (
        select from contact_points theirs
        where theirs.customer_id = $2 and theirs.kind = mine.kind and theirs.is_primary and theirs.valid_to is null)
"""


async def _rehome_contact_points(connection: Connection, customer_id: UUID, into: UUID) -> Keys:
    common = await connection.fetch(_END_COMMON, customer_id, into, clock.now())
    await connection.execute(_DEMOTE, customer_id, into)
    rows = await connection.fetch(
        "update contact_points set customer_id = $2 where customer_id = $1 and id <> all($3::uuid[]) returning id",
        customer_id,
        into,
        [row["id"] for row in common],
    )
    return [{"id": str(row["id"])} for row in rows]


_PREFER = """
    with wanted as (
        select kind, match_key from contact_points
        where customer_id = $2 and is_primary and valid_to is null and kind = any($3::text[])
    ), same as (
        select p.id from contact_points p join wanted using (kind, match_key)
        where p.customer_id = $1 and p.valid_to is null
    ), lowered as (
        update contact_points p set is_primary = false from wanted
        where p.customer_id = $1 and p.kind = wanted.kind and p.is_primary and p.valid_to is null
            and p.id not in (select id from same)
        returning 1
    )
    select id, (select count(*) from lowered) from same
"""


async def prefer_addresses(
    session: AsyncSession, customer_id: UUID, *, over: UUID, kinds: Collection[ContactKind]
) -> None:
    """Make the main addresses of one card the main ones of the other, which it is about to join."""
    if not kinds:
        return
    connection = await driver(session)
    same = await connection.fetch(_PREFER, over, customer_id, [kind.value for kind in kinds])
    await connection.execute(
        "update contact_points set is_primary = true where id = any($1::uuid[]) and not is_primary",
        [row["id"] for row in same],
    )


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def take_values(session: AsyncSession, customer: Customer, values: Mapping[str, Any]) -> None:
    """Give a card the values it keeps of two, and those that follow from them and from its addresses."""
    for column, value in values.items():
        setattr(customer, column, value)
    address = await session.scalar(
        select(ContactPoint.address).where(
            ContactPoint.customer_id == customer.id,
            ContactPoint.kind == ContactKind.POSTAL,
            ContactPoint.is_primary,
            ContactPoint.valid_to.is_(None),
        )
    )
    if address is not None:
        customer.city = address["city"]
    count_version(customer)
    await session.flush()


def count_version(customer: Customer) -> None:
    """Count a new version of a card whose names may have changed."""
    customer.search_name = fold_name(customer.family_name, customer.given_name)
    customer.search_given_name = fold_name(customer.given_name)
    customer.version += 1
    customer.updated_at = clock.now()


_DERIVED = ["customer_id", "merged_into_id", "search_name", "search_given_name", "birthday", "version", "updated_at"]
_ROWS = """
    select 'customers' as "table", id, (to_jsonb(c) - $2::text[])::text as "values"
    from customers c where id = any($1::uuid[])
    union all
    select 'contact_points', id, (to_jsonb(p) - $2::text[])::text
    from contact_points p where customer_id = any($1::uuid[])
"""


async def snapshot(session: AsyncSession, customer_ids: Sequence[UUID]) -> Snapshot:
    """Return the values of these cards and their contact points as they stand now."""
    rows = await (await driver(session)).fetch(_ROWS, customer_ids, _DERIVED)
    return {(row["table"], str(row["id"])): orjson.loads(row["values"]) for row in rows}


def changes_between(before: Snapshot, after: Snapshot) -> list[Change]:
    """Return every column that took another value."""
    return [
        {"table": table, "id": row_id, "column": column, "before": value, "after": after[table, row_id][column]}
        for (table, row_id), values in before.items()
        for column, value in values.items()
        if after[table, row_id][column] != value
    ]


_RESTORE = {
    "customers": "update customers t set {column} = r.{column} from {record} where t.id = $1",
    "contact_points": """
        update contact_points t set {column} = r.{column} from {record} where t.id = $1 and not exists (
            select from contact_points o where '{column}' = 'is_primary' and r.is_primary and o.is_primary
                and o.customer_id = t.customer_id and o.kind = t.kind and o.valid_to is null and o.id <> t.id)
        """,
}


async def restore(session: AsyncSession, changes: Sequence[Change], now: Snapshot) -> list[Change]:
    """Give columns their values of before, and return those left alone because they took yet another one since."""
    connection = await driver(session)
    kept: list[Change] = []
    # What makes room comes first: there is one main address of a kind.
    for change in sorted(changes, key=lambda each: each["before"] is True):
        table, column = change["table"], change["column"]
        present = now.get((table, change["id"]), {}).get(column)
        if present == change["before"]:
            continue
        statement = _RESTORE[table].format(column=column, record=f"jsonb_populate_record(null::{table}, $2::jsonb) r")
        value = orjson.dumps({column: change["before"]}).decode()
        if present != change["after"] or await connection.execute(statement, UUID(change["id"]), value) == "UPDATE 0":
            kept.append({"table": table, "id": change["id"], "column": column, "value": present})
    return kept


async def separate(session: AsyncSession, customer: Customer, *, at: datetime) -> None:
    """Make a merged card somebody again."""
    customer.merged_into_id = None
    customer.version += 1
    customer.updated_at = at
    await session.flush()

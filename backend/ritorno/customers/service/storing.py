"""The statements that put prepared cards into their tables: COPY for new rows, one UPDATE for all changed ones."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import asyncpg
import orjson

from ritorno.customers.preparing import Contact
from ritorno.customers.rules import SubjectType
from ritorno.kit.ids import uuid7

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

COLUMNS: dict[str, str] = {
    "subject_type": "text",
    "given_name": "text",
    "family_name": "text",
    "search_name": "text",
    "search_given_name": "text",
    "birth_on": "date",
    "is_minor_flagged": "boolean",
    "gender": "text",
    "language": "text",
    "acquisition_source": "text",
    "first_contact_on": "date",
    "spending_capacity": "text",
    "home_store_id": "uuid",
    "country": "text",
    "timezone": "text",
    "city": "text",
}
"""The columns a body may state, or that follow from it, with their types."""

DEFAULTS: dict[str, Any] = dict.fromkeys(COLUMNS) | {
    "subject_type": SubjectType.PERSON.value,
    "is_minor_flagged": False,
    "language": "it",
    "country": "IT",
}


class CardRow(NamedTuple):
    """One row of `customers` as it will be."""

    id: UUID
    columns: dict[str, Any]
    version: int
    at: datetime


async def insert_cards(connection: Connection, cards: Sequence[CardRow]) -> None:
    if cards:
        await connection.copy_records_to_table(
            "customers",
            records=[
                (card.id, *(card.columns[name] for name in COLUMNS), card.version, card.at, card.at) for card in cards
            ],
            columns=["id", *COLUMNS, "version", "created_at", "updated_at"],
        )


_TYPED = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(COLUMNS.values(), 4))
_UPDATE = f"""
    update customers c
    set {", ".join(f"{name} = n.{name}" for name in COLUMNS)}, version = n.version, updated_at = $3
    from unnest($1::uuid[], $2::int[], {_TYPED}) as n (id, version, {", ".join(COLUMNS)})
    where c.id = n.id
"""


async def update_cards(connection: Connection, cards: Sequence[CardRow]) -> None:
    if cards:
        await connection.execute(
            _UPDATE,
            [card.id for card in cards],
            [card.version for card in cards],
            cards[0].at,
            *([card.columns[name] for card in cards] for name in COLUMNS),
        )


async def insert_identifiers(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        await connection.copy_records_to_table(
            "identifiers",
            # Sorted by what is unique, so that two batches with common keys meet in the same order.
            records=sorted(rows, key=lambda row: row[2:5]),
            columns=["id", "customer_id", "kind", "source", "value", "content_hash", "valid_from"],
        )


async def set_hashes(connection: Connection, hashes: Sequence[tuple[UUID, int]]) -> None:
    if hashes:
        await connection.execute(
            """update identifiers i set content_hash = n.content_hash
               from unnest($1::uuid[], $2::bigint[]) as n (id, content_hash) where i.id = n.id""",
            [each[0] for each in hashes],
            [each[1] for each in hashes],
        )


async def end_contacts(connection: Connection, ids: Sequence[UUID], at: datetime) -> None:
    if ids:
        await connection.execute(
            "update contact_points set valid_to = greatest($2, valid_from) where id = any($1::uuid[])", ids, at
        )


async def demote_contacts(connection: Connection, owners: Sequence[tuple[UUID, str]]) -> None:
    """Make room for a new main address of a kind."""
    if owners:
        await connection.execute(
            """update contact_points p set is_primary = false
               from unnest($1::uuid[], $2::text[]) as n (customer_id, kind)
               where p.customer_id = n.customer_id and p.kind = n.kind and p.is_primary and p.valid_to is null""",
            [each[0] for each in owners],
            [each[1] for each in owners],
        )


CONTACT_COLUMNS = [
    "id",
    "customer_id",
    "kind",
    "value",
    "raw",
    "match_key",
    "is_mobile",
    "is_primary",
    "address",
    "source",
    "valid_from",
]


def contact_row(customer_id: UUID, contact: Contact, source: str, at: datetime, *, is_primary: bool) -> tuple[Any, ...]:
    """Return a row of `contact_points`; a new address begins unverified (C-23)."""
    return (
        uuid7(),
        customer_id,
        contact.kind.value,
        contact.value,
        contact.raw,
        contact.match_key,
        contact.is_mobile,
        is_primary,
        orjson.dumps(contact.address).decode() if contact.address else None,
        source,
        at,
    )


async def insert_contacts(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        await connection.copy_records_to_table("contact_points", records=rows, columns=CONTACT_COLUMNS)


_LABELS = {
    "customer_tags": ["customer_id", "tag"],
    "customer_interests": ["customer_id", "label", "source", "learnt_at"],
}


async def replace_labels(
    connection: Connection, table: str, customers: Collection[UUID], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Give the customers exactly these tags or interests; rows may be of others too, who had none."""
    if customers:
        await connection.execute(f"delete from {table} where customer_id = any($1::uuid[])", list(customers))
    labels = list(rows)
    if labels:
        await connection.copy_records_to_table(table, records=labels, columns=_LABELS[table])


async def remove_labels(
    connection: Connection, table: str, customer_id: UUID, labels: Collection[str]
) -> list[dict[str, Any]]:
    """Take tags or interests from a customer; return the rows as they were."""
    column = _LABELS[table][1]
    rows = await connection.fetch(
        f"""delete from {table} where customer_id = $1 and {column} = any($2::text[])
            returning to_jsonb({table}.*)::text""",
        customer_id,
        list(labels),
    )
    return [orjson.loads(row[0]) for row in rows]

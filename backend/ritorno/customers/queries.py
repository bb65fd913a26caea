"""Reads of the card: by id, by any way of recognising it, by name as it is typed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.errors import ContactPointNotFound, CustomerMerged, CustomerNotFound, NoteNotFound
from ritorno.customers.models import (
    ContactPoint,
    Customer,
    CustomerInterest,
    CustomerNote,
    CustomerTag,
    Identifier,
)
from ritorno.customers.normalising import display_phone
from ritorno.customers.rules import (
    ContactKind,
    Reference,
    ReferenceKind,
    Standing,
    age_band,
    full_name,
    suggest_email,
)
from ritorno.customers.schemas import ContactPointRead, CustomerRead, IdentifierRead
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.stores.queries import get_business


async def get_customer(session: AsyncSession, customer_id: UUID, *, lock: bool = False) -> Customer:
    """Return somebody's card; of one that became part of another the refusal names the card to go on with."""
    customer = await session.get(Customer, customer_id, with_for_update=lock, populate_existing=lock)
    if customer is None:
        raise CustomerNotFound()
    if customer.merged_into_id is not None:
        raise CustomerMerged(merged_into=str((await living_of(session, [customer_id]))[customer_id]))
    return customer


async def get_card(session: AsyncSession, customer_id: UUID) -> CustomerRead:
    """Return the whole card: the person, the current contact points, all identifiers, tags and interests."""
    customer = await get_customer(session, customer_id)
    business = await get_business(session)
    points = await session.scalars(
        select(ContactPoint)
        .where(ContactPoint.customer_id == customer_id, ContactPoint.valid_to.is_(None))
        .order_by(ContactPoint.kind, ContactPoint.is_primary.desc(), ContactPoint.id)
    )
    identifiers = await session.scalars(
        select(Identifier).where(Identifier.customer_id == customer_id).order_by(Identifier.id)
    )
    tags = await session.scalars(
        select(CustomerTag.tag).where(CustomerTag.customer_id == customer_id).order_by(CustomerTag.tag)
    )
    interests = await session.scalars(
        select(CustomerInterest.label)
        .where(CustomerInterest.customer_id == customer_id)
        .order_by(CustomerInterest.label)
    )
    own = {name: getattr(customer, name) for name in CustomerRead.model_fields if hasattr(customer, name)}
    return CustomerRead.model_validate(
        own
        | {
            "full_name": full_name(customer.given_name, customer.family_name),
            "age_band": age_band(customer.birth_on, clock.today(business.timezone)),
            "tags": list(tags),
            "interests": list(interests),
            "contact_points": [read_contact_point(point) for point in points],
            "identifiers": [IdentifierRead.model_validate(each) for each in identifiers],
        }
    )


def read_contact_point(point: ContactPoint) -> ContactPointRead:
    shown = display_phone(point.value) if point.kind == ContactKind.PHONE else point.value
    made = {"display": shown, "suggestion": suggest_email(point.value) if point.kind == ContactKind.EMAIL else None}
    own = {name: getattr(point, name) for name in ContactPointRead.model_fields if name not in made}
    return ContactPointRead.model_validate(own | made)


async def get_contact_point(
    session: AsyncSession, contact_point_id: UUID, *, customer_id: UUID | None = None
) -> ContactPoint:
    """Return a current contact point, of the given customer where one is given."""
    point = await session.get(ContactPoint, contact_point_id)
    if point is None or point.valid_to is not None or customer_id not in {None, point.customer_id}:
        raise ContactPointNotFound()
    return point


async def get_note(session: AsyncSession, customer_id: UUID, note_id: UUID) -> CustomerNote:
    note = await session.get(CustomerNote, note_id)
    if note is None or note.customer_id != customer_id:
        raise NoteNotFound()
    return note


async def list_notes(session: AsyncSession, customer_id: UUID, query: PageQuery) -> Page[CustomerNote]:
    await get_customer(session, customer_id)
    return await paginate(
        session,
        select(CustomerNote).where(CustomerNote.customer_id == customer_id),
        key=[CustomerNote.created_at, CustomerNote.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )


# ── recognising ───────────────────────────────────────────────────────────────────────────────────────────────────────


_RESOLVE = """
    with wanted as materialized (
        select kind, source, value, place from unnest($1::text[], $2::text[], $3::text[]) with ordinality as w (kind,
        source, value, place)
    ), found as (
        select w.place, i.customer_id from wanted w
        join identifiers i on i.kind = 'CARD' and i.source = 'card' and i.value = w.value
        where w.kind = 'CARD' and i.valid_to is null
        union all
        select w.place, i.customer_id from wanted w
        join identifiers i on i.kind = 'EXTERNAL' and i.source = w.source and i.value = w.value
        where w.kind = 'EXTERNAL' and i.valid_to is null
        union all
        select distinct w.place, p.customer_id from wanted w
        join contact_points p on p.kind = w.kind and p.match_key = w.value and p.valid_to is null
        where w.kind in ('EMAIL', 'PHONE')
        union all
        select w.place, w.value::uuid from wanted w where w.kind = 'CUSTOMER_ID'
    )
    select f.place, f.customer_id, c.merged_into_id is not null as is_merged
    from found f join customers c on c.id = f.customer_id and c.erased_at is null
"""


async def resolve_references(
    session: AsyncSession, references: Collection[Reference]
) -> dict[Reference, tuple[UUID, ...]]:
    """Return, in one statement, the customers each reference names: none when unknown, several when a family shares
    an address (B-15).
    """
    wanted = list(dict.fromkeys(references))
    if not wanted:
        return {}
    connection = await driver(session)
    rows = await connection.fetch(
        _RESOLVE,
        [each.kind.value for each in wanted],
        [each.source for each in wanted],
        [each.value for each in wanted],
    )
    living = await living_of(session, {row["customer_id"] for row in rows if row["is_merged"]})
    found: dict[Reference, tuple[UUID, ...]] = dict.fromkeys(wanted, ())
    for row in rows:
        reference = wanted[row["place"] - 1]
        customer_id = living.get(row["customer_id"], row["customer_id"])
        if customer_id not in found[reference]:
            found[reference] = (*found[reference], customer_id)
    return found


_LIVING = """
    with recursive up (id, at) as (
        select id, id from unnest($1::uuid[]) as id
        union all
        select up.id, c.merged_into_id from up join customers c on c.id = up.at where c.merged_into_id is not null
    )
    select up.id, up.at from up join customers c on c.id = up.at and c.merged_into_id is null
"""


async def living_of(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the card each of these is part of by now: itself, unless it was merged. Unknown ids are left out."""
    if not customer_ids:
        return {}
    rows = await (await driver(session)).fetch(_LIVING, list(customer_ids))
    return {row["id"]: row["at"] for row in rows}


class Member(NamedTuple):
    """One card of a person, and when it joined which other; the one asked about joined none."""

    id: UUID
    into: UUID | None
    merged_at: datetime | None


_GROUPS = """
    with recursive family (living_id, id, into_id, merged_at) as (
        select id, id, null::uuid, null::timestamptz from unnest($1::uuid[]) as id
        union all
        select f.living_id, m.loser_id, m.winner_id, m.merged_at from family f
        join merges m on m.winner_id = f.id and m.merged_at <= coalesce($2, m.merged_at)
            and (m.unmerged_at is null or m.unmerged_at > $2)
    )
    select living_id, id, into_id, merged_at from family
"""


async def groups_of(
    session: AsyncSession, customer_ids: Collection[UUID], *, at: datetime | None = None
) -> dict[UUID, list[Member]]:
    """Return all cards of each person, the one asked about first; with `at`, those it already had at that moment."""
    found: dict[UUID, list[Member]] = {customer_id: [] for customer_id in customer_ids}
    for row in await (await driver(session)).fetch(_GROUPS, list(found), at):
        found[row["living_id"]].append(Member(row["id"], row["into_id"], row["merged_at"]))
    return found


async def references_of(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[UUID, list[Reference]]:
    """Return every current way to recognise these customers."""
    connection = await driver(session)
    rows = await connection.fetch(
        """select customer_id, kind, source, value from identifiers
           where customer_id = any($1::uuid[]) and valid_to is null
           union all
           select customer_id, kind, '', match_key from contact_points
           where customer_id = any($1::uuid[]) and valid_to is null and kind in ('EMAIL', 'PHONE')""",
        list(customer_ids),
    )
    found: dict[UUID, list[Reference]] = {each: [] for each in customer_ids}
    for row in rows:
        kind = ReferenceKind(row["kind"])
        source = row["source"] if kind is ReferenceKind.EXTERNAL else ""
        found[row["customer_id"]].append(Reference(kind, source, row["value"]))
    return found


class Owner(NamedTuple):
    """Whose an identifier is."""

    id: UUID
    customer_id: UUID
    content_hash: int | None


async def owners_of(
    connection: "asyncpg.Connection[asyncpg.Record]", identifiers: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str, str], Owner]:
    """Return the owner of each (kind, source, value) that exists, ended ones included: a number is never given to
    somebody else.
    """
    if not identifiers:
        return {}
    rows = await connection.fetch(
        """select i.kind, i.source, i.value, i.id, i.customer_id, i.content_hash
           from unnest($1::text[], $2::text[], $3::text[]) as w (kind, source, value)
           join identifiers i on i.kind = w.kind and i.source = w.source and i.value = w.value""",
        *([each[place] for each in identifiers] for place in range(3)),
    )
    return {
        (row["kind"], row["source"], row["value"]): Owner(row["id"], row["customer_id"], row["content_hash"])
        for row in rows
    }


BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CardState:
    """A card as it stands, before somebody states something new."""

    id: UUID
    version: int
    erased: bool
    columns: dict[str, Any]
    contacts: list[tuple[str, Standing]] = field(default_factory=list)
    tags: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    has_fiscal_code: bool = False
    updated_at: datetime = BEGINNING
    merged_into_id: UUID | None = None


async def lock_cards(connection: "asyncpg.Connection[asyncpg.Record]", ids: Iterable[UUID]) -> dict[UUID, CardState]:
    """Return and lock the cards, always in the order of their ids, so that two batches never wait for each other."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await connection.fetch(
        "select * from customers where id = any($1::uuid[]) order by id for no key update", wanted
    )
    points = await connection.fetch(
        """select id, customer_id, kind, match_key, source, is_primary, valid_from from contact_points
           where customer_id = any($1::uuid[]) and valid_to is null""",
        wanted,
    )
    tags = await connection.fetch(
        "select customer_id, tag as label from customer_tags where customer_id = any($1::uuid[])", wanted
    )
    interests = await connection.fetch(
        "select customer_id, label from customer_interests where customer_id = any($1::uuid[])", wanted
    )
    coded = await connection.fetch(
        "select customer_id from identifiers where customer_id = any($1::uuid[]) and kind = 'FISCAL'", wanted
    )
    with_code = {each["customer_id"] for each in coded}
    contacts: defaultdict[UUID, list[tuple[str, Standing]]] = defaultdict(list)
    for point in points:
        standing = Standing(point["id"], point["match_key"], point["source"], point["is_primary"], point["valid_from"])
        contacts[point["customer_id"]].append((point["kind"], standing))
    labels: defaultdict[tuple[str, UUID], set[str]] = defaultdict(set)
    for kind, found in (("tag", tags), ("interest", interests)):
        for each in found:
            labels[kind, each["customer_id"]].add(each["label"])
    return {
        row["id"]: CardState(
            id=row["id"],
            version=row["version"],
            erased=row["erased_at"] is not None,
            columns={name: value for name, value in row.items() if name not in _NOT_STATED},
            contacts=contacts[row["id"]],
            tags=frozenset(labels["tag", row["id"]]),
            interests=frozenset(labels["interest", row["id"]]),
            has_fiscal_code=row["id"] in with_code,
            updated_at=row["updated_at"],
            merged_into_id=row["merged_into_id"],
        )
        for row in rows
    }


_NOT_STATED = {
    "id",
    "version",
    "birthday",
    "deceased_at",
    "restricted_at",
    "erased_at",
    "merged_into_id",
    "created_at",
    "updated_at",
}

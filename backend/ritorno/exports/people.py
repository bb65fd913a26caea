"""Rows about people: who is asked for, who may stand in the file, and what it says of them.

A file for contacting people asks the gate about each one at the moment its row is read; only a plain yes is written.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Ask, Channel, Purpose, Reason, decide
from ritorno.customers.models import Customer, CustomerTag
from ritorno.disclosures import service as disclosures
from ritorno.exports.reading import Batch, Cursor, Plan, Selection, instant
from ritorno.exports.rules import ExportKind, barred, shows_behaviour
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.messaging import permissions
from ritorno.scores.models import CustomerScore
from ritorno.segments import queries as segments
from ritorno.segments.fields import BY_KEY
from ritorno.segments.models import Segment
from ritorno.segments.schemas import read_tree

_FIELD_OF_FILTER = {"store_id": "store", "tag": "tag", "city": "city", "stage": "stage"}


async def read_customers(session: AsyncSession, plan: Plan, cursor: Cursor | None) -> Batch | None:
    """Read the customers the filter names; cards that may stand in no file are counted by reason."""
    statement = _chosen(plan).order_by(Customer.id).limit(plan.size)
    if cursor is not None:
        statement = statement.where(Customer.id > cursor[0])
    found = (await session.execute(statement)).all()
    if not found:
        return None
    batch = Batch([], (found[-1].id,))
    standing: list[UUID] = []
    for row in found:
        reason = barred(
            erased_at=row.erased_at,
            merged_into=row.merged_into_id,
            restricted_at=row.restricted_at,
            deceased_at=row.deceased_at,
        )
        if reason is None:
            standing.append(row.id)
        else:
            batch.left_out[reason] += 1
    uses_purchases = shows_behaviour(plan.kind, plan.columns) or any(
        BY_KEY[_FIELD_OF_FILTER[name]].needs_profiling for name in plan.filters.model_dump(exclude_none=True)
    )
    await _fill(session, plan, batch, standing, uses_purchases=uses_purchases)
    return batch


def _chosen(plan: Plan) -> Select[*tuple[Any, ...]]:
    wanted = plan.filters
    statement: Select[*tuple[Any, ...]] = select(
        Customer.id, Customer.erased_at, Customer.merged_into_id, Customer.restricted_at, Customer.deceased_at
    )
    if wanted.city is not None:
        statement = statement.where(Customer.city == wanted.city)
    if wanted.store_id is not None:
        statement = statement.where(Customer.home_store_id == wanted.store_id)
    if wanted.tag is not None:
        tagged = select(CustomerTag.customer_id).where(CustomerTag.tag == wanted.tag)
        statement = statement.where(Customer.id.in_(tagged))
    if wanted.stage is not None:
        statement = statement.join(CustomerScore, CustomerScore.customer_id == Customer.id)
        statement = statement.where(CustomerScore.stage == wanted.stage)
    return statement


async def read_members(session: AsyncSession, plan: Plan, cursor: Cursor | None) -> Batch | None:
    """Read the members of a segment; erased, deceased and restricted people are in none (C-26)."""
    segment = await _segment(session, plan)
    tree = read_tree(segment.tree)
    moment = await segments.moment_of(session, tree, clock.now())
    after = cursor[0] if cursor else None
    uses_purchases = segment.uses_purchases or shows_behaviour(plan.kind, plan.columns)
    async for found in segments.iter_members(session, tree, moment, after=after, size=plan.size):
        batch = Batch([], (found.last,))
        await _fill(session, plan, batch, found.members, uses_purchases=uses_purchases)
        return batch
    return None


async def count_people(session: AsyncSession, plan: Plan) -> int | None:
    """Return about how many people there will be to read, for the progress."""
    if plan.kind is ExportKind.MEMBERS:
        return (await _segment(session, plan)).last_count
    return await session.scalar(select(func.count()).select_from(_chosen(plan).subquery()))


async def _segment(session: AsyncSession, plan: Plan) -> Segment:
    assert plan.filters.segment_id is not None, "the schema asks for it"
    return await segments.get_segment(session, plan.filters.segment_id)


# ── the gate ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Allowed:
    """Who may stand in the file, each with the contact point the gate said yes to."""

    ids: list[UUID]
    points: list[UUID | None]


async def _fill(
    session: AsyncSession, plan: Plan, batch: Batch, people: Sequence[UUID], *, uses_purchases: bool
) -> None:
    """Write the rows of those who may stand in the file, and count the others."""
    if plan.recipient_id is not None:
        allowed = await _ask_for_third_party(session, plan, plan.recipient_id, people, batch.left_out)
    elif plan.purpose is None:
        allowed = _Allowed(list(people), [None] * len(people))
    else:
        # No similarity group: a file says nothing of what will be offered, so soft opt-in, which depends on it, is
        # no basis here (C-07).
        ask = Ask(plan.purpose, plan.channel, uses_purchases=uses_purchases)
        allowed = await _ask_gate(session, people, ask, batch.left_out, at=clock.now())
    if not allowed.ids:
        return
    selection = Selection.of(_CELLS, plan.columns)
    connection = await driver(session)
    records = await connection.fetch(_CARDS.format(cells=selection.sql), allowed.ids, allowed.points)
    batch.rows = [selection.cells(record.values(), plan.currency) for record in records]


async def _ask_gate(
    session: AsyncSession, people: Sequence[UUID], ask: Ask, left_out: Counter[str], *, at: datetime
) -> _Allowed:
    facts = await permissions.load_facts(session, people, at=at)
    allowed = _Allowed([], [])
    channel = Channel(ask.channel) if ask.channel else None
    for customer_id in people:
        known = facts[customer_id]
        decision = decide(known, ask, at)
        contact = known.contacts.get(channel) if channel else None
        if decision.is_allowed and contact is not None:
            allowed.ids.append(customer_id)
            allowed.points.append(contact.id)
        else:
            left_out[str(decision.reason or Reason.BAD_CONTACT_POINT)] += 1
    return allowed


async def _ask_for_third_party(
    session: AsyncSession, plan: Plan, recipient_id: UUID, people: Sequence[UUID], left_out: Counter[str]
) -> _Allowed:
    """Let through who said yes to this recipient, with an address nobody barred, and note each of them (C-19, D-R1)."""
    at = clock.now()
    facts = await permissions.load_facts(session, people, at=at)
    ask = Ask(Purpose.THIRD_PARTY, None, recipient=recipient_id)
    allowed = _Allowed([], [])
    noted: dict[UUID, UUID | None] = {}
    for customer_id in people:
        known = facts[customer_id]
        decision = decide(known, ask, at)
        contact = known.contacts.get(plan.channel) if plan.channel else None
        if not decision.is_allowed:
            left_out[str(decision.reason)] += 1
        elif contact is None or contact.invalid_at or contact.hard_bounced_at or contact.suppressions:
            left_out[str(Reason.BAD_CONTACT_POINT)] += 1
        else:
            allowed.ids.append(customer_id)
            allowed.points.append(contact.id)
            noted[customer_id] = next((each.id for each in decision.evidence if each.kind == "consent"), None)
    await disclosures.note_people(session, plan.run_id, noted)
    return allowed


# ── what is said of them ──────────────────────────────────────────────────────────────────────────────────────────────


_CELLS = {
    "id": "c.id::text",
    "external_ids": "k.external_ids",
    "cards": "k.cards",
    "given_name": "c.given_name",
    "family_name": "c.family_name",
    "birth_on": "c.birth_on::text",
    "gender": "c.gender",
    "language": "c.language",
    "email": "p.value",
    "phone": "p.value",
    "street": "p.address ->> 'street'",
    "postal_code": "p.address ->> 'postal_code'",
    "address_city": "p.address ->> 'city'",
    "province": "p.address ->> 'province'",
    "country": "p.address ->> 'country'",
    "city": "c.city",
    "store": "s.code",
    "tags": "(select array_agg(g.tag order by g.tag) from customer_tags g where g.customer_id = c.id)",
    "interests": "(select array_agg(i.label order by i.label) from customer_interests i where i.customer_id = c.id)",
    "first_contact_on": "c.first_contact_on::text",
    "created_at": instant("c.created_at"),
    "purchases": "coalesce(f.purchases, 0)",
    "revenue": "f.revenue_minor",
    "currency": "y.currency",
    "last_purchase_on": "f.last_day::text",
}

# Both lists of identifiers come from one read by customer: asked for by kind, a planner with old statistics would read
# every identifier of that kind for each person (measured: thirty times slower).
_CARDS = """
    select {cells}
    from unnest($1::uuid[], $2::uuid[]) with ordinality as w (id, point_id, place)
    join customers c on c.id = w.id
    cross join business y
    left join contact_points p on p.id = w.point_id
    left join stores s on s.id = c.home_store_id
    left join profiles f on f.customer_id = c.id
    left join lateral (
        select array_agg(i.value order by i.id) filter (where i.kind = 'CARD') as cards,
               array_agg(i.source || ':' || i.value order by i.id) filter (where i.kind = 'EXTERNAL') as external_ids
        from identifiers i where i.customer_id = c.id and i.valid_to is null
    ) k on true
    order by w.place
"""

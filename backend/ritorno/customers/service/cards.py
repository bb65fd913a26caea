"""The card as a whole: stated by natural key or by staff, tagged, restricted, marked as deceased."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers import queries
from ritorno.customers.errors import CustomerErased
from ritorno.customers.models import Customer, CustomerInterest, CustomerTag
from ritorno.customers.preparing import prepare, read_row
from ritorno.customers.rules import STAFF_SOURCE
from ritorno.customers.schemas import BatchOutcome, CustomerRead, CustomerWrite, CustomerWritten, RowOutcome
from ritorno.customers.service.writing import Incoming, Outcome, write
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.problems import Problem
from ritorno.stores.queries import get_business


async def put(
    session: AsyncSession, source: str, external_id: str, body: CustomerWrite, *, actor: Actor
) -> CustomerWritten:
    """State a card under the key its source knows it by; the same body again changes nothing."""
    business = await get_business(session)
    incoming = Incoming(prepare(body, business.country), key=(source, external_id))
    return _written((await write(session, [incoming], actor=actor))[0])


async def put_many(session: AsyncSession, bodies: Sequence[Any], *, actor: Actor) -> BatchOutcome:
    """State many cards; every row has its outcome, and a bad one spoils no other."""
    business = await get_business(session)
    incoming: list[Incoming] = []
    places: list[int] = []
    rows: dict[int, RowOutcome] = {}
    for index, body in enumerate(bodies):
        try:
            row = read_row(body)
            incoming.append(Incoming(prepare(row, business.country), key=(row.source, row.external_id)))
            places.append(index)
        except Problem as refusal:
            rows[index] = RowOutcome(index=index, status="rejected", id=None, problem=refusal.as_row())
    for index, outcome in zip(places, await write(session, incoming, actor=actor), strict=True):
        problem = outcome.problem.as_row() if outcome.problem else None
        rows[index] = RowOutcome(index=index, status=outcome.status, id=outcome.customer_id, problem=problem)
    counts = Counter[str](row.status for row in rows.values())
    return BatchOutcome(items=[rows[index] for index in range(len(bodies))], counts=dict(counts))


async def create(session: AsyncSession, body: CustomerWrite, *, actor: Actor) -> CustomerRead:
    """Make the card of somebody staff have in front of them."""
    business = await get_business(session)
    outcome = (await write(session, [Incoming(prepare(body, business.country))], actor=actor))[0]
    return await queries.get_card(session, _written(outcome).id)


async def change(session: AsyncSession, customer: Customer, body: CustomerWrite, *, actor: Actor) -> CustomerRead:
    """Change what the body states of a card: absent means unchanged, null clears."""
    business = await get_business(session)
    incoming = Incoming(prepare(body, customer.country or business.country), customer_id=customer.id)
    _written((await write(session, [incoming], actor=actor))[0])
    await session.refresh(customer)
    return await queries.get_card(session, customer.id)


def _written(outcome: Outcome) -> CustomerWritten:
    if outcome.problem:
        raise outcome.problem
    assert outcome.customer_id is not None
    assert outcome.status != "rejected"
    return CustomerWritten(status=outcome.status, id=outcome.customer_id)


async def touch(session: AsyncSession, customer_id: UUID, fields: list[str], *, actor: Actor) -> Customer:
    """Lock a card that is about to change, count its new version, and say who changed what."""
    customer = await queries.get_customer(session, customer_id, lock=True)
    if customer.erased_at is not None:
        raise CustomerErased()
    customer.version += 1
    customer.updated_at = clock.now()
    await activity.record(
        session, actor, "customer.changed", subject="customer", subject_id=customer.id, details={"fields": fields}
    )
    await outbox.publish(session, "customer.changed", {"customer_ids": [str(customer.id)]})
    return customer


async def add_tag(session: AsyncSession, customer_id: UUID, tag: str, *, actor: Actor) -> None:
    """Put a tag on a card; a tag already there changes nothing."""
    customer = await queries.get_customer(session, customer_id, lock=True)
    if await session.get(CustomerTag, (customer.id, tag)) is None:
        session.add(CustomerTag(customer_id=customer.id, tag=tag))
        await touch(session, customer.id, ["customer_tags"], actor=actor)


async def remove_tag(session: AsyncSession, customer_id: UUID, tag: str, *, actor: Actor) -> None:
    """Take a tag off a card; one that is not there changes nothing."""
    customer = await queries.get_customer(session, customer_id, lock=True)
    held = await session.get(CustomerTag, (customer.id, tag))
    if held is not None:
        await session.delete(held)
        await touch(session, customer.id, ["customer_tags"], actor=actor)


async def set_interests(
    session: AsyncSession, customer_id: UUID, labels: Sequence[str], *, actor: Actor
) -> CustomerRead:
    """Give the card exactly these interests; what stays keeps the day it was learnt."""
    await touch(session, customer_id, ["customer_interests"], actor=actor)
    await session.execute(
        delete(CustomerInterest).where(
            CustomerInterest.customer_id == customer_id, CustomerInterest.label.not_in(labels)
        )
    )
    if labels:
        rows = [
            {"customer_id": customer_id, "label": label, "source": STAFF_SOURCE, "learnt_at": clock.now()}
            for label in dict.fromkeys(labels)
        ]
        await session.execute(insert(CustomerInterest).values(rows).on_conflict_do_nothing())
    await session.flush()
    return await queries.get_card(session, customer_id)


async def restrict(session: AsyncSession, customer_id: UUID, *, actor: Actor) -> Customer:
    """Stop every use of a card but keeping it (C-26); a second time changes nothing."""
    customer = await queries.get_customer(session, customer_id, lock=True)
    if customer.restricted_at is None:
        await touch(session, customer_id, ["restricted_at"], actor=actor)
        customer.restricted_at = clock.now()
        await outbox.publish(session, "customer.restricted", {"customer_ids": [str(customer_id)]})
    return customer


async def lift_restriction(session: AsyncSession, customer_id: UUID, *, actor: Actor) -> Customer:
    """Let a restricted card be used again."""
    customer = await queries.get_customer(session, customer_id, lock=True)
    if customer.restricted_at is not None:
        await touch(session, customer_id, ["restricted_at"], actor=actor)
        customer.restricted_at = None
    return customer


async def decease(session: AsyncSession, customer_id: UUID, *, actor: Actor) -> Customer:
    """Mark a person as deceased, at once and for every channel (B-53); a second time changes nothing."""
    customer = await queries.get_customer(session, customer_id, lock=True)
    if customer.deceased_at is None:
        await touch(session, customer_id, ["deceased_at"], actor=actor)
        customer.deceased_at = clock.now()
        await outbox.publish(session, "customer.deceased", {"customer_ids": [str(customer_id)]})
    return customer


async def revive(session: AsyncSession, customer_id: UUID, *, actor: Actor) -> Customer:
    """Take back that a person died; what was stopped then stays stopped."""
    customer = await queries.get_customer(session, customer_id, lock=True)
    if customer.deceased_at is not None:
        await touch(session, customer_id, ["deceased_at"], actor=actor)
        customer.deceased_at = None
    return customer

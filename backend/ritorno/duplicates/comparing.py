"""Reads of two cards side by side."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import ContactPoint, Customer, CustomerTag, Identifier
from ritorno.customers.queries import read_contact_point
from ritorno.customers.rules import ContactKind, IdentifierKind, full_name
from ritorno.duplicates.rules import COLUMNS, CONTACTS, CardField, Side, kept_side
from ritorno.duplicates.schemas import ComparedCard, ComparedField
from ritorno.kit import clock
from ritorno.kit.money import MoneyRead
from ritorno.messaging.permission_matrix import matrix_of
from ritorno.messaging.permissions import load_facts
from ritorno.stores.models import Store
from ritorno.stores.queries import get_business
from ritorno.transactions.models import Profile


async def read_card(session: AsyncSession, customer_id: UUID, *, language: str) -> ComparedCard:
    """Return one card with what it bought and what the gate says of it."""
    business = await get_business(session)
    customer = await session.get_one(Customer, customer_id)
    profile = await session.get(Profile, customer_id, populate_existing=True)
    numbers = select(Identifier.value).where(
        Identifier.customer_id == customer_id, Identifier.kind == IdentifierKind.CARD, Identifier.valid_to.is_(None)
    )
    tags = select(CustomerTag.tag).where(CustomerTag.customer_id == customer_id)
    now = clock.now()
    facts = (await load_facts(session, [customer_id], at=now))[customer_id]
    return ComparedCard(
        id=customer.id,
        full_name=full_name(customer.given_name, customer.family_name),
        created_at=customer.created_at,
        cards=list(await session.scalars(numbers.order_by(Identifier.value))),
        tags=list(await session.scalars(tags.order_by(CustomerTag.tag))),
        contact_points=[read_contact_point(point) for point in await _points(session, customer_id)],
        visits=profile.visit_days if profile else 0,
        revenue=MoneyRead.of(profile.revenue_minor if profile else 0, business.currency),
        last_purchase_on=profile.last_day if profile else None,
        permissions=matrix_of(facts, at=now, language=language, zone=business.timezone),
    )


async def _points(session: AsyncSession, customer_id: UUID) -> list[ContactPoint]:
    current = select(ContactPoint).where(ContactPoint.customer_id == customer_id, ContactPoint.valid_to.is_(None))
    rows = await session.scalars(
        current.order_by(ContactPoint.kind, ContactPoint.is_primary.desc(), ContactPoint.id),
        execution_options={"populate_existing": True},
    )
    return list(rows)


async def compare(
    session: AsyncSession, winner: Customer, loser: Customer, choices: Mapping[CardField, Side]
) -> list[ComparedField]:
    """Return every field one can choose, with both values and the one that would stay."""
    mine, theirs = await _values(session, winner), await _values(session, loser)
    return [
        ComparedField(
            field=field,
            winner=mine[field],
            loser=theirs[field],
            kept=kept_side(field, mine[field], theirs[field], choices),
            differs=mine[field] != theirs[field],
        )
        for field in CardField
    ]


async def _values(session: AsyncSession, customer: Customer) -> dict[CardField, str | None]:
    """Return the values as texts; of the contacts, the main ones."""
    found = {field: _text(getattr(customer, column)) for field, column in COLUMNS.items()}
    if customer.home_store_id is not None:
        found[CardField.HOME_STORE] = (await session.get_one(Store, customer.home_store_id)).name
    main = {ContactKind(each.kind): each for each in await _points(session, customer.id) if each.is_primary}
    for field, kind in CONTACTS.items():
        point = main.get(ContactKind(kind))
        found[field] = read_contact_point(point).display if point else None
    return found


def _text(value: object) -> str | None:
    return None if value is None else str(value)

"""Customers and their addresses, straight into the tables."""

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import ContactPoint, Customer, Identifier
from ritorno.customers.rules import CARD_SOURCE, ContactKind, ContactLevel, IdentifierKind, fold_name

_numbers = count(1)


async def make_customer(
    session: AsyncSession,
    *,
    given_name: str | None = "Anna",
    family_name: str | None = "Rossi",
    email: str | None = None,
    phone: str | None = None,
    address: dict[str, str] | None = None,
    card: str | None = None,
    external: tuple[str, str] | None = None,
    level: ContactLevel = ContactLevel.CONFIRMED,
    **columns: Any,
) -> Customer:
    """Make a customer; addresses given are current, primary and at `level`."""
    customer = Customer(
        given_name=given_name,
        family_name=family_name,
        search_name=fold_name(family_name, given_name),
        search_given_name=fold_name(given_name),
        **({"city": address["city"]} if address else {}),
        **columns,
    )
    session.add(customer)
    await session.flush()
    for kind, value in ((ContactKind.EMAIL, email), (ContactKind.PHONE, phone)):
        if value:
            await make_contact_point(session, customer.id, kind=kind, value=value, level=level)
    if address:
        await make_contact_point(
            session,
            customer.id,
            kind=ContactKind.POSTAL,
            value=", ".join(address.values()),
            level=level,
            address=address,
        )
    if card:
        session.add(Identifier(customer_id=customer.id, kind=IdentifierKind.CARD, source=CARD_SOURCE, value=card))
    if external:
        source, value = external
        session.add(Identifier(customer_id=customer.id, kind=IdentifierKind.EXTERNAL, source=source, value=value))
    await session.flush()
    return customer


async def make_contact_point(
    session: AsyncSession, customer_id: UUID, *, kind: ContactKind, value: str | None = None, **columns: Any
) -> ContactPoint:
    """Make an address of a customer; a value is invented where none is given."""
    invented = {
        ContactKind.EMAIL: "person{}@shop.example",
        ContactKind.PHONE: "+393330{:06d}",
        ContactKind.POSTAL: "Via Roma {}, 40121 Bologna",
    }
    stated = value or invented[kind].format(next(_numbers))
    point = ContactPoint(
        customer_id=customer_id,
        kind=kind,
        value=stated,
        match_key=stated.casefold(),
        **{
            "is_mobile": True if kind is ContactKind.PHONE else None,
            "is_primary": True,
            "level": ContactLevel.CONFIRMED,
            "source": "tests",
            "valid_from": datetime(2024, 1, 1, tzinfo=UTC),
            "address": {"street": stated, "city": "Bologna"} if kind is ContactKind.POSTAL else None,
        }
        | columns,
    )
    session.add(point)
    await session.flush()
    return point

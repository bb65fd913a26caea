"""Finding a person while somebody types: by card, address or number exactly, by name from its first letters (DATABASE
F).

Every search is a range of a btree compared byte by byte, always ordered, so that it takes a moment whatever the number
of customers.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ritorno.customers.models import ContactPoint, Customer, Identifier
from ritorno.customers.normalising import Refused, normalise_card, normalise_email, normalise_phone
from ritorno.customers.queries import resolve_references
from ritorno.customers.rules import (
    CARD_SOURCE,
    ContactKind,
    IdentifierKind,
    Reference,
    ReferenceKind,
    fold_name,
    full_name,
)
from ritorno.customers.schemas import Found, Lookup
from ritorno.kit.problems import FieldError, Invalid

_LAST = "\U0010ffff"
"""Sorts after every text that begins the same way."""


async def look_up(session: AsyncSession, wanted: Lookup, *, country: str) -> list[Found]:
    """Return the people a lookup names: exactly one way of recognising them, best first."""
    given = [name for name in ("card", "email", "phone", "q") if getattr(wanted, name)]
    if len(given) != 1:
        raise Invalid("Send exactly one of card, email, phone and q.")
    if wanted.q:
        return await _search(session, wanted.q, wanted.limit)
    found = await resolve_references(session, [_exact(wanted, given[0], country)])
    ids = [customer_id for owners in found.values() for customer_id in owners][: wanted.limit]
    return await describe(session, ids)


def _exact(wanted: Lookup, path: str, country: str) -> Reference:
    try:
        if wanted.card:
            return Reference(ReferenceKind.CARD, "", normalise_card(wanted.card))
        if wanted.email:
            return Reference(ReferenceKind.EMAIL, "", normalise_email(wanted.email).match_key)
        return Reference(ReferenceKind.PHONE, "", normalise_phone(wanted.phone or "", country).e164)
    except Refused as refused:
        raise Invalid(errors=[FieldError(path, refused.code, str(refused))]) from refused


async def _search(session: AsyncSession, typed: str, limit: int) -> list[Found]:
    ids: list[UUID] = []
    for statement in _searches(typed):
        if len(ids) < limit:
            for customer_id in (await session.execute(statement.limit(limit))).scalars():
                if customer_id not in ids:
                    ids.append(customer_id)
    return await describe(session, ids[:limit])


def _searches(typed: str) -> Sequence[Select[UUID]]:
    """Return the searches worth making for what was typed, the likeliest first."""
    bare = "".join(mark for mark in typed if mark not in " .-/()")
    if bare.removeprefix("+").isdigit():
        return _by_number(bare.removeprefix("+"), international=bare.startswith("+"))
    if "@" in typed or any(mark.isdigit() for mark in typed):
        key = typed.strip().casefold()
        mail = and_(ContactPoint.kind == ContactKind.EMAIL, _starts(ContactPoint.match_key, key))
        return [_by_contact(mail, ContactPoint.match_key), _by_card(typed.strip())]
    words = fold_name(typed).split()
    return _by_name(words) if words else []


def _by_number(digits: str, *, international: bool) -> list[Select[UUID]]:
    phone = ContactPoint.kind == ContactKind.PHONE
    searches = [] if international else [_by_card(digits)]
    if len(digits) >= 4:
        turned = func.reverse(ContactPoint.match_key)
        searches.append(_by_contact(and_(phone, _starts(turned, digits[::-1])), turned))
        prefix = f"+{digits}" if international else f"+39{digits}"
        searches.append(_by_contact(and_(phone, _starts(ContactPoint.match_key, prefix)), ContactPoint.match_key))
    return searches


def _by_contact(condition: ColumnElement[bool], order: Any) -> Select[UUID]:
    return select(ContactPoint.customer_id).where(condition, ContactPoint.valid_to.is_(None)).order_by(order)


def _by_card(number: str) -> Select[UUID]:
    return (
        select(Identifier.customer_id)
        .where(
            Identifier.kind == IdentifierKind.CARD,
            Identifier.source == CARD_SOURCE,
            Identifier.valid_to.is_(None),
            _starts(Identifier.value, number),
        )
        .order_by(Identifier.value)
    )


def _by_name(words: list[str]) -> list[Select[UUID]]:
    """Surname first, then given name; the further words may stand anywhere in the name."""
    first, *others = words
    rest = [
        or_(_starts(Customer.search_name, word), Customer.search_name.contains(f" {word}", autoescape=True))
        for word in others
    ]
    living = and_(Customer.erased_at.is_(None), Customer.merged_into_id.is_(None))
    order = (Customer.search_name, Customer.id)
    return [
        select(Customer.id).where(_starts(Customer.search_name, first), *rest, living).order_by(*order),
        select(Customer.id)
        .where(_starts(Customer.search_given_name, first), *rest, living)
        .order_by(Customer.search_given_name, Customer.id),
    ]


def _starts(column: InstrumentedAttribute[str] | ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    return and_(column >= prefix, column <= prefix + _LAST)


async def describe(session: AsyncSession, ids: Sequence[UUID]) -> list[Found]:
    """Return what a search shows of these customers, in the order given; erased and merged ones are left out."""
    if not ids:
        return []
    people = await session.execute(
        select(Customer.id, Customer.given_name, Customer.family_name, Customer.city).where(
            Customer.id.in_(ids), Customer.erased_at.is_(None), Customer.merged_into_id.is_(None)
        )
    )
    cards = await session.execute(
        select(Identifier.customer_id, Identifier.value)
        .where(Identifier.customer_id.in_(ids), Identifier.kind == IdentifierKind.CARD, Identifier.valid_to.is_(None))
        .order_by(Identifier.valid_from)
    )
    phones = await session.execute(
        select(ContactPoint.customer_id, ContactPoint.match_key)
        .where(
            ContactPoint.customer_id.in_(ids),
            ContactPoint.kind == ContactKind.PHONE,
            ContactPoint.valid_to.is_(None),
        )
        .order_by(ContactPoint.is_primary)
    )
    card_of = {customer_id: value[-4:] for customer_id, value in cards}
    phone_of = {customer_id: value[-4:] for customer_id, value in phones}
    shown = {
        person.id: Found(
            id=person.id,
            full_name=full_name(person.given_name, person.family_name),
            city=person.city,
            card_end=card_of.get(person.id),
            phone_end=phone_of.get(person.id),
        )
        for person in people
    }
    return [shown[customer_id] for customer_id in ids if customer_id in shown]

"""Reads of pairs: the queue, one pair with both cards side by side, and what one card may be a double of."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ritorno.customers.models import ContactPoint, Customer, DuplicatePair, Identifier
from ritorno.customers.normalising import display_phone
from ritorno.customers.rules import ContactKind, IdentifierKind, PairState, full_name
from ritorno.duplicates.errors import PairNotFound
from ritorno.duplicates.linking.tiers import EvidenceField, certainty
from ritorno.duplicates.pair_schemas import PairCardRead, PairDetailRead, PairEvidenceRead, PairRead
from ritorno.kit.money import MoneyRead
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.stores.queries import get_business
from ritorno.transactions.models import Profile

MOST_OF_ONE_CARD = 20


async def get_pair(session: AsyncSession, pair_id: UUID, *, lock: bool = False) -> DuplicatePair:
    pair = await session.get(DuplicatePair, pair_id, with_for_update=lock, populate_existing=lock)
    if pair is None:
        raise PairNotFound()
    return pair


async def list_pairs(session: AsyncSession, query: PageQuery, *, state: PairState) -> Page[PairRead]:
    """Return pairs in a state, surest first."""
    statement = select(DuplicatePair).where(DuplicatePair.state == state)
    page: Page[Any] = await paginate(
        session,
        of_living_cards(statement) if state is PairState.OPEN else statement,
        key=[DuplicatePair.probability, DuplicatePair.id],
        query=query,
        descending=True,
        cast=[float, UUID],
    )
    page.items = await read_pairs(session, page.items)
    return page


def of_living_cards(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Leave out cards that were erased, blocked or merged since the last search."""
    for side in (DuplicatePair.low_id, DuplicatePair.high_id):
        card = aliased(Customer)
        living = (card.erased_at.is_(None), card.restricted_at.is_(None), card.merged_into_id.is_(None))
        statement = statement.join(card, card.id == side).where(*living)
    return statement


async def pairs_of_card(session: AsyncSession, customer_id: UUID) -> list[PairRead]:
    """Return the open pairs of one card, surest first."""
    statement = select(DuplicatePair).where(
        DuplicatePair.state == PairState.OPEN,
        or_(DuplicatePair.low_id == customer_id, DuplicatePair.high_id == customer_id),
    )
    surest = of_living_cards(statement).order_by(DuplicatePair.probability.desc(), DuplicatePair.id)
    return await read_pairs(session, list(await session.scalars(surest.limit(MOST_OF_ONE_CARD))))


async def read_pairs(session: AsyncSession, pairs: Sequence[DuplicatePair]) -> list[PairRead]:
    """Return pairs with both cards summed up, in two statements whatever their number."""
    ids = {customer_id for pair in pairs for customer_id in (pair.low_id, pair.high_id)}
    rows = await session.execute(
        select(Customer, Profile.visit_days, Profile.revenue_minor)
        .outerjoin(Profile, Profile.customer_id == Customer.id)
        .where(Customer.id.in_(ids))
    )
    currency = (await get_business(session)).currency
    cards = {
        card.id: PairCardRead(
            customer_id=card.id,
            full_name=full_name(card.given_name, card.family_name),
            city=card.city,
            visits=visits or 0,
            revenue=MoneyRead.of(revenue or 0, currency),
        )
        for card, visits, revenue in rows
    }
    return [
        PairRead(
            **{name: getattr(pair, name) for name in _OWN},
            certainty=certainty(pair.probability),
            agreeing=[EvidenceField(each["field"]) for each in pair.evidence if each["weight"] > 0],
            low=cards[pair.low_id],
            high=cards[pair.high_id],
        )
        for pair in pairs
    ]


_OWN = ("id", "probability", "tier", "state", "found_at", "decided_by", "decided_at")


async def read_pair(session: AsyncSession, pair: DuplicatePair) -> PairDetailRead:
    """Return a pair with each comparison and what both cards hold now."""
    [summary] = await read_pairs(session, [pair])
    low, high = await _values(session, pair.low_id), await _values(session, pair.high_id)
    evidence = [
        PairEvidenceRead(
            **each, low=low.get(EvidenceField(each["field"]), []), high=high.get(EvidenceField(each["field"]), [])
        )
        for each in pair.evidence
    ]
    return PairDetailRead(**summary.model_dump(), evidence=evidence)


async def _values(session: AsyncSession, customer_id: UUID) -> dict[EvidenceField, list[str]]:
    card = await session.get_one(Customer, customer_id)
    born = card.birth_on.isoformat() if card.birth_on else None
    found: dict[EvidenceField, list[str | None]] = {
        EvidenceField.GIVEN_NAME: [card.given_name],
        EvidenceField.FAMILY_NAME: [card.family_name],
        EvidenceField.BIRTH_ON: [born],
        EvidenceField.GENDER: [card.gender],
        EvidenceField.CITY: [card.city],
    }
    points = await session.scalars(
        select(ContactPoint)
        .where(ContactPoint.customer_id == customer_id, ContactPoint.valid_to.is_(None))
        .order_by(ContactPoint.is_primary.desc(), ContactPoint.id)
    )
    for point in points:
        shown = display_phone(point.value) if point.kind == ContactKind.PHONE else point.value
        found.setdefault(_FIELD_OF[ContactKind(point.kind)], []).append(shown)
    codes = await session.scalars(
        select(Identifier.value).where(
            Identifier.customer_id == customer_id,
            Identifier.kind == IdentifierKind.FISCAL,
            Identifier.valid_to.is_(None),
        )
    )
    found[EvidenceField.FISCAL_CODE] = list(codes)
    return {field: [value for value in values if value] for field, values in found.items()}


_FIELD_OF = {
    ContactKind.POSTAL: EvidenceField.ADDRESS,
    ContactKind.PHONE: EvidenceField.PHONE,
    ContactKind.EMAIL: EvidenceField.EMAIL,
}

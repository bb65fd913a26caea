"""The rights of the person over the card itself: all of it is told, and an erasure leaves an empty one (C-24)."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import (
    ContactPoint,
    Customer,
    CustomerInterest,
    CustomerNote,
    CustomerTag,
    DuplicatePair,
    Identifier,
    Merge,
    MergeMove,
)
from ritorno.kit import clock

_TOLD = (
    "subject_type", "given_name", "family_name", "birth_on", "is_minor_flagged", "gender", "language",
    "acquisition_source", "first_contact_on", "spending_capacity", "country", "timezone", "city", "deceased_at",
    "restricted_at", "last_detached_at", "created_at", "updated_at",
)  # fmt: skip


async def export(session: AsyncSession, customer_id: UUID) -> dict[str, Any]:
    """Return one card: who it is of, how to reach and recognise them, what staff wrote, and when it was put together
    with another. Which other cards looked alike is not told: they may be somebody else's.
    """
    card = await session.get_one(Customer, customer_id)
    return {
        "card": {"id": str(card.id)} | {name: _plain(getattr(card, name)) for name in _TOLD},
        "contact_points": [
            {
                "kind": each.kind,
                "value": each.value,
                "as_given": each.raw,
                "certainty": each.level,
                "is_main": each.is_primary,
                "source": each.source,
                "valid_from": each.valid_from.isoformat(),
                "valid_to": _plain(each.valid_to),
                "found_wrong_at": _plain(each.invalid_at),
                "bounced_at": _plain(each.hard_bounced_at),
                "complained_at": _plain(each.complained_at),
            }
            for each in await _all(session, ContactPoint, customer_id, ContactPoint.id)
        ],
        "identifiers": [
            {
                "kind": each.kind,
                "source": each.source,
                "value": each.value,
                "valid_from": each.valid_from.isoformat(),
                "valid_to": _plain(each.valid_to),
            }
            for each in await _all(session, Identifier, customer_id, Identifier.id)
        ],
        "tags": [{"tag": each.tag} for each in await _all(session, CustomerTag, customer_id, CustomerTag.tag)],
        "interests": [
            {"interest": each.label, "source": each.source, "learnt_at": each.learnt_at.isoformat()}
            for each in await _all(session, CustomerInterest, customer_id, CustomerInterest.label)
        ],
        "notes": [
            {"note": each.body, "written_at": each.created_at.isoformat()}
            for each in await _all(session, CustomerNote, customer_id, CustomerNote.created_at)
        ],
        "merged_cards": [
            {
                "what": "this card took another in" if each.winner_id == customer_id else "this card joined another",
                "merged_at": each.merged_at.isoformat(),
                "separated_at": _plain(each.unmerged_at),
            }
            for each in await session.scalars(
                select(Merge).where(or_(Merge.winner_id == customer_id, Merge.loser_id == customer_id))
            )
        ],
    }


async def _all(session: AsyncSession, model: Any, customer_id: UUID, order: Any) -> list[Any]:
    return list(await session.scalars(select(model).where(model.customer_id == customer_id).order_by(order)))


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Empty a card: no name, no address, no number, no word of anybody. Its id stays, for what has to be proved."""
    for model in (ContactPoint, Identifier, CustomerTag, CustomerInterest, CustomerNote):
        await session.execute(delete(model).where(model.customer_id == customer_id))
    await session.execute(
        delete(DuplicatePair).where(or_(DuplicatePair.low_id == customer_id, DuplicatePair.high_id == customer_id))
    )
    mine = or_(Merge.winner_id == customer_id, Merge.loser_id == customer_id)
    await session.execute(delete(MergeMove).where(MergeMove.merge_id.in_(select(Merge.id).where(mine))))
    # That cards were one is kept, because their ledgers are read together; what was on them is not.
    await session.execute(update(Merge).where(mine).values(changes=[], choices={}))
    await session.execute(update(Merge).where(mine, Merge.unmerged_at.is_not(None)).values(kept=[]))
    now = clock.now()
    await session.execute(
        update(Customer)
        .where(Customer.id == customer_id)
        .values(
            given_name=None,
            family_name=None,
            search_name="",
            search_given_name="",
            birth_on=None,
            is_minor_flagged=False,
            gender=None,
            acquisition_source=None,
            first_contact_on=None,
            spending_capacity=None,
            home_store_id=None,
            timezone=None,
            city=None,
            deceased_at=None,
            restricted_at=None,
            last_detached_at=None,
            erased_at=now,
            version=Customer.version + 1,
            updated_at=now,
        )
    )

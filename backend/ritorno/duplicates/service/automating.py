"""Merging without a person, where nothing contradicts; only for a shop that asked for it (RITORNO_AUTOMATIC_MERGES)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import DuplicatePair
from ritorno.customers.rules import MergeReason, PairState, PairTier
from ritorno.duplicates import pair_queries as queries
from ritorno.duplicates.service.merging import merge
from ritorno.kit.actor import Actor

BATCH = 200


async def merge_automatic(session: AsyncSession, *, actor: Actor) -> int:
    """Merge the surest open pairs of the automatic tier into their older card and return how many were merged.

    Each card takes part once, because what is merged must be compared anew; a pair that somebody separated by hand
    stays with people.
    """
    waiting = select(DuplicatePair).where(
        DuplicatePair.state == PairState.OPEN,
        DuplicatePair.tier == PairTier.AUTOMATIC,
        DuplicatePair.decided_at.is_(None),
    )
    surest = queries.of_living_cards(waiting).order_by(DuplicatePair.probability.desc(), DuplicatePair.id)
    touched: set[UUID] = set()
    merged = 0
    for pair in (await session.scalars(surest.limit(BATCH))).all():
        if touched & {pair.low_id, pair.high_id}:
            continue
        touched |= {pair.low_id, pair.high_id}
        await merge(
            session,
            winner_id=pair.low_id,
            loser_id=pair.high_id,
            actor=actor,
            reason=MergeReason.AUTOMATIC,
            pair_id=pair.id,
        )
        merged += 1
    return merged

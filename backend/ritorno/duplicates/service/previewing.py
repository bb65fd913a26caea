"""What a merge would do, worked out by doing it and taking it back: so it cannot promise what a merge would not do."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers import service as customers
from ritorno.duplicates import comparing
from ritorno.duplicates.rules import CardField, Side
from ritorno.duplicates.schemas import MergePreview
from ritorno.duplicates.service.merging import merge
from ritorno.kit.actor import Actor

_NOBODY = Actor.system("preview")


async def preview(
    session: AsyncSession, *, winner_id: UUID, loser_id: UUID, choices: Mapping[CardField, Side], language: str
) -> MergePreview:
    """Return both cards and the one they would become; refused where the merge would be."""
    both = await customers.lock_two(session, winner_id, loser_id)
    await customers.refuse_gone(session, both.values())
    winner = await comparing.read_card(session, winner_id, language=language)
    loser = await comparing.read_card(session, loser_id, language=language)
    fields = await comparing.compare(session, both[winner_id], both[loser_id], choices)
    trial = await session.begin_nested()
    await merge(session, winner_id=winner_id, loser_id=loser_id, choices=choices, actor=_NOBODY)
    merged = await comparing.read_card(session, winner_id, language=language)
    await trial.rollback()
    return MergePreview(winner=winner, loser=loser, merged=merged, fields=fields)

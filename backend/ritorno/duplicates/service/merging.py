"""Two cards of one person become one."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Merge
from ritorno.customers.rules import MergeReason
from ritorno.duplicates.rules import Field, Side
from ritorno.kit.actor import Actor


async def merge(
    session: AsyncSession,
    *,
    winner_id: UUID,
    loser_id: UUID,
    choices: Mapping[Field, Side] | None = None,
    actor: Actor,
    reason: MergeReason = MergeReason.MANUAL,
    pair_id: UUID | None = None,
) -> Merge:
    """Make the loser's card part of the winner's."""
    raise NotImplementedError

"""One card becomes two again."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Merge
from ritorno.kit.actor import Actor


async def unmerge(session: AsyncSession, merge_id: UUID, *, actor: Actor) -> Merge:
    """Separate the two cards of a merge again."""
    raise NotImplementedError

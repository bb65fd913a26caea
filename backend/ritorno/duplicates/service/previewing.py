"""What a merge would do."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.duplicates.rules import Field, Side
from ritorno.duplicates.schemas import MergePreview


async def preview(
    session: AsyncSession, *, winner_id: UUID, loser_id: UUID, choices: Mapping[Field, Side], language: str
) -> MergePreview:
    """Return both cards and the one they would become."""
    raise NotImplementedError

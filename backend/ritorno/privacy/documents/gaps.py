"""What is in use beside what is registered (C-34)."""

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.config import Settings
from ritorno.privacy.documents.schemas import GapsRead


async def find(session: AsyncSession, settings: Settings, *, language: str) -> GapsRead:
    """Return what the register lacks, and what it has too much of."""
    return GapsRead(unregistered=[], unused=[])

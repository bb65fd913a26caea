"""What is thrown away: pages as soon as nobody may print them, addresses a month after posting."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import storage
from ritorno.kit.config import Settings
from ritorno.postal.models import LetterBatch, LetterPart, LetterPiece
from ritorno.postal.rules import BatchState
from ritorno.postal.service.printing import FILES

KEPT = timedelta(days=30)
"""How long names and addresses are kept after posting: meanwhile the post brings letters back."""
STRAY = timedelta(days=1)
"""Pages nobody has written down after so long belong to no part."""


async def forget_files(session: AsyncSession, settings: Settings, *, now: datetime) -> int:
    """Throw away pages with somebody on them who dropped out, the pages of batches that are over, and in time their
    addresses; return of how many batches nothing is left.
    """
    useless = await session.scalars(
        select(LetterPart)
        .join(LetterBatch, LetterBatch.id == LetterPart.batch_id)
        .where(
            LetterPart.pdf_sha256.is_not(None),
            LetterPart.is_stale | LetterBatch.state.in_([BatchState.POSTED, BatchState.CANCELLED]),
        )
        .with_for_update(of=LetterPart, skip_locked=True)
    )
    for part in useless.all():
        await storage.forget(settings, FILES, part.pdf_sha256 or "")
        part.pdf_sha256 = None
    await _forget_strays(session, settings)
    over = await session.scalars(
        select(LetterBatch)
        .where(
            LetterBatch.files_forgotten_at.is_(None),
            (LetterBatch.state == BatchState.CANCELLED) | (LetterBatch.posted_at < now - KEPT),
        )
        .with_for_update(skip_locked=True)
    )
    batches = over.all()
    for batch in batches:
        await session.execute(update(LetterPiece).where(LetterPiece.batch_id == batch.id).values(recipient=None))
        batch.files_forgotten_at = now
    return len(batches)


async def _forget_strays(session: AsyncSession, settings: Settings) -> None:
    """Throw away pages that no part names: whoever made them died before it was written down."""
    named = set(await session.scalars(select(LetterPart.pdf_sha256).where(LetterPart.pdf_sha256.is_not(None))))
    for digest in await storage.older_than(settings, FILES, STRAY):
        if digest not in named:
            await storage.forget(settings, FILES, digest)

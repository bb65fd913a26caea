"""How long an uploaded file is kept: long enough to ask what a row said, not for ever (C-31)."""

from datetime import timedelta

from sqlalchemy import or_, select

from ritorno.imports.models import Import
from ritorno.imports.rules import WORKING
from ritorno.imports.uploading import forget_files
from ritorno.kit import clock
from ritorno.kit.background import Work

KEPT = timedelta(days=90)
AT_ONCE = 100


async def forget_old(work: Work) -> None:
    """Remove the files of imports older than three months, drafts included; the imports themselves stay."""
    more = True
    while more:
        async with work.session() as session:
            old = (
                select(Import)
                .where(
                    Import.file_gone_at.is_(None),
                    Import.created_at < clock.now() - KEPT,
                    or_(Import.state.not_in(WORKING), Import.failure.is_not(None)),
                )
                .order_by(Import.created_at)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            )
            found = list(await session.scalars(old))
            for row in found:
                forget_files(work.settings, row.id)
                row.file_gone_at = clock.now()
            more = len(found) == AT_ONCE

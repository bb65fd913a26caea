"""How long an uploaded file is kept: long enough to ask what a row said, not for ever (C-31)."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select

from ritorno.imports.models import Import
from ritorno.imports.rules import WORKING, ImportState
from ritorno.imports.uploading import PUT_AWAY, drop_folder, folder_of, forget_files
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings

KEPT = timedelta(days=90)
AT_ONCE = 100
STRAY = timedelta(days=1)
"""How old a file without an import must be: an upload that is still coming has none yet."""


async def forget_old(work: Work) -> None:
    """Remove the files of imports older than three months, drafts included, and files that belong to no import; the
    imports themselves stay.
    """
    await _forget_strays(work)
    await asyncio.to_thread(_forget_put_away, work.settings, (clock.now() - KEPT).timestamp())
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


async def forget_applied(work: Work) -> None:
    """Remove the files of every import that is done: somebody who was erased may stand in any of them (C-24). What
    still waits to be applied is kept, and met like any list that comes back (B-07).
    """
    async with work.session() as session:
        done = select(Import).where(
            Import.file_gone_at.is_(None), Import.state.in_([ImportState.APPLIED, ImportState.UNDONE])
        )
        for row in await session.scalars(done.with_for_update(skip_locked=True)):
            forget_files(work.settings, row.id)
            row.file_gone_at = clock.now()
    await asyncio.to_thread(_forget_put_away, work.settings, clock.now().timestamp())


def _forget_put_away(settings: Settings, before: float) -> None:
    """Remove files of the watched folder that were taken over, put away before a moment."""
    for path in (drop_folder(settings) / PUT_AWAY).glob("*"):
        if path.is_file() and path.stat().st_mtime <= before:
            path.unlink(missing_ok=True)


async def _forget_strays(work: Work) -> None:
    """Remove what an upload left that came to nothing."""
    before = (clock.now() - STRAY).timestamp()
    names = await asyncio.to_thread(
        lambda: {file.name[:36] for file in folder_of(work.settings).glob("*.*") if file.stat().st_mtime < before}
    )
    ids = {UUID(name) for name in names if _ID.fullmatch(name)}
    if not ids:
        return
    async with work.session() as session:
        known = set(await session.scalars(select(Import.id).where(Import.id.in_(ids))))
    for stray in ids - known:
        forget_files(work.settings, stray)


_ID = re.compile(r"[0-9a-f-]{36}")

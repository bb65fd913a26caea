"""Erasures outlive a restored backup: the ids of erased cards are kept outside the database, in `erasures.ndjson`.

Ids alone stand there, and a card that came back is told by them. Backups themselves expire within 35 days (C-24).
"""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer
from ritorno.erasures import queries, service
from ritorno.erasures.rules import ErasureGround
from ritorno.kit.background import Work
from ritorno.kit.config import Settings


async def note_outside(settings: Settings, customer_ids: Iterable[str]) -> None:
    """Write ids down beside the database; those that stand there already are not written again."""
    known = {str(each) for each in await asyncio.to_thread(_read, _file(settings))}
    news = [each for each in customer_ids if each not in known]
    await asyncio.to_thread(_append, _file(settings), news)


async def came_back(session: AsyncSession, settings: Settings) -> list[UUID]:
    """Return the cards that were erased once and stand whole in the database again."""
    erased = await asyncio.to_thread(_read, _file(settings))
    found = await session.scalars(
        select(Customer.id).where(Customer.id.in_(erased), Customer.erased_at.is_(None)).order_by(Customer.id)
    )
    return list(found)


async def repeat(work: Work) -> int:
    """Forget again whoever a backup brought back, each person in a unit of work; return how many people that were."""
    count = 0
    while True:
        async with work.session() as session:
            back = await came_back(session, work.settings)
            if not back:
                return count
            living = (await queries.cards_of(session, back[0]))[0]
            await service.erase_customer(session, customer_id=living, because=ErasureGround.LAW, actor=work.actor)
            count += 1


def _file(settings: Settings) -> Path:
    return settings.data_dir / "erasures.ndjson"


def _read(file: Path) -> list[UUID]:
    if not file.exists():
        return []
    return [UUID(orjson.loads(line)["card_id"]) for line in file.read_bytes().splitlines() if line]


def _append(file: Path, ids: list[str]) -> None:
    if not ids:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as lines:
        lines.write(b"".join(orjson.dumps({"card_id": each}) + b"\n" for each in ids))
        lines.flush()
        os.fsync(lines.fileno())

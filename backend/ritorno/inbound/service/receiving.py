"""One mail that comes in: kept once, and done at once what it asks; all of it in one unit of work, or nothing."""

import asyncio
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.inbound import reading
from ritorno.inbound.attributing import attribute
from ritorno.inbound.models import InboundMail
from ritorno.inbound.reading import Mail
from ritorno.inbound.rules import MailKind, MailSource, came_at
from ritorno.inbound.service import effects
from ritorno.inbound.service.asking import ask_a_person
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.ids import uuid7
from ritorno.kit.logging import log
from ritorno.kit.problems import Problem
from ritorno.messaging.models import Message


async def receive(
    session: AsyncSession, settings: Settings, raw: bytes, *, source: MailSource, recipient: str | None = None
) -> tuple[InboundMail, bool]:
    """Take in a mail and return it, and whether it is new: the same mail again is the same row and does nothing (S-04).

    What cannot be settled without a person is kept with its words, and asked about (B-36).
    """
    # Another thread: a mail made to be slow must not make everybody else wait.
    mail = await asyncio.to_thread(reading.read, raw)
    what = attribute(settings, mail, recipient)
    now = clock.now()
    row, is_new = await _keep(session, mail, what.kind, source, came_at(mail.dated, now))
    if not is_new:
        return row, False
    message = await session.get(Message, what.message_id) if what.message_id else None
    row.message_id = what.message_id
    row.customer_id = message.customer_id if message else None
    if await _follow(session, row, mail, message):
        row.handled_at, row.handled_by = now, effects.ACTOR.name
    else:
        row.sender, row.subject, row.raw = mail.sender or None, mail.subject or None, raw[: reading.LONGEST]
        await ask_a_person(session, row)
    await session.flush()
    log.info("inbound.received", mail_id=row.id, kind=row.kind, source=source, blame=row.blame, status=row.status_code)
    return row, True


async def _follow(session: AsyncSession, row: InboundMail, mail: Mail, message: Message | None) -> bool:
    """Do what the mail asks; where that is refused nothing of it happens, and a person looks."""
    try:
        async with session.begin_nested():
            return await effects.follow(session, row, mail, message)
    except Problem as refusal:
        log.warning("inbound.refused", mail_id=row.id, code=refusal.code)
        return False


async def _keep(
    session: AsyncSession, mail: Mail, kind: MailKind, source: MailSource, at: datetime
) -> tuple[InboundMail, bool]:
    """Write the row down; a twin that comes by another way at the same moment waits here and finds it."""
    failure = mail.failure
    made = await session.scalar(
        insert(InboundMail)
        .values(
            id=uuid7(),
            received_at=at,
            source=source,
            kind=kind,
            blame=failure.blame if failure and kind is MailKind.BOUNCE else None,
            status_code=failure.status if failure else None,
            diagnostic=failure.diagnostic if failure else "",
            digest=mail.digest,
        )
        .on_conflict_do_nothing(index_elements=[InboundMail.digest])
        .returning(InboundMail.id)
    )
    row = (await session.scalars(select(InboundMail).where(InboundMail.digest == mail.digest))).one()
    return row, made is not None

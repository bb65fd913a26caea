"""The outbox where nothing leaves: every message is kept in PostgreSQL, and the app shows it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.kit import clock
from ritorno.kit.db import unit_of_work
from ritorno.messaging.mime import Letter
from ritorno.messaging.models import CapturedMessage
from ritorno.messaging.rules import Outcome
from ritorno.messaging.transports.port import Receipt

CAPTURED = "captured"


class CaptureTransport:
    """Mail without a mail server, texts without a gateway, and every letter and call list."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def deliver(self, letters: Sequence[Letter], *, until: datetime | None = None) -> list[Receipt]:
        """Keep the letters in one statement; one already kept stays as it is."""
        rows = [
            {
                "message_id": letter.message_id,
                "subject": letter.subject,
                "to_address": letter.to,
                "raw": letter.raw,
                "captured_at": clock.now(),
            }
            for letter in letters
        ]
        async with unit_of_work(self._sessions) as session:
            await session.execute(insert(CapturedMessage).on_conflict_do_nothing(), rows)
        return [Receipt(letter.message_id, Outcome.ACCEPTED, CAPTURED) for letter in letters]

    async def close(self) -> None:
        """Nothing to let go of: the pool owns the connections."""

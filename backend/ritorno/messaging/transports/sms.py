"""Texts without a gateway: kept in the outbox like mail without a server, with how many parts each would have cost.

`RITORNO_SMS_URL` names a real one (`transports/twilio.py`). Without it nothing leaves: a text is never reported as sent
by a road that does not exist.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.messaging.mime import Letter
from ritorno.messaging.sms import count_parts
from ritorno.messaging.transports.capture import CAPTURED, CaptureTransport
from ritorno.messaging.transports.port import Receipt


class CapturingGateway:
    """The gateway of an installation that has none."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._outbox = CaptureTransport(sessions)

    async def deliver(self, letters: Sequence[Letter], *, until: datetime | None = None) -> list[Receipt]:
        """Keep the texts; each receipt says how many parts it is and in which alphabet (M-02)."""
        receipts = await self._outbox.deliver(letters)
        return [receipt._replace(detail=_measured(letter)) for receipt, letter in zip(receipts, letters, strict=True)]

    async def close(self) -> None:
        await self._outbox.close()


def _measured(letter: Letter) -> str:
    parts = count_parts(letter.raw.decode())
    return f"{CAPTURED}, {parts.number} × {parts.alphabet}"

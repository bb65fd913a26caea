"""Mail over one SMTP connection that is kept between groups: a new connection for each mail is ten times slower
(STACK, mail).
"""

import contextlib
import re
import ssl
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPResponseException

from ritorno.kit import clock
from ritorno.messaging.mime import Letter
from ritorno.messaging.pacing.rules import most_per_connection, receiver_of
from ritorno.messaging.rules import Outcome, read_reply
from ritorno.messaging.transports.port import Receipt, not_begun

TIMEOUT = 30.0
_ADDRESS = re.compile(r"\S+@\S+")


class SmtpTransport:
    """One connection to the mail server of `RITORNO_SMTP_URL`: `smtp://user:password@host:port`, or `smtps://` for TLS
    from the first byte.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = SMTP(
            hostname=parts.hostname or "localhost",
            port=parts.port or (465 if parts.scheme == "smtps" else 25),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            timeout=TIMEOUT,
        )
        self._handed: Counter[str] = Counter()
        """How many each receiver took over the present connection, where it counts them (E-17)."""

    async def deliver(self, letters: Sequence[Letter], *, until: datetime | None = None) -> list[Receipt]:
        """Hand the letters over one by one; when the server cannot be spoken to, the rest is untouched."""
        receipts: list[Receipt] = []
        for letter in letters:
            if until is not None and clock.now() > until:
                break
            receipt = await self._hand_over(letter)
            receipts.append(receipt)
            if receipt.outcome is Outcome.UNREACHABLE:
                break
        return receipts + not_begun(letters[len(receipts) :])

    async def _hand_over(self, letter: Letter) -> Receipt:
        try:
            await self._connect(receiver_of(letter.to))
            await self._server.mail(
                letter.sender, options=[f"size={len(letter.raw)}"] if self._server.supports_extension("size") else []
            )
            await self._server.rcpt(letter.to)
        except SMTPResponseException as refusal:
            await self._reset()
            # A greeting or a login that is refused says nothing about this letter.
            if not self._server.is_connected or refusal.code in {421, 530, 535}:
                return Receipt(letter.message_id, Outcome.UNREACHABLE, _words(refusal.code, refusal.message))
            return Receipt(
                letter.message_id, read_reply(refusal.code, refusal.message), _words(refusal.code, refusal.message)
            )
        except (SMTPException, OSError, ssl.SSLError, ValueError) as failure:
            self._server.close()
            return Receipt(letter.message_id, Outcome.UNREACHABLE, type(failure).__name__)
        return await self._hand_over_text(letter)

    async def _connect(self, receiver: str) -> None:
        """Be connected, anew where this receiver has had enough of the present connection."""
        most = most_per_connection(receiver)
        if most is not None and self._handed[receiver] >= most:
            await self.close()
        if not self._server.is_connected:
            self._handed.clear()
            await self._server.connect()
        if most is not None:
            self._handed[receiver] += 1

    async def _hand_over_text(self, letter: Letter) -> Receipt:
        try:
            code, text = await self._server.data(letter.raw)
        except SMTPDataError as refusal:
            await self._reset()
            return Receipt(
                letter.message_id, read_reply(refusal.code, refusal.message), _words(refusal.code, refusal.message)
            )
        except (SMTPException, OSError) as failure:
            # The server may have taken the mail and died before saying so (E-15).
            self._server.close()
            return Receipt(letter.message_id, Outcome.UNKNOWN, type(failure).__name__)
        return Receipt(letter.message_id, Outcome.ACCEPTED, _words(code, text))

    async def _reset(self) -> None:
        with contextlib.suppress(SMTPException, OSError):
            await self._server.rset()

    async def close(self) -> None:
        with contextlib.suppress(SMTPException, OSError):
            if self._server.is_connected:
                await self._server.quit()
        self._server.close()


def _words(code: int, text: str) -> str:
    """Return a server's reply fit to be kept: one line, and without the address it may repeat (S-15)."""
    return f"{code} {_ADDRESS.sub('…', ' '.join(text.split()))}"[:200]

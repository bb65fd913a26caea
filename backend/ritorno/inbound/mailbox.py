"""An IMAP mailbox that receives what comes back. What was taken is marked as seen and moved to the folder `Ritorno`;
while the server is away mails wait there, and nothing else does. One that refuses us is for somebody to mend.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from ritorno.inbound.collecting import ask_to_mend, take_each
from ritorno.inbound.reading import LONGEST
from ritorno.inbound.rules import MailSource
from ritorno.kit.background import Work
from ritorno.kit.logging import log

FOLDER = "Ritorno"
_TIMEOUT = 20.0
_AT_ONCE = 50


async def collect(work: Work) -> None:
    """Take the mails nobody has seen, some at a time; each is put away once it is committed."""
    url = work.settings.imap_url.get_secret_value()
    if not url:
        return
    taken: list[int] = []
    try:
        async for uid, _ in take_each(work, await _asked(work, lambda: _fetch(url)) or [], MailSource.IMAP):
            taken.append(uid)
    finally:
        if taken:
            await _asked(work, lambda: _put_away(url, taken))


Answer = TypeVar("Answer")


async def _asked(work: Work, question: Callable[[], Answer]) -> Answer | None:
    """Return what the server answers; None where it is away, or refuses us."""
    try:
        return await asyncio.to_thread(question)
    except (IMAPClientAbortError, OSError) as error:
        log.warning("inbound.mailbox_unreachable", kind=type(error).__name__)
    except IMAPClientError as error:
        log.warning("inbound.mailbox_refuses", kind=type(error).__name__)
        await ask_to_mend(work, MailSource.IMAP)
    return None


def _fetch(url: str) -> list[tuple[int, bytes]]:
    with _opened(url) as client:
        uids = client.search("UNSEEN")[:_AT_ONCE]
        answers = client.fetch(uids, [f"BODY.PEEK[]<0.{LONGEST}>"]) if uids else {}
        return [(uid, _body(answer)) for uid, answer in sorted(answers.items())]


def _body(answer: dict[bytes, bytes]) -> bytes:
    return next((value for name, value in answer.items() if name.startswith(b"BODY[]") and value), b"")


def _put_away(url: str, uids: Sequence[int]) -> None:
    with _opened(url) as client:
        client.add_flags(uids, [SEEN])
        if client.has_capability("MOVE"):
            if not client.folder_exists(FOLDER):
                client.create_folder(FOLDER)
            client.move(uids, FOLDER)


@contextmanager
def _opened(url: str) -> Iterator[IMAPClient]:
    """Sign in and open the mailbox of `imaps://user:password@host:port/INBOX`; `imap://` asks for TLS where it can."""
    parts = urlsplit(url)
    is_tls = parts.scheme != "imap"
    client = IMAPClient(
        parts.hostname or "localhost", port=parts.port or (993 if is_tls else 143), ssl=is_tls, timeout=_TIMEOUT
    )
    try:
        if not is_tls and client.has_capability("STARTTLS"):
            client.starttls()
        client.login(unquote(parts.username or ""), unquote(parts.password or ""))
        client.select_folder(unquote(parts.path.strip("/")) or "INBOX")
        yield client
    finally:
        client.shutdown()

"""One message as the bytes an SMTP server takes (E-01, E-09, E-15, E-19).

Headers that are the same for a whole stream are written once; per person only the address, the subject, three ids and
two bodies are filled in, because building an `EmailMessage` for each mail costs more than sending it (STACK, mail).
"""

from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr
from functools import lru_cache
from uuid import UUID

from ritorno.consents.rules import TemplateClass
from ritorno.messaging.rendering import Rendered
from ritorno.messaging.rules import header_line


class UnfitAddress(Exception):
    """An address that cannot stand in an envelope; it is never guessed at (B-12)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who a mail comes from."""

    stream: TemplateClass
    name: str
    address: str
    reply_to: str | None

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message ready to be handed over, on any channel."""

    message_id: UUID
    channel: str
    sender: str
    """Of the envelope: a mail that cannot be delivered comes back there (E-10)."""
    to: str
    subject: str
    raw: bytes
    cost_minor: int | None = None
    """What handing it over costs, where that depends on its words."""


def mail(
    origin: Origin,
    *,
    message_id: UUID,
    envelope: str,
    to: str,
    rendered: Rendered,
    unsubscribe: Sequence[str],
    at: datetime,
    resends: int = 0,
) -> Letter:
    """Return the mail; the Message-ID is the message's own, so a retry is the same mail to every server (E-15). What a
    person sends again is another mail, and says so.

    `unsubscribe` holds the ways out a mail program may use by itself, the one that takes a single press first (E-01).
    """
    check_address(to)
    boundary = f"=_{message_id.hex}"
    lines = [
        _stream_headers(origin),
        f"To: {to}",
        f"Subject: {_subject(header_line(rendered.subject))}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{f'{resends}.' if resends else ''}{message_id}@{origin.domain}>",
    ]
    if unsubscribe:
        ways = ",\r\n ".join(f"<{way}>" for way in unsubscribe)
        lines += [f"List-Unsubscribe: {ways}", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    lines += [
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        _quoted(rendered.text),
    ]
    if rendered.html is not None:
        lines += [
            f"--{boundary}",
            "Content-Type: text/html; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
            "",
            _quoted(rendered.html),
        ]
    lines += [f"--{boundary}--", ""]
    raw = "\r\n".join(lines).encode("ascii")
    return Letter(message_id, "EMAIL", envelope, to, rendered.subject, raw)


def plain(channel: str, *, message_id: UUID, sender: str, to: str, rendered: Rendered) -> Letter:
    """Return a text, a letter or the words of a call."""
    return Letter(message_id, channel, header_line(sender), header_line(to), rendered.subject, rendered.text.encode())


def check_address(address: str) -> None:
    """Raise UnfitAddress unless the address can stand in an envelope and a header as it is."""
    local, at, domain = address.rpartition("@")
    if (
        not at
        or not local
        or not domain
        or not address.isascii()
        or len(address) > 254
        or header_line(address) != address
    ):
        raise UnfitAddress()
    if any(mark in address for mark in '<>,;:"\\() '):
        raise UnfitAddress()


@lru_cache(maxsize=64)
def _stream_headers(origin: Origin) -> str:
    name = header_line(origin.name)
    check_address(origin.address)
    lines = [f"From: {formataddr((name, origin.address), 'utf-8')}"]
    if origin.reply_to:
        check_address(origin.reply_to)
        lines.append(f"Reply-To: {origin.reply_to}")
    listed = _encoded(name, "List-Id") if name else ""
    lines.append(f"List-Id: {listed} <{origin.stream.lower()}.{origin.domain}>")
    if origin.stream is TemplateClass.SERVICE:
        lines.append("Auto-Submitted: auto-generated")
    return "\r\n".join(lines)


def _subject(subject: str) -> str:
    if subject.isascii() and len(subject) <= 68 and "=?" not in subject:
        return subject
    return _encoded(subject, "Subject")


_WORD = 45
"""Bytes in one encoded word: 60 characters of base64 and 12 around them stay under RFC 2047's 75."""


def _encoded(text: str, header: str) -> str:
    """Return RFC 2047 words, cut between characters; the standard library takes as long as sending does."""
    words: list[str] = []
    part = b""
    for mark in text:
        encoded = mark.encode("utf-8", "replace")
        if len(part) + len(encoded) > _WORD - (len(header) if not words else 0):
            words.append(_word(part))
            part = b""
        part += encoded
    words.append(_word(part))
    return "\r\n ".join(words)


def _word(part: bytes) -> str:
    return f"=?utf-8?b?{b2a_base64(part, newline=False).decode('ascii')}?="


def _quoted(text: str) -> str:
    encoded = b2a_qp(text.encode().replace(b"\r\n", b"\n").replace(b"\r", b"\n"), istext=True)
    return encoded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").decode("ascii")

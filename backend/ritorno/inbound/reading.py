"""A mail as it came, and what it says of itself: a report, a complaint, an automatic answer, somebody's own words.

Whose it is does not stand here: that is read from tokens alone (`attributing`). Anybody may send us anything, so
nothing here raises, and nothing takes long: only the beginning of a mail is read, and one nested too deep not at all.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr, parsedate_to_datetime
from uuid import UUID

from ritorno.consents.rules import ReplyKind, classify
from ritorno.inbound import phrases
from ritorno.inbound.reports import Failure, complaint_type, delivery_failure, text_failure
from ritorno.inbound.rules import MailKind
from ritorno.kit.schemas import clean_text

LONGEST = 500_000
"""Bytes: everything that matters to us stands at the beginning of a mail."""
_DEEPEST, _WORK = 25, 1_000_000
"""Parts of several parts, and what the parser has to do: it holds each line against each of them. A mail that somebody
wrote has three or four, and a few thousand lines.
"""
_PARTS, _LINES, _LINE, _TEXT = 60, 20, 2000, 100_000


@dataclass(frozen=True, slots=True)
class Mail:
    """What one mail says."""

    kind: MailKind
    digest: bytes
    sender: str = ""
    subject: str = ""
    text: str = ""
    dated: datetime | None = None
    addressed: tuple[str, ...] = ()
    """Where it was delivered to, by whatever header says so."""
    returned: tuple[str, ...] = ()
    """The lines of the mail a complaint is about that may carry a token of ours (E-14)."""
    answers: tuple[UUID, ...] = ()
    """Messages it names by their Message-ID, which proves nothing."""
    failure: Failure | None = None


def read(raw: bytes) -> Mail:
    """Return what a mail says, whatever it is."""
    raw = raw[:LONGEST]
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    unreadable = Mail(MailKind.UNREADABLE, _digest(raw, b""))
    depth = len(re.findall(rb"boundary\s*=|message/", raw, re.IGNORECASE))
    if b":" not in head or depth > _DEEPEST or depth * raw.count(b"\n") > _WORK:
        return unreadable
    try:
        return _read(message_from_bytes(raw, policy=compat32), raw)
    except Exception:  # noqa: BLE001  the parser was written for honest mail: whatever it raises, a person looks
        return unreadable


def _read(message: "Message[str, str]", raw: bytes) -> Mail:
    text = _text_of(message)
    mail = Mail(
        kind=MailKind.REPLY,
        digest=_digest(raw, _line(message, "Message-ID").encode()),
        sender=parseaddr(_line(message, "From"))[1][:254],
        subject=_line(message, "Subject")[:500],
        text=text,
        dated=_dated(message),
        addressed=tuple(_addressed(message)),
        answers=tuple(_answers(message)),
    )
    parts = list(_parts(message))
    if (feedback := complaint_type(message, parts)) is not None:
        kind = MailKind.COMPLAINT if feedback in phrases.COMPLAINTS else MailKind.NOTICE
        return replace(mail, kind=kind, returned=tuple(_returned(parts)))
    if message.get_content_type() == "multipart/report":
        failure = delivery_failure(parts)
        return replace(mail, kind=MailKind.BOUNCE if failure else MailKind.NOTICE, failure=failure)
    kind = _kind_of(message, mail)
    return replace(mail, kind=kind, failure=text_failure(text) if kind is MailKind.BOUNCE else None)


_ASKS = frozenset({ReplyKind.STOP, ReplyKind.HUMAN})


def _kind_of(message: "Message[str, str]", mail: Mail) -> MailKind:
    """Return what a mail is that calls itself nothing in particular: servers have said "it bounced" in many ways."""
    is_null = _line(message, "Return-Path").replace(" ", "") == "<>"
    if phrases.AUTOMATIC.match(mail.subject):
        return MailKind.AUTO_REPLY
    from_server = phrases.SERVERS.match(mail.sender) is not None or "X-Failed-Recipients" in message
    if from_server or (is_null and phrases.FAILED.search(mail.subject)):
        return MailKind.NOTICE if phrases.DELAYED.search(mail.subject) else MailKind.BOUNCE
    precedence = _line(message, "Precedence").lower()
    is_automatic = (
        is_null
        or _line(message, "Auto-Submitted").partition(";")[0].strip().lower() not in {"", "no"}
        or precedence == "auto_reply"
        or any(name in message for name in ("X-Autoreply", "X-Autorespond"))
    )
    seems_so = (
        phrases.ABSENCE.match(mail.subject) or precedence in {"bulk", "junk"} or "X-Auto-Response-Suppress" in message
    )
    # What only looks automatic is still somebody's, once it asks for something.
    if is_automatic or (seems_so and classify(phrases.own_words(mail.text)) not in _ASKS):
        return MailKind.AUTO_REPLY
    return MailKind.REPLY


# ── headers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _line(message: "Message[str, str]", name: str) -> str:
    """Return one header, decoded, on one line, fit to be kept."""
    return _decoded(str(message.get(name, ""))[:_LINE])


def _lines(message: "Message[str, str]", *names: str) -> Iterator[str]:
    for name in names:
        for value in message.get_all(name, [])[:_LINES]:
            yield str(value)[:_LINE]


def _decoded(value: str) -> str:
    with suppress(ValueError, LookupError, MessageError):
        value = str(make_header(decode_header(value)))
    return " ".join(_storable(value).split())


def _storable(value: str) -> str:
    """Return text that a database takes: no NUL, no half of a character."""
    return clean_text(value.encode("utf-8", "replace").decode())


def _dated(message: "Message[str, str]") -> datetime | None:
    try:
        dated = parsedate_to_datetime(_line(message, "Date"))
        return (dated if dated.tzinfo else dated.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_ADDRESS = re.compile(r"[^\s<>,;:\"()]{1,100}@[^\s<>,;:\"()]{1,255}")
_OUR_ID = re.compile(r"<(?:\d{1,3}\.)?([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})@")


def _addressed(message: "Message[str, str]") -> Iterator[str]:
    for value in _lines(message, "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc"):
        yield from _ADDRESS.findall(value)


def _answers(message: "Message[str, str]") -> Iterator[UUID]:
    """Yield the messages it answers, or gives back."""
    inner = [part for part in _parts(message) if part is not message and "Message-ID" in part]
    for each, names in ((message, ("In-Reply-To", "References")), *((part, ("Message-ID",)) for part in inner)):
        for value in _lines(each, *names):
            yield from map(UUID, _OUR_ID.findall(value))


def _returned(parts: "list[Message[str, str]]") -> Iterator[str]:
    """Yield what the provider quotes of our mail: its envelope sender and the ways out of it."""
    for part in parts[1:]:
        if part.get_content_type() == "text/rfc822-headers":
            part = message_from_bytes(_payload(part), policy=compat32)
        yield from _lines(part, "Return-Path", "Original-Mail-From", "List-Unsubscribe")


# ── bodies ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _parts(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    for count, part in enumerate(message.walk()):
        if count == _PARTS:
            return
        yield part


def _payload(part: "Message[str, str]") -> bytes:
    content = part.get_payload(decode=True)
    return content[:_TEXT] if isinstance(content, bytes) else b""


def _text_of(message: "Message[str, str]") -> str:
    """Return what a person would read: the plain text, or what is left of the other."""
    html = ""
    for part in _parts(message):
        if part.get_content_type() == "text/plain" and part.get_content_disposition() != "attachment":
            return _words(part)
        if part.get_content_type() == "text/html" and not html:
            html = _words(part)
    return phrases.without_tags(html)


def _words(part: "Message[str, str]") -> str:
    content = _payload(part)
    try:
        text = content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = content.decode("utf-8", "replace")
    return _storable(text.replace("\r\n", "\n").replace("\r", "\n"))


def _digest(raw: bytes, name: bytes) -> bytes:
    """Return what makes a mail the same mail, whichever servers it came through and wherever it was picked up."""
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1]
    return hashlib.sha256(name + b"\n" + body.replace(b"\r\n", b"\n").rstrip()).digest()

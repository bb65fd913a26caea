"""Whose a mail is: read from the tokens it carries, never from its words (E-10, B-32).

Whatever else a mail says of itself, only an address or a link that we signed names a message of ours.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from ritorno.consents import tokens
from ritorno.inbound.reading import Mail
from ritorno.inbound.rules import MailKind
from ritorno.kit.config import Settings
from ritorno.messaging.envelopes import read_envelope, read_mailto_unsubscribe


class Attribution(NamedTuple):
    """What a mail is once its tokens were read, and which message it is about."""

    kind: MailKind
    message_id: UUID | None = None


_REPORTS = frozenset({MailKind.BOUNCE, MailKind.COMPLAINT, MailKind.NOTICE})
_NEEDS_TOKEN = frozenset({MailKind.BOUNCE, MailKind.COMPLAINT, MailKind.REPLY})


def attribute(settings: Settings, mail: Mail, recipient: str | None) -> Attribution:
    """Return what a mail is: a report whose token is not ours is forged, one without any is nobody's, and words that
    somebody wrote are never thrown away.
    """
    addresses = [*([recipient] if recipient else []), *mail.addressed]
    if mail.kind is MailKind.UNREADABLE:
        return Attribution(mail.kind)
    if (message_id := _unsubscribed(settings, addresses)) is not None:
        return Attribution(MailKind.UNSUBSCRIBE, message_id)
    message_id = _returned(settings, mail.returned) or _bounced(settings, addresses)
    if message_id is not None or mail.kind not in _NEEDS_TOKEN:
        return Attribution(mail.kind, message_id)
    is_forged = mail.kind in _REPORTS and _claims_a_token(settings, [*addresses, *mail.returned])
    return Attribution(MailKind.FORGED if is_forged else MailKind.UNATTRIBUTED)


def _unsubscribed(settings: Settings, addresses: Iterable[str]) -> UUID | None:
    return next((found for each in addresses if (found := read_mailto_unsubscribe(settings, each))), None)


def _bounced(settings: Settings, addresses: Iterable[str]) -> UUID | None:
    return next((found for each in addresses if (found := read_envelope(settings, each))), None)


_LINK = re.compile(r"/u/([A-Za-z0-9._-]{20,300})>")
_ADDRESS = re.compile(r"[^\s<>:?]{1,64}@[^\s<>:?]{1,255}")


def _returned(settings: Settings, lines: Iterable[str]) -> UUID | None:
    """Return the message that a provider gives back, by any token in its own headers (E-14)."""
    for line in lines:
        links = (tokens.read_unsubscribe(settings, token) for token in _LINK.findall(line))
        if (link := next(filter(None, links), None)) is not None:
            return link.message_id
        addresses = _ADDRESS.findall(line)
        if (found := _bounced(settings, addresses) or _unsubscribed(settings, addresses)) is not None:
            return found
    return None


def _claims_a_token(settings: Settings, lines: Iterable[str]) -> bool:
    """Tell whether an address is built like ours, or a link leads to our own page, without our signature."""
    mailbox, _, domain = settings.bounce_address.lower().rpartition("@")
    address = re.escape(mailbox) + r"\+\S*@" + re.escape(domain) if mailbox else r"(?!)"
    ours = re.compile(f"{address}|{re.escape(settings.public_url)}/u/", re.IGNORECASE)
    return any(ours.search(line) for line in lines)

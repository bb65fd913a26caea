"""The tokens of the public pages (E-05): opaque ids, signed, each good for one thing and for nothing else.

Their form is `v1.<kid>.<payload>.<signature>`, and the first byte of the payload says what the token is for.
Old keys keep verifying (B-04); the comparison takes the same time whatever is wrong (B-03).
"""

import base64
import binascii
from datetime import UTC, datetime
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from ritorno.kit import clock, crypto
from ritorno.kit.config import Settings

_VERSION = "v1"
_NOBODY = UUID(int=0)


class Use(Enum):
    """What a token opens: the purpose its key is derived for, and its mark in the payload."""

    UNSUBSCRIBE = ("unsubscribe", b"u")
    """The way out of one message; valid for ever."""
    CONFIRM = ("confirm", b"c")
    """The question whether an address is right."""
    CHOICES = ("preferences", b"p")
    """The person's own page, from a message to one of their addresses."""
    REQUEST = ("privacy-request", b"r")
    """A person's page of one request about their data; it works for seven days."""
    PAPER = ("preferences", b"q")
    """The same page from a printed code, which anybody may hold: it opens, and changes nothing."""


class Link(NamedTuple):
    """What a link says: which message carried it, to which address, of which person, and when it was written."""

    message_id: UUID
    contact_point_id: UUID
    customer_id: UUID
    issued_at: datetime
    use: Use = Use.UNSUBSCRIBE


def write(
    settings: Settings,
    use: Use,
    message_id: UUID,
    contact_point_id: UUID,
    customer_id: UUID,
    *,
    issued_at: datetime | None = None,
) -> str:
    """Return the token for a link in one message to one address; one that follows from another keeps its age."""
    purpose, mark = use.value
    issued = int((issued_at or clock.now()).timestamp()).to_bytes(4)
    payload = mark + message_id.bytes + contact_point_id.bytes + customer_id.bytes + issued
    kid, signature = crypto.sign(settings, purpose, payload)
    return f"{_VERSION}.{kid}.{_text(payload)}.{_text(signature)}"


def write_for_paper(settings: Settings, customer_id: UUID) -> str:
    """Return the token behind the code on a printed page: it came to no address."""
    return write(settings, Use.PAPER, _NOBODY, _NOBODY, customer_id)


_LENGTH = 1 + 16 * 3 + 4


def read(settings: Settings, token: str, *uses: Use) -> Link | None:
    """Return what a genuine token says, None for anything else: foreign, edited, truncated or for another use.

    The uses asked for together share the key of the first.
    """
    parts = token.split(".")
    if len(parts) != 4 or parts[0] != _VERSION:
        return None
    try:
        payload, signature = _bytes(parts[2]), _bytes(parts[3])
    except (binascii.Error, ValueError):
        return None
    if not crypto.verify(settings, uses[0].value[0], parts[1], payload, signature):
        return None
    use = next((each for each in uses if payload[:1] == each.value[1]), None)
    if use is None or len(payload) != _LENGTH:
        return None
    ids = [UUID(bytes=payload[start : start + 16]) for start in (1, 17, 33)]
    return Link(ids[0], ids[1], ids[2], datetime.fromtimestamp(int.from_bytes(payload[49:]), UTC), use)


def unsubscribe_token(settings: Settings, message_id: UUID, contact_point_id: UUID, customer_id: UUID) -> str:
    """Return the token that stands in the link and the List-Unsubscribe header of one message."""
    return write(settings, Use.UNSUBSCRIBE, message_id, contact_point_id, customer_id)


def read_unsubscribe(settings: Settings, token: str) -> Link | None:
    """Return what a genuine unsubscribe token says."""
    return read(settings, token, Use.UNSUBSCRIBE)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(value: str) -> bytes:
    return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)

"""The unsubscribe token of a message (E-05): opaque ids, valid for ever, good for nothing else.

Its form is `v1.<kid>.<payload>.<signature>`.
Old keys keep verifying (B-04); the comparison takes the same time whatever is wrong (B-03).
"""

import base64
import binascii
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from ritorno.kit import clock, crypto
from ritorno.kit.config import Settings

_VERSION = "v1"
_PURPOSE = "unsubscribe"
_SCOPE = b"u"
_LENGTH = 1 + 16 * 3 + 4


class Unsubscribe(NamedTuple):
    """What an unsubscribe link says: which message, to which address, of which person, and when it was written."""

    message_id: UUID
    contact_point_id: UUID
    customer_id: UUID
    issued_at: datetime


def unsubscribe_token(settings: Settings, message_id: UUID, contact_point_id: UUID, customer_id: UUID) -> str:
    """Return the token that stands in the link and the List-Unsubscribe header of one message."""
    issued = int(clock.now().timestamp()).to_bytes(4)
    payload = _SCOPE + message_id.bytes + contact_point_id.bytes + customer_id.bytes + issued
    kid, signature = crypto.sign(settings, _PURPOSE, payload)
    return f"{_VERSION}.{kid}.{_text(payload)}.{_text(signature)}"


def read_unsubscribe(settings: Settings, token: str) -> Unsubscribe | None:
    """Return what a genuine token says, None for anything else: foreign, edited, truncated or of another kind."""
    parts = token.split(".")
    if len(parts) != 4 or parts[0] != _VERSION:
        return None
    try:
        payload, signature = _bytes(parts[2]), _bytes(parts[3])
    except (binascii.Error, ValueError):
        return None
    if not crypto.verify(settings, _PURPOSE, parts[1], payload, signature):
        return None
    if len(payload) != _LENGTH or payload[:1] != _SCOPE:
        return None
    ids = [UUID(bytes=payload[start : start + 16]) for start in (1, 17, 33)]
    return Unsubscribe(ids[0], ids[1], ids[2], datetime.fromtimestamp(int.from_bytes(payload[49:]), UTC))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(value: str) -> bytes:
    return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)

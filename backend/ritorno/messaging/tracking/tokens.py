"""The short signed names of a link and of a picture in one message (E-21, E-22).

Thirty-six characters that say nothing: the message's id, the link's place and ten bytes of their HMAC. Where a link
leads is no part of it. Old keys keep reading, so an old mail keeps working (B-04).
"""

import base64
import binascii
import hmac
from typing import NamedTuple
from uuid import UUID

from ritorno.kit import crypto
from ritorno.kit.config import Settings
from ritorno.messaging.tracking.rules import EventKind

MOST_LINKS = 255
_PICTURE = 255
"""Stands in the place of the link's index."""
_SIGNATURE = 10
_LENGTH = 16 + 1 + _SIGNATURE


class Seen(NamedTuple):
    """What a genuine token names."""

    message_id: UUID
    link_index: int


def click_token(settings: Settings, message_id: UUID, link_index: int) -> str:
    return _write(settings, EventKind.CLICK, message_id, link_index)


def open_token(settings: Settings, message_id: UUID) -> str:
    return _write(settings, EventKind.OPEN, message_id, _PICTURE)


def read(settings: Settings, kind: EventKind, token: str) -> Seen | None:
    """Return what a genuine token names; None for one that is forged, altered, cut or for the other use."""
    try:
        told = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(told) != _LENGTH:
        return None
    payload, signature = told[:-_SIGNATURE], told[-_SIGNATURE:]
    known = crypto.hmac_hashes(settings, _purpose(kind), payload.hex()).values()
    if not any(hmac.compare_digest(digest[:_SIGNATURE], signature) for digest in known):
        return None
    return Seen(UUID(bytes=payload[:16]), payload[16])


def _write(settings: Settings, kind: EventKind, message_id: UUID, link_index: int) -> str:
    payload = message_id.bytes + link_index.to_bytes()
    _, digest = crypto.hmac_hash(settings, _purpose(kind), payload.hex())
    return base64.urlsafe_b64encode(payload + digest[:_SIGNATURE]).decode()


def _purpose(kind: EventKind) -> str:
    return f"measured-{kind}"

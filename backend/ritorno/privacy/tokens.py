"""The token of a person's link to their request: which request, over which stored address, when it was written (E-05).

Whoever can read that address can press there for seven days, and only there; nothing in the link says who it is.
"""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from ritorno.kit import clock, crypto
from ritorno.kit.config import Settings
from ritorno.privacy.rules import LINK_DAYS

_PURPOSE = "privacy-request"
_VERSION = "v1"
_LENGTH = 16 * 2 + 4


class RequestLink(NamedTuple):
    request_id: UUID
    contact_point_id: UUID
    issued_at: datetime


def request_token(settings: Settings, request_id: UUID, contact_point_id: UUID) -> str:
    """Return the token that stands in a link."""
    payload = request_id.bytes + contact_point_id.bytes + int(clock.now().timestamp()).to_bytes(4)
    kid, signature = crypto.sign(settings, _PURPOSE, payload)
    return f"{_VERSION}.{kid}.{_text(payload)}.{_text(signature)}"


def read_request_token(settings: Settings, token: str) -> RequestLink | None:
    """Return what a genuine token of the last seven days says, None for anything else."""
    parts = token.split(".")
    if len(parts) != 4 or parts[0] != _VERSION:
        return None
    try:
        payload, signature = _bytes(parts[2]), _bytes(parts[3])
    except (binascii.Error, ValueError):
        return None
    if not crypto.verify(settings, _PURPOSE, parts[1], payload, signature) or len(payload) != _LENGTH:
        return None
    issued_at = datetime.fromtimestamp(int.from_bytes(payload[32:]), UTC)
    if clock.now() > issued_at + timedelta(days=LINK_DAYS):
        return None
    return RequestLink(UUID(bytes=payload[:16]), UUID(bytes=payload[16:32]), issued_at)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(value: str) -> bytes:
    return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)

"""The way out of a text, short enough to stand in one (M-06): a signed name of the number it was sent to.

Thirty-six characters that say nothing: the id of the contact point and eleven bytes of its HMAC. The link works while
the number is known, whatever became of the message; old keys keep reading (B-04).
"""

import base64
import binascii
import hmac
from uuid import UUID

from ritorno.kit import crypto
from ritorno.kit.config import Settings

PATH = "/s/"
_PURPOSE = "short-unsubscribe"
_SIGNATURE = 11
_LENGTH = 16 + _SIGNATURE


def short_unsubscribe(settings: Settings, contact_point_id: UUID) -> str:
    """Return the address in a text where its reader says that this is enough."""
    _, digest = crypto.hmac_hash(settings, _PURPOSE, contact_point_id.hex)
    name = base64.urlsafe_b64encode(contact_point_id.bytes + digest[:_SIGNATURE]).decode()
    return f"{settings.public_url}{PATH}{name}"


def like_a_short_link(public_url: str) -> str:
    """Return words as long as any such address, to measure a text by before it has one."""
    return f"{public_url}{PATH}{'x' * (_LENGTH * 4 // 3)}"


def read_short(settings: Settings, name: str) -> UUID | None:
    """Return the contact point a genuine name stands for; None for one that is forged, altered or cut (B-03)."""
    try:
        told = base64.b64decode(name, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(told) != _LENGTH:
        return None
    contact_point_id = UUID(bytes=told[:16])
    known = crypto.hmac_hashes(settings, _PURPOSE, contact_point_id.hex).values()
    is_genuine = any(hmac.compare_digest(digest[:_SIGNATURE], told[16:]) for digest in known)
    return contact_point_id if is_genuine else None

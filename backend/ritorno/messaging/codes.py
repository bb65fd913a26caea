"""The six digits of a text (C-12): made from the installation's key and the message's id, and kept nowhere."""

import hmac
from uuid import UUID

from ritorno.kit import crypto
from ritorno.kit.config import Settings


def code_of(settings: Settings, message_id: UUID) -> str:
    """Return the code one text carries."""
    return _digits(crypto.hmac_hash(settings, _PURPOSE, str(message_id))[1])


def is_code_of(settings: Settings, message_id: UUID, code: str) -> bool:
    """Tell whether this is the code of that text, under any key still known: a rotation in between spoils none."""
    known = crypto.hmac_hashes(settings, _PURPOSE, str(message_id)).values()
    return any(hmac.compare_digest(_digits(digest), code) for digest in known)


_PURPOSE = "confirmation-code"


def _digits(digest: bytes) -> str:
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"

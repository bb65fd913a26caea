"""Addresses that name one message: where it bounces to (E-10) and the mailbox that unsubscribes from it (E-01).

`bounces+TOKEN@…`: the message's id and ten bytes of its HMAC in base32, because a mail server may fold case and a local
part ends at 64 characters. Who a returned mail is about is read from this token alone, never from its body; without
`RITORNO_BOUNCE_ADDRESS` no such address exists. Each use has its own key, and old keys keep reading (B-04).
"""

import base64
import hmac
from uuid import UUID

from ritorno.kit import crypto
from ritorno.kit.config import Settings

_RETURN, _UNSUBSCRIBE = "envelope-return", "envelope-unsubscribe"
_MARK = "u-"
"""Before the token of an unsubscribe address; no character of base32."""
_LENGTH = 42
LONGEST_MAILBOX = 64 - len("+") - len(_MARK) - _LENGTH
"""What the local part of the bounce address may have, so that every address made from it is one."""


def envelope_sender(settings: Settings, message_id: UUID, default: str) -> str:
    """Return who the envelope of a mail says it is from."""
    return _address(settings, "", _RETURN, message_id) or default


def read_envelope(settings: Settings, address: str) -> UUID | None:
    """Return the message whose envelope carried this address, None for anything we did not write."""
    return _read(settings, "", _RETURN, address)


def mailto_unsubscribe(settings: Settings, message_id: UUID) -> str | None:
    """Return the address to which an empty mail unsubscribes, None where nobody would read it."""
    return _address(settings, _MARK, _UNSUBSCRIBE, message_id)


def read_mailto_unsubscribe(settings: Settings, address: str) -> UUID | None:
    """Return the message from which a mail to this address unsubscribes, None for anything we did not write."""
    return _read(settings, _MARK, _UNSUBSCRIBE, address)


def _address(settings: Settings, mark: str, purpose: str, message_id: UUID) -> str | None:
    mailbox, _, domain = settings.bounce_address.rpartition("@")
    if not mailbox:
        return None
    _, digest = crypto.hmac_hash(settings, purpose, message_id.hex)
    return f"{mailbox}+{mark}{_token(message_id, digest)}@{domain}"


def _read(settings: Settings, mark: str, purpose: str, address: str) -> UUID | None:
    local = address.strip(" <>").rpartition("@")[0]
    marked = local.rpartition("+")[2].lower()
    token = marked.removeprefix(mark)
    if not marked.startswith(mark) or len(token) != _LENGTH or not token.isascii():
        return None
    try:
        message_id = UUID(bytes=base64.b32decode(token.upper() + "=" * 6)[:16])
    except ValueError:
        return None
    known = crypto.hmac_hashes(settings, purpose, message_id.hex).values()
    return message_id if any(hmac.compare_digest(_token(message_id, digest), token) for digest in known) else None


def _token(message_id: UUID, digest: bytes) -> str:
    return base64.b32encode(message_id.bytes + digest[:10]).decode()[:_LENGTH].lower()

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
_ID, _SIGNATURE = 26, 16
LONGEST_MAILBOX = 64 - len("+") - len(_MARK) - _ID - _SIGNATURE
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
    name = _text(message_id.bytes)
    _, digest = crypto.hmac_hash(settings, purpose, name)
    return f"{mailbox}+{mark}{name}{_text(digest[:10])}@{domain}"


def _read(settings: Settings, mark: str, purpose: str, address: str) -> UUID | None:
    local = address.strip(" <>").rpartition("@")[0]
    marked = local.rpartition("+")[2].lower()
    if not marked.isascii() or not marked.startswith(mark) or len(marked) != len(mark) + _ID + _SIGNATURE:
        return None
    name, signature = marked[len(mark) :][:_ID], marked[-_SIGNATURE:]
    known = crypto.hmac_hashes(settings, purpose, name).values()
    if not any(hmac.compare_digest(_text(digest[:10]), signature) for digest in known):
        return None
    return UUID(bytes=base64.b32decode(name.upper() + "=" * 6))


def _text(value: bytes) -> str:
    return base64.b32encode(value).decode().rstrip("=").lower()

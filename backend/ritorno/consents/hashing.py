"""Keyed hashes of addresses, for the do-not-contact list (C-25): found again by whoever has the key, never read back.

The keys are set once at start, like the key of page cursors. Without them no hash can be compared, and where any
address is suppressed the gate then refuses everybody (D-04).
"""

import hmac
from typing import NamedTuple

from ritorno.consents.rules import Channel
from ritorno.kit import crypto
from ritorno.kit.config import Settings

_PURPOSE = "suppression"


class Pepper(NamedTuple):
    """One key with the name under which its hashes are stored."""

    kid: str
    key: bytes


_peppers: tuple[Pepper, ...] = ()


def set_peppers(settings: Settings) -> None:
    """Derive the hashing keys of this installation, the current one first; old ones still find what they hashed."""
    global _peppers
    _peppers = tuple(Pepper(key.kid, crypto.derive(key, _PURPOSE)) for key in crypto.keys(settings))


def has_peppers() -> bool:
    """Tell whether addresses can be hashed at all."""
    return bool(_peppers)


def hash_address(channel: Channel, match_key: str) -> tuple[str, bytes]:
    """Return the key's name and the hash to store for an address."""
    if not _peppers:
        raise RuntimeError("the hashing keys were not set at start")
    return _peppers[0].kid, _hash(_peppers[0], channel, match_key)


def every_hash(channel: Channel, match_key: str) -> list[bytes]:
    """Return the hash under every key still known."""
    return [_hash(pepper, channel, match_key) for pepper in _peppers]


def _hash(pepper: Pepper, channel: Channel, match_key: str) -> bytes:
    return hmac.digest(pepper.key, f"{channel}:{match_key}".encode(), "sha256")

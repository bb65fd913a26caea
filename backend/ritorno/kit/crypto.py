"""Keys, signatures, keyed hashes and sealed values, all derived from the installation's secret (RULES E-05, C-25,
S-15).
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ritorno.kit.config import Settings


@dataclass(frozen=True, slots=True)
class Key:
    """A secret with the short public name that says which one signed."""

    kid: str
    secret: bytes


def keys(settings: Settings) -> list[Key]:
    """Return the signing key first, then those that may only verify."""
    return list(_keys(settings.secret_key.get_secret_value(), settings.old_secret_keys.get_secret_value()))


@lru_cache(maxsize=16)
def _keys(current: str, listed: str) -> tuple[Key, ...]:
    if len(current) < 16:
        raise ValueError("RITORNO_SECRET_KEY must have at least 16 characters")
    old = [value.strip() for value in listed.split(",") if value.strip()]
    return tuple(
        Key(hashlib.sha256(b"kid:" + value.encode()).hexdigest()[:8], value.encode()) for value in [current, *old]
    )


@lru_cache(maxsize=256)
def derive(key: Key, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, so that no two uses share a key; a mail signs four links, so they are kept."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.secret)


def sign(settings: Settings, purpose: str, message: bytes) -> tuple[str, bytes]:
    """Return the key's name and the HMAC-SHA-256 of a message."""
    key = keys(settings)[0]
    return key.kid, hmac.digest(derive(key, purpose), message, "sha256")


def verify(settings: Settings, purpose: str, kid: str, message: bytes, signature: bytes) -> bool:
    """Tell, in constant time, whether one of our keys made this signature."""
    return any(
        hmac.compare_digest(hmac.digest(derive(key, purpose), message, "sha256"), signature)
        for key in keys(settings)
        if hmac.compare_digest(key.kid, kid)
    )


def hmac_hash(settings: Settings, purpose: str, value: str) -> tuple[str, bytes]:
    """Return the key's name and the keyed hash of a value that must be found again but never read back (C-25)."""
    return sign(settings, purpose, value.encode())


def hmac_hashes(settings: Settings, purpose: str, value: str) -> dict[str, bytes]:
    """Return the hash under every key still known, because an erased value cannot be hashed again (C-25)."""
    return {key.kid: hmac.digest(derive(key, purpose), value.encode(), "sha256") for key in keys(settings)}


def seal(settings: Settings, purpose: str, value: str) -> str:
    """Return a value encrypted and authenticated, for secrets we must read back (S-15)."""
    key = keys(settings)[0]
    return f"{key.kid}:{Fernet(base64.urlsafe_b64encode(derive(key, purpose))).encrypt(value.encode()).decode()}"


def open_sealed(settings: Settings, purpose: str, sealed: str) -> str:
    """Return the sealed value; ValueError when no key of ours opens it."""
    kid, _, body = sealed.partition(":")
    for key in keys(settings):
        if key.kid == kid:
            try:
                return Fernet(base64.urlsafe_b64encode(derive(key, purpose))).decrypt(body.encode()).decode()
            except InvalidToken:
                break
    raise ValueError("no key opens this value")


def random_token(prefix: str = "") -> str:
    """Return 256 random bits as URL-safe text, never derived from an id (S-09)."""
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return what is stored of a random token; a plain digest is enough for 256 random bits (S-09)."""
    return hashlib.sha256(token.encode()).digest()

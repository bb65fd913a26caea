"""DKIM (RFC 6376): who really wrote a mail, provable by a key in the DNS of its domain (E-01, E-07).

dkimpy folds, canonicalises and says what is hashed. The RSA step is done by `cryptography`: in pure Python it takes ten
milliseconds a mail, which is more than sending it.
"""

import asyncio
import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr

import dkim
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from dkim.canonicalization import CanonicalizationPolicy
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import crypto
from ritorno.kit.config import Settings
from ritorno.messaging.mime import Letter
from ritorno.messaging.models import Sender, SenderKey

BITS = 2048
_PURPOSE = "dkim-key"

SIGNED = (
    *(b"from", b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"list-id", b"auto-submitted"),
    *(b"list-unsubscribe", b"list-unsubscribe-post", b"mime-version", b"content-type"),
)
"""Named even where a mail lacks them, and From once more than it has, so that nobody can add one on the way."""


class UnfitKey(Exception):
    """A private key that cannot sign mail; the argument says why."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key in PEM, and its public half as the DNS publishes it."""

    private_pem: str
    public: str


def make_pair() -> Pair:
    """Return a new key: RSA, because some receivers still read nothing else."""
    return _pair(rsa.generate_private_key(public_exponent=65537, key_size=BITS))


def read_pair(pem: str) -> Pair:
    """Return the owner's key; UnfitKey unless it is RSA, long enough and without a password."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise UnfitKey("It is not a private key in PEM without a password.") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise UnfitKey("Only an RSA key is understood by all receivers.")
    if not BITS <= key.key_size <= 2 * BITS:
        raise UnfitKey(f"The key has {key.key_size} bits; it needs {BITS} to {2 * BITS}.")
    return _pair(key)


def _pair(key: rsa.RSAPrivateKey) -> Pair:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Pair(private.decode(), base64.b64encode(public).decode())


def seal(settings: Settings, pair: Pair) -> str:
    """Return the private half as it is kept (S-15)."""
    return crypto.seal(settings, _PURPOSE, pair.private_pem)


def record_name(key: SenderKey) -> str:
    """Return where the DNS publishes a key."""
    return f"{key.selector}._domainkey.{key.domain}"


def record_value(key: SenderKey) -> str:
    """Return what the DNS publishes of a key."""
    return f"v=DKIM1; k=rsa; p={key.public_key}"


# ── signing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def active_keys(session: AsyncSession) -> dict[str, SenderKey]:
    """Return the key that signs for each address."""
    statement = (
        select(Sender.address, SenderKey)
        .join(SenderKey, SenderKey.sender_id == Sender.id)
        .where(SenderKey.active_since.is_not(None), SenderKey.retired_at.is_(None))
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


class Signer:
    """The active keys of one batch, by the address they sign for."""

    def __init__(self, settings: Settings, keys: Mapping[str, SenderKey]) -> None:
        self._keys = {
            address: (
                key.domain.encode(),
                key.selector.encode(),
                _load(crypto.open_sealed(settings, _PURPOSE, key.private_key)),
            )
            for address, key in keys.items()
            if key.private_key is not None and is_for(key.domain, address)
        }

    async def sign(self, letters: Sequence[Letter], *, at: datetime) -> list[Letter]:
        """Return the mails signed, in a thread of their own; what has no key, and every other channel, as it is."""
        if not self._keys or not any(letter.channel == "EMAIL" for letter in letters):
            return list(letters)
        return await asyncio.to_thread(lambda: [self._signed(letter, at) for letter in letters])

    def _signed(self, letter: Letter, at: datetime) -> Letter:
        if letter.channel != "EMAIL":
            return letter
        head, _, body = letter.raw.partition(b"\r\n\r\n")
        headers, _ = dkim.rfc822_parse(head + b"\r\n")
        author = next((value for name, value in headers if name.lower() == b"from"), b"")
        found = self._keys.get(parseaddr(author.decode("ascii", "replace").strip())[1])
        if found is None:
            return letter
        return replace(letter, raw=_signature(headers, body, *found, at=at) + letter.raw)


def is_for(domain: str, address: str) -> bool:
    """Tell whether a key of this domain speaks for an address: of its own domain only, so that DMARC aligns."""
    return address.rpartition("@")[2].casefold() == domain.casefold()


def _load(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _signature(
    headers: Iterable[Sequence[bytes]],
    body: bytes,
    domain: bytes,
    selector: bytes,
    key: rsa.RSAPrivateKey,
    *,
    at: datetime,
) -> bytes:
    """Return the header that signs a mail."""
    policy = CanonicalizationPolicy.from_c_value(b"relaxed/simple")
    body_hash = base64.b64encode(hashlib.sha256(policy.canonicalize_body(body)).digest())
    fields = (
        *(b"v=1", b"a=rsa-sha256", b"c=relaxed/simple", b"d=" + domain, b"s=" + selector),
        *(b"t=%d" % at.timestamp(), b"h=" + b" : ".join(SIGNED), b"bh=" + body_hash, b"b="),
    )
    name = b"DKIM-Signature"
    value: bytes = b" " + dkim.fold(b"; ".join(fields), namelen=len(name))
    hashed = hashlib.sha256()
    dkim.hash_headers(hashed, policy, policy.canonicalize_headers(headers), SIGNED, (name, value), {})
    signature = base64.b64encode(key.sign(hashed.digest(), padding.PKCS1v15(), Prehashed(hashes.SHA256())))
    folded = b"\r\n ".join(signature[start : start + 70] for start in range(0, len(signature), 70))
    return name + b":" + value + b"\r\n " + folded + b"\r\n"

"""Argon2id with the OWASP parameters (RULES S-10) and the few passwords everybody tries first."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Verified against when the email is unknown, so that both refusals take as long.
_NOBODY = _HASHER.hash("nobody has this password")

_COMMON = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "password",
        "password1",
        "password123",
        "qwertyui",
        "qwerty123",
        "11111111",
        "00000000",
        "iloveyou",
        "juventus",
        "francesco",
        "alessandro",
        "ciaociao",
        "amoremio",
        "napoli1926",
        "forzanapoli",
        "forzajuve",
        "87654321",
        "abcd1234",
        "abc12345",
        "sunshine",
        "princess",
        "football",
        "welcome1",
        "letmein1",
        "administrator",
        "ritorno1",
        "ritorno123",
    ]
)


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether the password is right; takes as long when there is nobody to check against."""
    try:
        return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    return _HASHER.check_needs_rehash(password_hash)


def is_common(password: str, *, email: str) -> bool:
    """Tell whether a guesser would try it first: a known list, one character repeated, or the email itself."""
    folded = password.casefold()
    return folded in _COMMON or len(set(folded)) < 3 or folded in {email.casefold(), email.casefold().split("@")[0]}

"""Addresses and numbers brought to the one spelling they are matched by; a wrong one is refused with its reason, never
mended by a guess.

The parsers are libraries (libphonenumber, email-validator), which `rules.py` may not import; what they decide is B-11,
B-12, B-16, B-17 and M-01.
"""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from ritorno.customers.rules import fold_name

_NEVER_PEOPLE = {"noreply", "no-reply", "donotreply", "do-not-reply", "abuse", "postmaster", "mailer-daemon"}
_NEVER_RECIPIENTS = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PAGER,
    PhoneNumberType.VOICEMAIL,
}
_MOBILES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class Refused(ValueError):
    """A value that cannot be an address; `code` is stable, the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Email(NamedTuple):
    value: str
    match_key: str


class Phone(NamedTuple):
    e164: str
    is_mobile: bool


class Postal(NamedTuple):
    value: str
    match_key: str


def normalise_email(text: str) -> Email:
    """Return the address with its domain in lower case ASCII and its local part as written, and the key both spellings
    share (B-11).

    Refused: two @, no dot, too long, quoted local parts, control characters, letters a plain SMTP server cannot carry
    (B-12), and mailboxes
    that belong to nobody (B-13).
    """
    trimmed = text.strip(" \t").removesuffix(".")
    plain = _PLAIN_EMAIL.fullmatch(trimmed)
    if plain and len(trimmed) <= 254 and (domain := _plain_domain(plain[2])):
        if plain[1].casefold() in _NEVER_PEOPLE:
            raise Refused("no-person-email", "is a mailbox nobody reads")
        value = f"{plain[1]}@{domain}"
        return Email(value, value.casefold())
    try:
        parsed = validate_email(trimmed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused("bad-email", "is not an email address") from error
    if parsed.local_part.casefold() in _NEVER_PEOPLE:
        raise Refused("no-person-email", "is a mailbox nobody reads")
    value = f"{parsed.local_part}@{parsed.ascii_domain.lower()}"
    return Email(value, value.casefold())


_PLAIN_EMAIL = re.compile(r"([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@([A-Za-z0-9.-]+)", re.ASCII)


@lru_cache(maxsize=50_000)
def _plain_domain(domain: str) -> str | None:
    """Return a domain as the library writes it, or None where it has something to say.

    It is asked once for each: a file holds a million addresses of a hundred domains.
    """
    try:
        return validate_email(f"a@{domain}", check_deliverability=False, allow_smtputf8=False).ascii_domain.lower()
    except EmailNotValidError:
        return None


def normalise_phone(text: str, country: str = "IT") -> Phone:
    """Return the number in E.164 (M-01); a number without prefix is read as one of the stated country, never of a
    guessed one (B-16).

    Refused: letters, impossible numbers, short codes and numbers that charge whoever is called (B-17).
    """
    if country == "IT":
        digits = text.translate(_SPACING)
        national = digits[3:] if digits[:3] == "+39" else digits[4:] if digits[:4] == "0039" else digits
        if _italian_mobile().fullmatch(national):
            return Phone(f"+39{national}", True)
    return _parse_phone(text, country)


_SPACING = str.maketrans("", "", " .-/")


@lru_cache(maxsize=1)
def _italian_mobile() -> re.Pattern[str]:
    """Return the library's own pattern of Italian mobiles, the numbers a file has a million of."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region("IT")
    assert metadata is not None
    assert metadata.mobile is not None
    return re.compile(str(metadata.mobile.national_number_pattern), re.ASCII)


@lru_cache(maxsize=20_000)
def _parse_phone(text: str, country: str) -> Phone:
    if any(mark.isalpha() for mark in text):
        raise Refused("bad-phone", "is not a phone number")
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise Refused("bad-phone", "is not a phone number") from error
    if not phonenumbers.is_valid_number(parsed):
        raise Refused("bad-phone", f"is not a number that exists in {country} or with its own prefix")
    kind = phonenumbers.number_type(parsed)
    if kind in _NEVER_RECIPIENTS:
        raise Refused("premium-phone", "is a number that charges whoever calls it")
    return Phone(phonenumbers.format_number(parsed, PhoneNumberFormat.E164), kind in _MOBILES)


def display_phone(e164: str) -> str:
    """Return a number spaced as people read it."""
    return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)


def normalise_postal(address: dict[str, str | None]) -> Postal:
    """Return an address on one line and the key two spellings of it share."""
    town = " ".join(filter(None, (address.get("postal_code"), address.get("city"), address.get("province"))))
    value = ", ".join(filter(None, (address.get("street"), town, address.get("country"))))
    if not (address.get("street") and address.get("city")):
        raise Refused("bad-address", "needs at least a street and a town")
    return Postal(value, fold_name(value))


def normalise_card(text: str) -> str:
    """Return a card number without the blanks printed on it."""
    bare = "".join(text.split())
    if not bare or len(bare) > 64 or not (bare.isascii() and bare.isprintable()):
        raise Refused("bad-card", "is not a card number")
    return bare

"""From a stated body to the values that are stored: every address normalised, every refusal with the path of its
field.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, TypeVar

import orjson
from pydantic import ValidationError

from ritorno.customers.normalising import Refused, normalise_card, normalise_email, normalise_phone, normalise_postal
from ritorno.customers.rules import ContactKind
from ritorno.customers.schemas import Address, ContactPointWrite, CustomerBatchRow, CustomerWrite
from ritorno.kit.problems import FieldError, Invalid, field_errors

Value = TypeVar("Value")

_PLAIN = (
    "subject_type",
    "given_name",
    "family_name",
    "birth_on",
    "gender",
    "language",
    "country",
    "timezone",
    "acquisition_source",
    "first_contact_on",
    "spending_capacity",
)
_NEVER_NULL = {"subject_type", "language", "country", "is_minor_flagged"}


@dataclass(frozen=True, slots=True)
class Contact:
    """An address ready to be stored."""

    kind: ContactKind
    value: str
    match_key: str
    raw: str | None = None
    is_mobile: bool | None = None
    address: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What a body states of a person; a kind of contact mapped to None is taken back, an absent one is left alone."""

    columns: dict[str, Any]
    contacts: dict[ContactKind, Contact | None] = field(default_factory=dict)
    cards: tuple[str, ...] = ()
    tags: frozenset[str] | None = None
    interests: frozenset[str] | None = None
    home_store: str | None = None
    states_home_store: bool = False
    digest: int = 0


def read_row(body: Any) -> CustomerBatchRow:
    """Return one row of a batch; Invalid when it is not one."""
    try:
        return CustomerBatchRow.model_validate(body)
    except ValidationError as error:
        raise Invalid(errors=field_errors(error.errors())) from error


def prepare(body: CustomerWrite, country: str) -> Card:
    """Return the values of a body; `country` reads phone numbers without a prefix. Invalid names every field that
    cannot be.
    """
    stated = body.model_fields_set
    columns = {name: getattr(body, name) for name in _PLAIN if name in stated}
    if "is_minor" in stated:
        columns["is_minor_flagged"] = bool(body.is_minor)
    for name in _NEVER_NULL & columns.keys():
        if columns[name] is None:
            del columns[name]
    errors: list[FieldError] = []
    region = body.country or country
    contacts: dict[ContactKind, Contact | None] = {}
    if "email" in stated:
        contacts[ContactKind.EMAIL] = _try(errors, "email", lambda: email_contact(body.email or ""), given=body.email)
    if "phone" in stated:
        contacts[ContactKind.PHONE] = _try(
            errors, "phone", lambda: phone_contact(body.phone or "", region), given=body.phone
        )
    if "address" in stated:
        contacts[ContactKind.POSTAL] = _try(errors, "address", lambda: postal_contact(body.address), given=body.address)
    cards = [
        _try(errors, f"cards.{number}", lambda card=card: normalise_card(card), given=card)  # type: ignore[misc]
        for number, card in enumerate(body.cards or [])
    ]
    if errors:
        raise Invalid(errors=errors)
    return Card(
        columns=columns,
        contacts=contacts,
        cards=tuple(dict.fromkeys(card for card in cards if card)),
        tags=frozenset(body.tags or ()) if "tags" in stated else None,
        interests=frozenset(body.interests or ()) if "interests" in stated else None,
        home_store=body.home_store,
        states_home_store="home_store" in stated,
        digest=digest_of(body),
    )


def digest_of(body: CustomerWrite) -> int:
    """Return 64 bits that tell a repeated body from a changed one."""
    canonical = orjson.dumps(body.model_dump(mode="json", exclude_unset=True), option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(blake2b(canonical, digest_size=8).digest(), signed=True)


def contact_of(body: ContactPointWrite, country: str) -> Contact:
    """Return the contact point staff add by hand."""
    errors: list[FieldError] = []
    given: object = body.address if body.kind is ContactKind.POSTAL else body.value
    path = "address" if body.kind is ContactKind.POSTAL else "value"
    if not given:
        raise Invalid(errors=[FieldError(path, "missing", "is required for this kind")])
    readers: dict[ContactKind, Callable[[], Contact]] = {
        ContactKind.EMAIL: lambda: email_contact(body.value or ""),
        ContactKind.PHONE: lambda: phone_contact(body.value or "", country),
        ContactKind.POSTAL: lambda: postal_contact(body.address),
    }
    found = _try(errors, path, readers[body.kind], given=given)
    if found is None:
        raise Invalid(errors=errors)
    return found


def email_contact(text: str) -> Contact:
    email = normalise_email(text)
    return Contact(ContactKind.EMAIL, email.value, email.match_key, raw=text if text != email.value else None)


def phone_contact(text: str, country: str) -> Contact:
    phone = normalise_phone(text, country)
    raw = text if text != phone.e164 else None
    return Contact(ContactKind.PHONE, phone.e164, phone.e164, raw=raw, is_mobile=phone.is_mobile)


def postal_contact(address: Address | None) -> Contact:
    parts = address.model_dump(exclude_none=True) if address else {}
    postal = normalise_postal(parts)
    return Contact(ContactKind.POSTAL, postal.value, postal.match_key, address=parts)


def _try(errors: list[FieldError], path: str, read: Callable[[], Value], *, given: object) -> Value | None:
    """Return the value read, None where none was given, or note the refusal under its path."""
    if not given:
        return None
    try:
        return read()
    except Refused as refused:
        errors.append(FieldError(path, refused.code, str(refused)))
        return None
